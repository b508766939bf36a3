"""People, posts and what a post may do."""
