"""Reporting units, indicators, observations, targets, events and marks; tables in and out."""
