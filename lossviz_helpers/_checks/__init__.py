"""What is required of a model and its loss before a landscape is trusted."""
