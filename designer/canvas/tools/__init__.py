"""One gesture per module."""
