"""The version, in the one place that decides it."""

__version__ = "0.5.0"
