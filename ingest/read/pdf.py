from ingest.read.extract import Extract
def read(data: bytes, path: str) -> Extract:
    raise NotImplementedError
