"""My desk, the board, the pages of an indicator and of a unit."""
