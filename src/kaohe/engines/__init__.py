"""SQL engines: the only place that imports a database engine."""
