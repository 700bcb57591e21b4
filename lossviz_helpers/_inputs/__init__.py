"""Reading what users pass: examples and points."""
