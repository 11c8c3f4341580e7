"""One dock per module."""
