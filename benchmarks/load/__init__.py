"""Load: two hundred people at work on twelve towns, two hundred indicators and three years of months."""
