"""A protected table of evidence files, for the benchmark."""
