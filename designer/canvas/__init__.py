"""The drawing of a flow, and the gestures that change it."""
