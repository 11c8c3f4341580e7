"""One small editor per kind of property."""
