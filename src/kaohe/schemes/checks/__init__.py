"""The checks of lint, one module a subject; each takes a scheme and yields findings."""
