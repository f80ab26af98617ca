"""The job on a Ray cluster: the same index as without, whatever becomes of the workers."""

from __future__ import annotations

import importlib.util
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from types import ModuleType, SimpleNamespace

import numpy as np
import pytest

from assistant.embedding import BUNDLED, Floats
from assistant.errors import ClusterDiffers, ClusterUnavailable, FileCrashed
from ingest import cluster as cluster_module
from ingest.__main__ import NOTHING_PUBLISHED, main
from ingest.changes import Found
from ingest.cluster import Cluster
from ingest.job import Outcome
from tests.fakes import FAKE, Workshop
from tests.far import Held, hashed

ROOT = Path(__file__).parents[1]

needs_ray = pytest.mark.skipif(importlib.util.find_spec("ray") is None, reason="Ray is not installed")

_CLUSTER = """
import os
import sys
from ray.cluster_utils import Cluster
os.makedirs("/tmp/ray", exist_ok=True)  # where Ray writes down that there is a cluster
node = {"num_cpus": 1, "include_dashboard": False, "object_store_memory": 200_000_000}
own = {"temp_dir": sys.argv[1], "_system_config": {"worker_niceness": 0}}
cluster = Cluster(initialize_head=True, head_node_args=node | own)
cluster.add_node(**node)
cluster.wait_for_nodes()
print(cluster.address, flush=True)
sys.stdin.read()
cluster.shutdown()
"""


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A cluster of two nodes with a core each on the loopback address; the driver is this process."""
    folder = Path("/tmp") / f"ray-{os.getpid()}"  # the path of a socket may not be long
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("RAY_USAGE_STATS_ENABLED", "0")
        patch.setenv("RAY_AUTH_MODE", "disabled")
        patch.setenv("RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER", "0")
        process = subprocess.Popen(
            [sys.executable, "-c", _CLUSTER, str(folder)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        assert process.stdin is not None
        assert process.stdout is not None
        made = process.stdout.readline().strip()
        assert made
        yield made
        process.stdin.close()
        process.stdout.close()
        process.wait(60)
    shutil.rmtree(folder, ignore_errors=True)


def _on(workshop: Workshop, address: str) -> Outcome:
    workshop.options = replace(workshop.options, ray=address)
    return workshop.run()


@dataclass(frozen=True, slots=True)
class _Row:
    text: str
    vector: Floats
    sentences: Floats


def _index(workshop: Workshop) -> dict[str, tuple[str, dict[str, _Row]]]:
    """By path, a document's text and its passages by id."""
    with workshop.reading() as generation:
        catalogue = generation.catalogue
        found: dict[str, tuple[str, dict[str, _Row]]] = {}
        assert generation.vectors.count() == generation.keywords.count() == generation.manifest.passages
        for source in generation.sources.values():
            ids = catalogue.passage_ids(source.id)
            vectors, texts = catalogue.vectors(ids), catalogue.passages(ids)
            sentences = catalogue.sentence_vectors(ids, generation.manifest.dimension)
            rows = {id: _Row(texts[id].indexed_text, vectors[id], sentences[id]) for id in ids}
            found[source.path] = generation.document(source.id).text, rows
        return found


def _counts(outcome: Outcome) -> tuple[int, ...]:
    counted = outcome.added, outcome.changed, outcome.unchanged, outcome.embedded, outcome.reused
    return (*counted, outcome.documents, outcome.passages)


def _failed(outcome: Outcome) -> list[tuple[str, str, bool]]:
    return sorted((one.path, one.error.code, one.kept) for one in outcome.failed)


# --- the same as without ------------------------------------------------------------------------

_SAMPLE = (
    "eksport/femten-tiltak.pdf",
    "eksport/femten-tiltak.yaml",
    "eksport/hele-norge-eksporterer.html",
    "naboer/osloregionen.txt",
    "reisenotater/delegasjonen.docx",
    "reisenotater/studieturen-danmark.pptx",
    "veikart/vegkartet-tolv-område.md",
)


