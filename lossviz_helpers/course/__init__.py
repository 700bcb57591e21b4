"""What only the chapters need: exercises, explorers and the settings that they share."""
