"""Evaluating the losses of many points: what makes a landscape fast."""