@needs_ray
def test_the_index_is_that_of_a_run_without(tmp_path: Path, address: str) -> None:
    near, far = places = [Workshop(tmp_path / name) for name in ("near", "far")]
    for place in places:
        place.options = replace(place.options, embedding_model=BUNDLED)
        for path in _SAMPLE:
            place.put(path, (ROOT / "corpus" / path).read_bytes())
        place.put("dårlig.docx", b"no zip")
        place.put("tom.md", b"")
    outcomes = near.run(), _on(far, address)
    assert _counts(outcomes[0]) == _counts(outcomes[1])
    assert _failed(outcomes[0]) == _failed(outcomes[1])
    assert [code for _, code, _ in _failed(outcomes[1])] == ["file_damaged", "file_empty"]
    one, other = _index(near), _index(far)
    assert list(one) == list(other)
    for path, (text, rows) in one.items():
        assert other[path][0] == text
        assert list(other[path][1]) == list(rows)
        for id, row in rows.items():
            there = other[path][1][id]
            assert there.text == row.text
            # The network rounds to 8 bits, and what is padded to which length depends on the batch.
            np.testing.assert_allclose(there.vector, row.vector, atol=0.01)
            np.testing.assert_allclose(there.sentences, row.sentences, atol=0.03)
            assert float(there.vector @ row.vector) > 0.999


# --- workers that die ---------------------------------------------------------------------------


