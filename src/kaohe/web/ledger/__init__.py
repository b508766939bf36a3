"""Reporting units, indicators, targets and observations: entry, return, verification."""
