"""Template tags: figures, chips and periods as every page shows them."""
