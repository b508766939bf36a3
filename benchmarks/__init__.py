"""What scoring costs beside the ways people would otherwise do it; `make bench` runs it."""
