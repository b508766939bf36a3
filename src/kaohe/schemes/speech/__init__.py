"""The scheme language in Chinese words: expressions, steps, nodes."""
