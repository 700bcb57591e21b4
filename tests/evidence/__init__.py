"""What everything that can be added has to prove, and what to fix if it can't."""
