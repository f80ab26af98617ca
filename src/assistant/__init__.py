"""Answers questions about a folder of documents, every sentence tied to an exact place in one of them."""
