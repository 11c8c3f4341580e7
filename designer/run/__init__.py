"""A live run: the engine's lifetime, its events and its snapshots."""
