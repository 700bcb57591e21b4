"""Reading what users pass, examples and points, and saying which extra is missing."""
