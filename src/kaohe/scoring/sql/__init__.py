"""A bound scheme as SQL: layered SELECTs with an error bound, run on an engine, settled by the oracle."""
