"""What one builds with LangChain, in processes of its own:

    python -m benchmarks.peers_langchain ingest CORPUS MODEL INDEX
    python -m benchmarks.peers_langchain ask CORPUS MODEL INDEX QUESTIONS.json FOUND.json PIPELINE

The pipeline of its RAG tutorial (docs.langchain.com, "Build a RAG agent"): text split recursively to 1,000
characters with an overlap of 200, one embedding, Chroma with its defaults, `similarity_search`. And the hybrid
that its page on better retrieval adds to that: BM25 over the same chunks, fused with the vectors by
reciprocal ranks (Cormack et al. 2009, k = 60), with the words as BM25Retriever cuts them by default, at
spaces, or as Norwegian stems, which is the best that is usual.

Of this project nothing is imported but `peers_found`: memory and time are LangChain's own."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from langchain_chroma import Chroma
from langchain_core.documents import Document
from langchain_core.embeddings import Embeddings
from langchain_core.retrievers import BaseRetriever
from langchain_text_splitters import RecursiveCharacterTextSplitter

from benchmarks.peers_found import LIMIT, Found, Place, Search, ask_all, save

if TYPE_CHECKING:
    from langchain_classic.retrievers import EnsembleRetriever

CHUNK, OVERLAP = 1000, 200
EQUAL = (0.5, 0.5)
K = 60


class SentenceTransformerEmbeddings(Embeddings):
    """As langchain-huggingface's HuggingFaceEmbeddings does it: line breaks become spaces, the rest is
    sentence-transformers by its defaults, with the model's own prompts. (That package does not go
    together with sentence-transformers 6 yet.)"""

    def __init__(self, folder: Path) -> None:
        from sentence_transformers import SentenceTransformer

        self._model = SentenceTransformer(str(folder), device="cpu", local_files_only=True)

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        vectors: list[list[float]] = self._model.encode_document([_one_line(text) for text in texts]).tolist()
        return vectors

    def embed_query(self, text: str) -> list[float]:
        vector: list[float] = self._model.encode_query(_one_line(text)).tolist()
        return vector


def _one_line(text: str) -> str:
    return text.replace("\n", " ")


# --- ingest -------------------------------------------------------------------------------------


def ingest(corpus: Path, model: Path, index: Path) -> int:
    """How many chunks there are."""
    splitter = RecursiveCharacterTextSplitter(chunk_size=CHUNK, chunk_overlap=OVERLAP, add_start_index=True)
    chunks = splitter.split_documents(read(corpus))
    # As `add_documents` on a new store, but in batches that Chroma takes.
    Chroma.from_documents(chunks, SentenceTransformerEmbeddings(model), persist_directory=str(index))
    return len(chunks)


def read(corpus: Path) -> list[Document]:
    return [
        Document(page_content=file.read_text(encoding="utf-8"), metadata={"source": file.name})
        for file in sorted(corpus.glob("*.txt"))
    ]


# --- ask ----------------------------------------------------------------------------------------


def ask(corpus: Path, model: Path, index: Path, questions: Path, result: Path, pipeline: str) -> None:
    store = Chroma(embedding_function=SentenceTransformerEmbeddings(model), persist_directory=str(index))
    asked = ask_all(_search(store, pipeline), json.loads(questions.read_text(encoding="utf-8")))
    texts = {document.metadata["source"]: document.page_content for document in read(corpus)}
    chunks = chunks_of(store)
    for chunk in chunks:
        source, start, end = place(chunk)
        if texts[source][start:end] != chunk.page_content:
            raise SystemExit(f"the chunk at {start} in {source} does not stand there")
    save(Found(asked, tuple(place(chunk) for chunk in chunks), texts), result)


def _search(store: Chroma, pipeline: str) -> Search:
    if pipeline == "tutorial":
        return lambda question: [place(chunk) for chunk in store.similarity_search(question, k=LIMIT)]
    keywords = _keywords(chunks_of(store), stemmed=pipeline == "hybrid-stems")
    vectors = store.as_retriever(search_kwargs={"k": LIMIT})
    both = fused(keywords, vectors)
    return lambda question: [place(chunk) for chunk in both.invoke(question)[:LIMIT]]


def fused(keywords: BaseRetriever, vectors: BaseRetriever) -> EnsembleRetriever:
    from langchain_classic.retrievers import EnsembleRetriever

    return EnsembleRetriever(retrievers=[keywords, vectors], weights=list(EQUAL), c=K)


def _keywords(chunks: Sequence[Document], stemmed: bool) -> BaseRetriever:
    """LangChain keeps no keyword index: BM25 is built from the chunks whenever the program starts."""
    from langchain_community.retrievers import BM25Retriever

    if not stemmed:
        as_it_is: BaseRetriever = BM25Retriever.from_documents(chunks, k=LIMIT)
        return as_it_is
    from snowballstemmer import stemmer

    norwegian = stemmer("norwegian")

    def stems(text: str) -> list[str]:
        words: list[str] = norwegian.stemWords(re.findall(r"\w+", text.lower()))
        return words

    with_stems: BaseRetriever = BM25Retriever.from_documents(chunks, k=LIMIT, preprocess_func=stems)
    return with_stems


def chunks_of(store: Chroma) -> list[Document]:
    """All that is in the store, in the order of the files."""
    kept = store.get(include=["documents", "metadatas"])
    chunks = [
        Document(page_content=text, metadata=metadata)
        for text, metadata in zip(kept["documents"], kept["metadatas"], strict=True)
    ]
    return sorted(chunks, key=place)


def place(chunk: Document) -> Place:
    start = chunk.metadata["start_index"]
    return Place(chunk.metadata["source"], start, start + len(chunk.page_content))


def main(arguments: Sequence[str]) -> None:
    match arguments:
        case "ingest", corpus, model, index:
            print(json.dumps({"passages": ingest(Path(corpus), Path(model), Path(index))}))
        case "ask", corpus, model, index, questions, result, pipeline:
            ask(Path(corpus), Path(model), Path(index), Path(questions), Path(result), pipeline)
        case _:
            raise SystemExit(__doc__)


if __name__ == "__main__":
    main(sys.argv[1:])
