"""What is drawn: one class per kind of thing."""
