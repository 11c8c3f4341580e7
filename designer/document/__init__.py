"""What is open: the flow as frozen records behind one mutation API."""
