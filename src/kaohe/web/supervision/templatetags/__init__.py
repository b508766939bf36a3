"""Marks of targets and tasks in templates."""
