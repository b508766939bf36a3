"""Loads the demo town and county into a data folder: 36 months, people of every role, work to do today."""
