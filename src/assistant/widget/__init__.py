"""The component `<assistant-chat>`, and how its modules become the one file that a page loads.

The sources are plain ES modules, read as they stand here. `joined` follows an entry's imports and puts each module, in
the order they need one another, into a function of its own: no name meets another's, and the result is an ordinary
script that knows where it was loaded from. Only this much of the language's imports is understood: names from modules
beside it, and style sheets. Anything else raises, so that a test finds it and no browser does."""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path

from assistant.errors import PageDamaged

WIDGET = Path(__file__).parent / "main.js"
"""The entry of the component alone."""

_NAMES = re.compile(r'^import \{ ([\w, ]+) \} from "(\.[\w./-]+\.js)";$', re.MULTILINE)
_SHEET = re.compile(r'^import (\w+) from "(\.[\w./-]+\.css)" with \{ type: "css" \};$', re.MULTILINE)
_EXPORT = re.compile(r"^export (?=(?:async )?(?:function|class|const) (\w+))", re.MULTILINE)
_LEFT = re.compile(r"^\s*(?:import|export)\b.*", re.MULTILINE)
_JS_REMARK = re.compile(r"^\s*//.*$", re.MULTILINE)
_CSS_REMARK = re.compile(r"/\*.*?\*/", re.DOTALL)


@cache
def joined(entry: Path) -> str:
    """The script of an entry and all that it imports. Raises PageDamaged."""
    modules: dict[Path, int] = {}
    sheets: dict[Path, int] = {}
    parts: list[str] = []

    def add(file: Path, above: tuple[Path, ...] = ()) -> int:
        if file in above:
            raise PageDamaged(file.name, "it imports itself")
        if file in modules:
            return modules[file]
        text = _read(file)
        text = _SHEET.sub(lambda found: f"const {found[1]} = s{style(_beside(file, found[2]))};", text)
        text = _NAMES.sub(lambda found: f"const {{ {_renamed(found[1])} }} = m{needed(file, found[2], above)};", text)
        exported = ", ".join(_EXPORT.findall(text))
        text = _EXPORT.sub("", text)
        if left := _LEFT.search(text):
            raise PageDamaged(file.name, left[0].strip())
        modules[file] = len(modules)
        parts.append(f"const m{modules[file]} = (() => {{\n{_terse(file, text)}\nreturn {{ {exported} }};\n}})();")
        return modules[file]

    def needed(file: Path, address: str, above: tuple[Path, ...]) -> int:
        return add(_beside(file, address), (*above, file))

    def style(file: Path) -> int:
        if file not in sheets:
            sheets[file] = len(sheets)
            text = json.dumps(_terse_style(_read(file)), ensure_ascii=False)
            name = f"s{sheets[file]}"
            parts.append(f"const {name} = new CSSStyleSheet();\n{name}.replaceSync({text});")
        return sheets[file]

    add(entry)
    body = "\n".join(parts)
    return f'(() => {{\n"use strict";\n{body}\n}})();\n'


def _renamed(names: str) -> str:
    return names.replace(" as ", ": ")


def _beside(file: Path, address: str) -> Path:
    return (file.parent / address).resolve()


def _read(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8")
    except OSError as error:
        raise PageDamaged(file.name, str(error)) from error


def _terse(file: Path, text: str) -> str:
    """Without remarks that stand on lines of their own, indentation and empty lines. A text over several lines would
    be changed by that, so there may be none."""
    for line in text.splitlines():
        if not line.lstrip().startswith("//") and line.count("`") % 2:
            raise PageDamaged(file.name, line.strip())
    return "\n".join(line.strip() for line in _JS_REMARK.sub("", text).splitlines() if line.strip())


def _terse_style(text: str) -> str:
    return re.sub(r"\s*([{};,])\s*", r"\1", re.sub(r"\s+", " ", _CSS_REMARK.sub("", text))).replace(";}", "}").strip()
