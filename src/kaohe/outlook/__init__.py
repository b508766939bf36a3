"""Where a unit stands: pace, gaps, lights, points."""
