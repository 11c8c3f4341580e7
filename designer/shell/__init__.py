"""The window: it assembles, and carries ids between its parts."""
