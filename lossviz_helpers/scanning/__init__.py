"""Scans: the landscape on a slice, evaluated in chunks, each chunk once."""

from .plans import Plan, plan
from .scans import ScanInterrupted, scan

__all__ = ["Plan", "ScanInterrupted", "plan", "scan"]
