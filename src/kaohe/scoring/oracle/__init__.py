"""The oracle: scores worked out in plain Python, exactly, a column of units at a time."""
