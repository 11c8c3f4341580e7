"""What the system gives: loop, settings, theme, files, trust."""
