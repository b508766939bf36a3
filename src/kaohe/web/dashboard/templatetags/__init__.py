"""Template tags of the board: the library's own marks as markup."""
