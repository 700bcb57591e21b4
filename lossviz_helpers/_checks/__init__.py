"""What is asked of a model and its loss before a landscape is trusted."""
