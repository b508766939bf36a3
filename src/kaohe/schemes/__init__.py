"""The scheme language: model, loading, lint, read-back."""
