"""The few questions that need a dialog."""
