"""Scheme and facts to scores with their working."""