@needs_ray
def test_what_a_killed_worker_had_is_done_by_another(
    tmp_path: Path, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ingest.job.open_passages", hashed)
    near, far = places = [Workshop(tmp_path / name) for name in ("near", "far")]
    for edition in (1, 2):
        for place in places:
            for number in range(8):
                new = f"\n\n## Utgave {edition}\n\n" + f"I utgave {edition} er dette nytt. " * 40
                place.put(f"{number}.md", f"# Dokument {number}\n\n" + f"Dette er nummer {number}. " * 40 + new)
            place.put("x.md", "Noe om vekst." if edition == 1 else b"")
        expected = near.run()
        if edition == 1:
            far.run()
    held, killed = tmp_path / "held", threading.Event()
    monkeypatch.setattr("ingest.job.open_passages", Held(held))

    def kill() -> None:
        until = time.monotonic() + 120
        while not held.exists() and time.monotonic() < until:
            time.sleep(0.05)
        os.kill(int(held.read_text()), signal.SIGKILL)
        killed.set()

    killer = threading.Thread(target=kill)
    killer.start()
    outcome = _on(far, address)
    killer.join()
    assert killed.is_set()
    assert _failed(outcome) == _failed(expected) == [("x.md", "file_empty", True)]
    assert _counts(outcome) == _counts(expected)
    assert (outcome.changed, outcome.documents) == (8, 9)
    assert outcome.embedded > 0
    assert outcome.reused > 0
    one, other = _index(near), _index(far)
    assert list(one) == list(other)
    for path, (_, rows) in one.items():
        assert list(other[path][1]) == list(rows)
        assert all(np.allclose(row.vector, other[path][1][id].vector) for id, row in rows.items())


_TAKES_ITS_WORKER_ALONG = """
import os, signal
from ingest.read import worker
from ingest.read.documents import read

def reading(data, path, *limits):
    if b"drep" in data:
        os.kill(os.getppid(), signal.SIGKILL)
    return read(data, path, *limits)

worker.serve(reading, forks=False)
"""


@needs_ray
def test_a_file_that_kills_every_worker_is_the_only_one_that_fails(
    workshop: Workshop, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cluster_module, "PROGRAM", _TAKES_ITS_WORKER_ALONG)
    monkeypatch.setattr(cluster_module, "_TRIES_AGAIN", 1)
    monkeypatch.setattr("ingest.job.open_passages", hashed)
    for name in "abc":
        workshop.put(f"{name}.md", f"Dokumentet heter {name}.")
    workshop.put("b.md", "Dette skal drepe den som leser det.")
    outcome = _on(workshop, address)
    assert _failed(outcome) == [("b.md", FileCrashed.code, False)]
    assert list(_index(workshop)) == ["a.md", "c.md"]


@needs_ray
def test_a_cluster_that_reads_otherwise_is_refused(
    workshop: Workshop, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cluster_module, "_recipe", lambda: "of another version")
    workshop.put("a.md", "Noe om vekst.")
    with pytest.raises(ClusterDiffers, match="of another version"):
        _on(workshop, address)
    assert workshop.folders.current_name() is None
    assert not workshop.folders.generations.exists()


# --- so many at once ----------------------------------------------------------------------------


class _NoRay(ModuleType):
    """Runs a task when its result is asked for, and knows how many have begun. Each of `cores` is of a node."""

    def __init__(self, *cores: int) -> None:
        super().__init__("no_ray")
        self.exceptions = SimpleNamespace(
            RayError=OSError, WorkerCrashedError=OSError, OutOfMemoryError=OSError, NodeDiedError=OSError
        )
        self._cores = cores
        self.begun: list[int] = []

    def nodes(self) -> list[dict[str, object]]:
        return [{"Alive": True, "Resources": {"CPU": float(count)}} for count in self._cores]

    def remote(self, **options: int) -> Callable[[object], object]:
        return lambda task: SimpleNamespace(remote=self._remote)

    def _remote(self, request: tuple[bytes, str], *rest: str) -> str:
        self.begun.append(len(request[0]))
        return request[1]

    def get(self, reference: str) -> FileCrashed:
        return FileCrashed(reference, "read enough")


@pytest.mark.parametrize(("size", "most"), [(1, 6), (400, 2), (1500, 1)])
def test_so_many_files_are_under_way_and_no_more(
    workshop: Workshop, monkeypatch: pytest.MonkeyPatch, size: int, most: int
) -> None:
    monkeypatch.setattr(cluster_module, "_MOST_BYTES", 1000)
    files = []
    for number in range(20):
        path = workshop.put(f"{number:02}.txt", b"a" * size)
        files.append(Found(path.name, path, None, size))
    ray = _NoRay(1, 2)
    given: list[Found] = []
    for found, finish in Cluster(ray, "fake").begin(files, workshop.options):
        assert len(ray.begun) - len(given) <= most
        given.append(found)
        with pytest.raises(FileCrashed, match=found.path):
            finish()
    assert given == files
    assert ray.begun == [size] * 20


@pytest.mark.parametrize(
    ("cores", "threads", "models"), [((2,), 2, 1), ((1, 1), 1, 2), ((16, 16), 4, 8), ((2, 16), 2, 9), ((0, 3), 3, 1)]
)
def test_a_node_s_cores_embed_together(cores: tuple[int, ...], threads: int, models: int) -> None:
    found = Cluster(_NoRay(*cores), "fake")
    assert (found.slots, found.threads, found.models) == (sum(cores), threads, models)


def test_a_cluster_without_a_core_is_refused() -> None:
    with pytest.raises(ClusterUnavailable, match="no core"):
        Cluster(_NoRay(0), "10.0.0.1:6379")


# --- the command --------------------------------------------------------------------------------

_LOCAL = """
import json, os, sys
from pathlib import Path
from ingest import cluster
from ingest.__main__ import main
from tests.far import hashed

def listening():
    "The addresses that processes with our token listen on."
    token, held = os.environ["RAY_AUTH_TOKEN"].encode(), set()
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if token in (process / "environ").read_bytes() or int(process.name) == os.getpid():
                held |= {os.readlink(handle) for handle in (process / "fd").iterdir()}
        except OSError:
            continue
    for table in ("tcp", "tcp6"):
        for row in Path("/proc/net", table).read_text().splitlines()[1:]:
            parts = row.split()
            if parts[3] == "0A" and f"socket:[{parts[9]}]" in held:
                yield parts[1].partition(":")[0]

real = cluster.Cluster.passages

def passages(self, opener, model):
    print(json.dumps({"listening": sorted(set(listening()))}), flush=True)
    return real(self, hashed, model)

cluster.Cluster.passages = passages
sys.exit(main(sys.argv[1:]))
"""
_LOOPBACK = {"0100007F", "0000000000000000FFFF00000100007F", "00000000000000000000000001000000"}


@needs_ray
def test_a_cluster_of_ones_own_listens_to_nobody_else_and_leaves_nothing(workshop: Workshop) -> None:
    for number in range(3):
        workshop.put(f"{number}.md", f"Dokument {number} handler om vekst.")
    folder = Path(tempfile.mkdtemp(prefix="t", dir="/tmp"))
    home = folder / "home"
    home.mkdir()
    environment = {name: value for name, value in os.environ.items() if not name.startswith("RAY_")} | {
        "ASSISTANT_CORPUS_DIR": str(workshop.corpus),
        "ASSISTANT_DATA_DIR": str(workshop.data),
        "ASSISTANT_EMBEDDING_MODEL": FAKE,
        "ASSISTANT_SETTLE_SECONDS": "0",
        "PYTHONPATH": os.pathsep.join(filter(None, sys.path)),
        "TMPDIR": str(folder),
        "HOME": str(home),
    }
    command = [sys.executable, "-c", _LOCAL, "--ray", "local", "--json"]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    told, result = (json.loads(line) for line in done.stdout.splitlines())
    assert told["listening"]
    assert set(told["listening"]) <= _LOOPBACK
    assert (result["added"], result["failed"]) == (3, [])
    assert len(_index(workshop)) == 3
    assert list(home.iterdir()) == []
    assert list(folder.iterdir()) == [home]
    shutil.rmtree(folder)


@pytest.fixture
def command(workshop: Workshop, monkeypatch: pytest.MonkeyPatch) -> Workshop:
    workshop.as_settings(monkeypatch)
    workshop.put("a.md", "Noe om vekst.")
    return workshop


@pytest.mark.parametrize(
    ("language", "words"), [("nb", "er ikke installert"), ("nn", "er ikkje installert"), ("en", "is not installed")]
)
def test_without_ray_the_way_out_is_named(
    command: Workshop, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, language: str, words: str
) -> None:
    monkeypatch.setenv("ASSISTANT_LANGUAGE", language)
    monkeypatch.setenv("RAY_AUTH_MODE", "token")
    monkeypatch.setenv("RAY_AUTH_TOKEN", "of the test")
    monkeypatch.setenv("RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER", "0")
    monkeypatch.setenv("RAY_USAGE_STATS_ENABLED", "0")
    monkeypatch.setitem(sys.modules, "ray", None)
    assert main(["--ray", "local"]) == NOTHING_PUBLISHED
    printed = capsys.readouterr().err
    assert words in printed
    assert "pip install -e '.[ray]'" in printed
    assert command.folders.current_name() is None


@needs_ray
@pytest.mark.parametrize("address", ["nowhere", "http://127.0.0.1:1", "127.0.0.1:port", "ray://127.0.0.1:{free}", ""])
def test_an_address_where_no_cluster_is_is_named(
    command: Workshop, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, address: str
) -> None:
    monkeypatch.setenv("RAY_USAGE_STATS_ENABLED", "0")
    monkeypatch.setenv("ASSISTANT_LANGUAGE", "en")
    with socket.create_server(("127.0.0.1", 0)) as listener:
        address = (address or "127.0.0.1:{free}").format(free=listener.getsockname()[1])
    assert main(["--ray", address]) == NOTHING_PUBLISHED
    assert f"The Ray cluster {address!r} cannot be used" in capsys.readouterr().err
    assert command.folders.current_name() is None


@needs_ray
def test_with_nothing_new_no_cluster_is_asked(command: Workshop) -> None:
    assert command.run().added == 1
    assert _on(command, "127.0.0.1:1").unchanged == 1
