"""The ingestion job: a folder of documents becomes a new generation of the index."""
