"""Tasks against gaps, adjustments of targets, reminders."""
