"""The job beside LangChain's indexing API, over the same folder with the same embedding model.

    pip install -e '.[peers]'
    python -m benchmarks.ingesting_langchain WORKDIR [--files 1000]

Ours is `python -m ingest`. Theirs is what LangChain's page "How to use the LangChain indexing API" builds: files are
loaded, cut by RecursiveCharacterTextSplitter to 1,000 characters with an overlap of 200, and given to `index` with
an SQLRecordManager, Chroma and `cleanup="full"`, by which it forgets what is gone. Each run is a process of its own,
on the embedding engine of this project, so that what differs is what is done and not how fast a passage is embedded.
Ours also makes a vector of each sentence, of the same pass, and keeps a keyword index. WORKDIR is emptied first."""

from __future__ import annotations

import argparse
import json
import resource
import shutil
import subprocess
import sys
import time
from pathlib import Path

from assistant.embedding import BUNDLED
from benchmarks.ingesting import write
from benchmarks.stand_in import environment, whole

CHUNK, OVERLAP = 1000, 200


def theirs(root: Path) -> None:
    """One run; prints what it did."""
    from langchain_chroma import Chroma
    from langchain_classic.indexes import SQLRecordManager
    from langchain_core.documents import Document
    from langchain_core.embeddings import Embeddings
    from langchain_core.indexing import index
    from langchain_text_splitters import RecursiveCharacterTextSplitter

    from assistant.embedding.network import Network
    from assistant.embedding.tokens import Tokenizer

    class Same(Embeddings):
        """The bundled model; opened when it is first needed, which is kind to it."""

        embedded = 0
        network: Network | None = None
        tokenizer = Tokenizer()

        def embed_documents(self, texts: list[str]) -> list[list[float]]:
            self.network = self.network or Network(BUNDLED)
            self.embedded += len(texts)
            tokens = [self.tokenizer.encode(f"passage: {text}", self.network.limit)[0] for text in texts]
            means = {number: states.mean(axis=0) for number, states in self.network.states(tokens)}
            return [means[number].tolist() for number in range(len(texts))]

        def embed_query(self, text: str) -> list[float]:
            raise NotImplementedError

    model = Same()
    place = root / "langchain"
    place.mkdir(exist_ok=True)
    store = Chroma("corpus", model, persist_directory=str(place / "chroma"))
    records = SQLRecordManager("chroma/corpus", db_url=f"sqlite:///{place / 'records.sqlite'}")
    records.create_schema()
    splitter = RecursiveCharacterTextSplitter(chunk_size=CHUNK, chunk_overlap=OVERLAP, add_start_index=True)
    files = sorted((root / "corpus").rglob("*.md"))
    loaded = [Document(file.read_text(encoding="utf-8"), metadata={"source": str(file)}) for file in files]
    done = index(
        splitter.split_documents(loaded), records, store, cleanup="full", source_id_key="source", key_encoder="sha256"
    )
    peak = round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000)
    print(json.dumps({"embedded": model.embedded, "megabytes": peak, **done}))


def their_run(root: Path) -> tuple[float, dict[str, int]]:
    """Seconds, with the interpreter's start, and what the run printed."""
    started = time.perf_counter()
    command = [sys.executable, "-m", "benchmarks.ingesting_langchain", str(root), "--theirs"]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
    seconds = time.perf_counter() - started
    result: dict[str, int] = json.loads(done.stdout.splitlines()[-1])
    return seconds, result


def compare(root: Path, files: int) -> None:
    for number in range(files):
        write(root, number, 0)
    print("| run | ours | | | LangChain | | |")
    print("|---|---|---|---|---|---|---|")
    print("| | seconds | passages embedded | MB | seconds | passages embedded | MB |")
    for name in ("full", "unchanged", "one changed"):
        if name == "one changed":
            write(root, files // 2, 1)
        seconds, ours = whole(environment(root, BUNDLED))
        theirs_took, their = their_run(root)
        cells = [seconds, ours["embedded"], ours["megabytes"], theirs_took, their["embedded"], their["megabytes"]]
        print(f"| {name} | {' | '.join(f'{cell:.1f}' if isinstance(cell, float) else str(cell) for cell in cells)} |")


def main() -> None:
    parser = argparse.ArgumentParser(description="The job beside LangChain's indexing API.")
    parser.add_argument("root", metavar="WORKDIR", type=Path)
    parser.add_argument("--files", type=int, default=1000)
    parser.add_argument("--theirs", action="store_true", help="one run of LangChain's, over what lies there")
    given = parser.parse_args()
    if given.theirs:
        theirs(given.root)
        return
    for part in ("corpus", "data", "langchain"):
        shutil.rmtree(given.root / part, ignore_errors=True)
    compare(given.root, given.files)


if __name__ == "__main__":
    main()
