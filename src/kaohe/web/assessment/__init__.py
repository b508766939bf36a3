"""Schemes and stored scoring runs."""
