"""Read what users pass in (examples and points), and say which extra is missing."""
