"""The component as one file: complete, small, made of what stands in the sources."""

from __future__ import annotations

import gzip
import re
import shutil
import subprocess
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from assistant import phrases
from assistant.errors import PageDamaged
from assistant.types import LANGUAGES
from assistant.widget import WIDGET, joined

ROOT = Path(__file__).parents[1]
SOURCES = WIDGET.parent
DESK = SOURCES.parent / "page" / "desk.js"


@pytest.mark.parametrize("entry", [WIDGET, DESK], ids=lambda path: path.stem)
def test_nothing_is_left_to_be_imported_and_every_source_is_in_it(entry: Path) -> None:
    script = joined(entry)
    assert not re.search(r"^\s*(import|export)\b", script, re.MULTILINE)
    for source in SOURCES.glob("*.js"):
        if source.name == "main.js" and entry is DESK:
            continue
        for name in re.findall(r"^export (?:async )?(?:function|class|const) (\w+)", source.read_text(), re.MULTILINE):
            assert re.search(rf"return \{{ .*\b{name}\b.* \}};", script), name


def test_it_is_at_most_30_kilobytes_on_the_way() -> None:
    assert len(gzip.compress(joined(WIDGET).encode())) <= 30_000


@pytest.mark.parametrize("entry", [WIDGET, DESK], ids=lambda path: path.stem)
def test_it_can_be_read_by_an_engine(entry: Path, tmp_path: Path) -> None:
    node = shutil.which("node")
    if node is None:
        pytest.skip("no node; the browser tests read it too")
    file = tmp_path / "script.js"
    file.write_text(joined(entry), encoding="utf-8")
    subprocess.run([node, "--check", str(file)], check=True)


def test_what_needs_more_than_a_strict_policy_is_not_in_it() -> None:
    for entry in (WIDGET, DESK):
        script = joined(entry)
        assert not re.search(r"\beval\(|new Function\(|\.innerHTML\s*=|insertAdjacentHTML|document\.write", script)
        assert '"style"' not in script
        assert not re.search(r"https?://(?!www\.w3\.org/2000/svg)", script), "it asks nobody but its own service"


def put(folder: Path, **files: str) -> Path:
    for name, text in files.items():
        (folder / f"{name}.js").write_text(text, encoding="utf-8")
    return folder / "main.js"


@pytest.mark.parametrize(
    ("main", "other"),
    [
        ('import other from "./other.js";', ""),
        ('import { a } from "far";', ""),
        ('import { a } from "./missing.js";', ""),
        ('import { a } from "./other.js";', 'import { b } from "./main.js";\nexport const a = 1;'),
        ("export default 1;", ""),
        ("const a = `one\ntwo`;", ""),
    ],
    ids=["default", "package", "missing", "circle", "export", "text over lines"],
)
def test_what_the_joining_does_not_understand_is_refused(tmp_path: Path, main: str, other: str) -> None:
    with pytest.raises(PageDamaged):
        joined(put(tmp_path, main=main, other=other))


def test_names_of_one_module_do_not_meet_those_of_another(tmp_path: Path) -> None:
    main = 'import { a as b } from "./other.js";\nconst secret = 2; // here\nconsole.log(b() + secret);'
    other = "// A remark.\nconst secret = 1;\nexport function a() {\n  return secret;\n}"
    script = joined(put(tmp_path, main=main, other=other))
    assert "A remark" not in script
    node = shutil.which("node")
    if node is None:
        pytest.skip("no node")
    done = subprocess.run([node, "-e", script], capture_output=True, text=True, check=True)
    assert done.stdout == "3\n"


@pytest.mark.parametrize("path", ["/widget.js", "/desk.js"])
def test_it_is_sent_compressed_and_only_when_it_changed(client: TestClient, path: str) -> None:
    whole = client.get(path, headers={"Accept-Encoding": "gzip"})
    assert whole.headers["content-type"].startswith("text/javascript")
    assert whole.headers["content-encoding"] == "gzip"
    assert whole.headers["cross-origin-resource-policy"] == "cross-origin"
    plain = client.get(path, headers={"Accept-Encoding": "identity"})
    assert "content-encoding" not in plain.headers
    assert plain.text == whole.text
    again = client.get(path, headers={"If-None-Match": whole.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_the_texts_have_the_same_names_in_each_language() -> None:
    for file in (SOURCES / "texts.js", DESK.parent / "texts.js"):
        text = file.read_text(encoding="utf-8")
        names = []
        for language in LANGUAGES:
            body = text.partition(f"const {language} = {{\n")[2].partition("\n};\n")[0]
            names.append(sorted(re.findall(r"^  (\w+):", body, re.MULTILINE)))
        assert names[0]
        assert names[0] == names[1] == names[2], file.name
        assert len(set(names[0])) == len(names[0]), file.name


def test_conflicts_are_known_by_the_service_s_own_words() -> None:
    text = (SOURCES / "texts.js").read_text(encoding="utf-8")
    assert re.findall(r'^  differ: "(.+)",$', text, re.MULTILINE) == [phrases.differ(one) for one in LANGUAGES]


def test_every_text_that_is_used_exists() -> None:
    for folder, name in ((SOURCES, "texts"), (DESK.parent, r"texts\(\)|texts")):
        known = set(re.findall(r"^  (\w+):", (folder / "texts.js").read_text(encoding="utf-8"), re.MULTILINE))
        for file in folder.glob("*.js"):
            used = set(re.findall(rf"(?<![\w.])(?:{name}|said|texts\(\))\.(\w+)", file.read_text(encoding="utf-8")))
            used -= {"js", "textContent", "append", "scrollIntoView"}
            assert used <= known, file.name
