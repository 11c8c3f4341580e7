"""``python -m flexiflow``."""

from flexiflow.cli import main

if __name__ == "__main__":
    main()
