"""One module a file format: bytes → extracted text with what the format tells of its structure."""
