"""Scans: the landscape on a slice, evaluated in chunks, each chunk once."""

from .plans import Plan, plan
from .scans import ScanInterrupted, scan
from .windows import Window, suggest_window

__all__ = ["Plan", "ScanInterrupted", "Window", "plan", "scan", "suggest_window"]
