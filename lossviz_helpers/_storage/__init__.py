"""Storing results: archives of arrays, and fingerprints of what made them."""
