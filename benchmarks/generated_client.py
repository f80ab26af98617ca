"""Makes a client of `/openapi.json`, has mypy check a program that uses it, and runs that against a service.

    python -m venv GENERATOR && GENERATOR/bin/pip install openapi-python-client
    python -m benchmarks.generated_client GENERATOR/bin/openapi-python-client

The generator has an environment of its own, since it wants an older typer than the assistant. The client that it makes
needs httpx and attrs, which the extra `test` brings. Ends with 1 where a part of the client is missing or wrong."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from assistant.access.keys import Keys
from benchmarks.serving import serving

ROOT = Path(__file__).parent.parent
USE = ROOT / "benchmarks" / "generated_client_use.py"
PLAN = "# Plan for brua\n\nBrua over elva koster 7 millioner kroner. Den åpnes i mai 2025. Sju kommuner deltar.\n"
# The generator knows but few media types, and is told how to take the others.
CONFIG = """\
content_type_overrides:
  application/pdf: application/octet-stream
  image/png: application/octet-stream
"""


def main(generator: Path) -> int:
    with TemporaryDirectory() as place:
        work = Path(place)
        environment = _set_up(work)
        _, key = Keys(work / "keys.json").make("generated", "admin", None)
        subprocess.run([sys.executable, "-m", "ingest"], env=environment, check=True)
        with serving(environment) as (client, _):
            (work / "openapi.json").write_bytes(client.get("/openapi.json").content)
            if not _generated(generator, work):
                return 1
            checked = [sys.executable, "-m", "mypy", "--strict", "--config-file=", str(USE)]
            used = [sys.executable, str(USE), str(client.base_url), key]
            codes = [subprocess.run(one, env=environment, cwd=work, check=False).returncode for one in (checked, used)]
            return int(any(codes))


def _set_up(work: Path) -> dict[str, str]:
    (work / "corpus").mkdir()
    (work / "corpus" / "bru.md").write_text(PLAN, encoding="utf-8")
    (work / "corpus" / "brev.pdf").write_bytes((ROOT / "tests/data/report.pdf").read_bytes())
    path = os.pathsep.join((str(work), str(ROOT / "src"), str(ROOT)))
    return os.environ | {
        "ASSISTANT_CORPUS_DIR": str(work / "corpus"),
        "ASSISTANT_DATA_DIR": str(work / "data"),
        "ASSISTANT_API_KEYS_FILE": str(work / "keys.json"),
        "ASSISTANT_ANONYMOUS": "none",
        "PYTHONPATH": path,
        "MYPYPATH": str(work),
    }


def _generated(generator: Path, work: Path) -> bool:
    """Whether it made all of it: what it leaves out is a warning."""
    (work / "config.yaml").write_text(CONFIG, encoding="utf-8")
    command = [str(generator), "generate", "--path", "openapi.json", "--config", "config.yaml", "--meta", "none"]
    command += ["--output-path", "assistant_client", "--fail-on-warning"]
    # It formats what it has made by a program that lies beside it.
    environment = os.environ | {"PATH": os.pathsep.join((str(generator.parent), os.environ["PATH"]))}
    return subprocess.run(command, cwd=work, env=environment, check=False).returncode == 0


if __name__ == "__main__":
    raise SystemExit(main(Path(sys.argv[1]).absolute()))
