"""Evaluating the loss at many points: what makes scanning a landscape fast."""
