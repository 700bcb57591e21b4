"""What only the chapters need: exercises and explorers."""
