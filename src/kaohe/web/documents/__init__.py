"""Papers out and evidence."""
