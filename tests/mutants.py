"""Files that somebody made to break a reader, of every format: cut, flipped, spliced, bombs, nesting without
end, pages that are only claimed. Seeded: the same number and seed give the same files."""

from __future__ import annotations

import io
import random
import zipfile
import zlib
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

DATA = Path(__file__).parent / "data"
CORPUS = Path(__file__).parent.parent / "corpus"
BASES: dict[str, tuple[str, ...]] = {
    ".pdf": ("report.pdf", "columns.pdf", "tables.pdf", "turned.pdf", "chromium.pdf", "labelled.pdf", "locked.pdf"),
    ".docx": ("report.docx",),
    ".pptx": ("slides.pptx",),
    ".xlsx": ("figures.xlsx",),
    ".html": ("notice.html", "chromium.html"),
    ".eml": ("answer.eml", "invitation.eml"),
    ".csv": ("towns.csv", "exports.tsv"),
    ".md": ("naboer/grenland.md", "reisenotater/leo-pharma.md"),
    ".txt": ("naboer/osloregionen.txt", "reisenotater/study-visit-denmark.txt"),
}
_ZIPPED = {".docx": "word/document.xml", ".pptx": "ppt/presentation.xml", ".xlsx": "xl/worksheets/sheet1.xml"}
_RARE = 0.12
"""The share of files that are made from nothing, to be bombs."""


def mutants(count: int, seed: int = 1) -> Iterator[tuple[str, bytes]]:
    """`count` files with their names, the formats in turns."""
    chance = random.Random(seed)
    endings = list(BASES)
    for number in range(count):
        ending = endings[number % len(endings)]
        if chance.random() < _RARE and (made := _hostile(ending, chance)):
            yield f"{number:05}-{made[0]}{ending}", made[1]
        else:
            whole = _base(chance.choice(BASES[ending]))
            if ending in _ZIPPED and chance.random() < 0.6:
                yield f"{number:05}-part{ending}", with_spoiled_part(whole, chance)
            else:
                yield f"{number:05}-spoiled{ending}", spoiled(whole, chance)


@cache
def _base(name: str) -> bytes:
    folder = CORPUS if "/" in name else DATA
    return (folder / name).read_bytes()


def spoiled(data: bytes, chance: random.Random) -> bytes:
    """`data` cut off, with bytes changed, or with a piece of it copied over another."""
    changed = bytearray(data)
    kind = chance.random()
    if kind < 0.25:
        return bytes(changed[: chance.randrange(len(changed))])
    for _ in range(chance.choice([1, 5, 30])):
        at = chance.randrange(len(changed))
        if kind < 0.75:
            changed[at] = chance.randrange(256)
        else:
            start, length = chance.randrange(len(changed)), chance.randrange(1, 60)
            changed[at : at + length] = changed[start : start + length]
    return bytes(changed)


def with_spoiled_part(data: bytes, chance: random.Random) -> bytes:
    """The package with one of its XML parts spoiled or left out."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(buffer, "w") as new:
        names = [name for name in old.namelist() if name.endswith((".xml", ".rels"))]
        hit = chance.choice(names)
        for name in old.namelist():
            if name != hit:
                new.writestr(name, old.read(name))
            elif chance.random() < 0.7:
                new.writestr(name, spoiled(old.read(name), chance))
    return buffer.getvalue()


# --- made from nothing --------------------------------------------------------------------------


def _hostile(ending: str, chance: random.Random) -> tuple[str, bytes] | None:
    makers = _MAKERS.get(ending)
    if not makers:
        return None
    maker = chance.choice(makers)
    return maker.__name__.strip("_").replace("_", "-"), maker(ending)


@cache
def _zip_bomb(ending: str) -> bytes:
    """A part of 300 MB of spaces."""
    return _with_part(ending, b"<a>" + b" " * 300_000_000 + b"</a>")


@cache
def _lying_zip(ending: str) -> bytes:
    """The same, but the directory says that the part is small."""
    whole = bytearray(_zip_bomb(ending))
    name = _ZIPPED[ending].encode()
    for signature, sizes, named in ((b"PK\x01\x02", 24, 46), (b"PK\x03\x04", 22, 30)):
        at = whole.find(signature)
        while at >= 0:
            if whole[at + named : at + named + len(name)] == name:
                whole[at + sizes : at + sizes + 4] = (1000).to_bytes(4, "little")
            at = whole.find(signature, at + 4)
    return bytes(whole)


def _entities(ending: str) -> bytes:
    """Each entity ten times the one before."""
    lines = ['<!ENTITY e0 "ha">'] + [f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 10)]
    return _with_part(ending, f"<?xml version='1.0'?><!DOCTYPE a [{''.join(lines)}]><a>&e9;</a>".encode())


def _deep_xml(ending: str) -> bytes:
    return _with_part(ending, b"<a>" * 200_000 + b"</a>" * 200_000)


def _deep_tables(ending: str) -> bytes:
    """Tables in tables in a Word file."""
    space = b' xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    opened, closed = b"<w:tbl><w:tr><w:tc>", b"</w:tc></w:tr></w:tbl>"
    text = b"<w:p><w:r><w:t>Innerst</w:t></w:r></w:p>"
    return _with_part(
        ending, b"<w:document%b><w:body>%b%b%b</w:body></w:document>" % (space, opened * 80, text, closed * 80)
    )


def _far_cells(ending: str) -> bytes:
    """A sheet that says it is the largest there can be, with a cell at its end and one far beyond."""
    space = b' xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
    cell = b'<row r="%d"><c r="XFD%d"><v>1</v></c></row>'
    rows = b"".join(cell % (n, n) for n in (1, 1_048_576, 2_000_000_000))
    merged = b'<mergeCells><mergeCell ref="A1:XFD1048576"/></mergeCells>'
    return _with_part(
        ending,
        b'<worksheet%b><dimension ref="A1:XFD1048576"/><sheetData>%b</sheetData>%b</worksheet>' % (space, rows, merged),
    )


def _with_part(ending: str, content: bytes) -> bytes:
    buffer = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(_base(BASES[ending][0]))) as old,
        zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as new,
    ):
        for name in old.namelist():
            new.writestr(name, content if name == _ZIPPED[ending] else old.read(name))
    return buffer.getvalue()


def _pdf(objects: list[bytes]) -> bytes:
    """A PDF of numbered objects; the first is the catalogue."""
    out = bytearray(b"%PDF-1.7\n")
    places = []
    for number, content in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%b\nendobj\n" % (number, content)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    out += b"trailer\n<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, start)
    return bytes(out)


_CATALOGUE = b"<</Type/Catalog/Pages 2 0 R>>"
_FONT = b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>"


def _page(contents: int, box: bytes = b"0 0 595 842") -> bytes:
    return (
        b"<</Type/Page/Parent 2 0 R/MediaBox[%b]/Contents %d 0 R/Resources<</Font<</F 5 0 R>>/XObject<</X 4 0 R>>>>>>"
        % (box, contents)
    )


def _stream(content: bytes, filters: bytes = b"") -> bytes:
    return b"<</Length %d%b>>\nstream\n%b\nendstream" % (len(content), filters, content)


def _claimed_pages(ending: str) -> bytes:
    """10,000 pages, of which one is there."""
    text = _stream(b"BT /F 12 Tf 72 700 Td (En side) Tj ET")
    return _pdf([_CATALOGUE, b"<</Type/Pages/Count 10000/Kids[3 0 R]>>", _page(4), text, _FONT])


def _same_page(ending: str) -> bytes:
    """One page 10,000 times."""
    text = _stream(b"BT /F 12 Tf 72 700 Td (En side) Tj ET")
    return _pdf(
        [_CATALOGUE, b"<</Type/Pages/Count 10000/Kids[%b]>>" % (b"3 0 R " * 10_000), _page(4), text, _FONT]
    )


def _page_in_itself(ending: str) -> bytes:
    """A tree of pages, and a drawing, that hold themselves."""
    form = _stream(b"/X Do " * 20, b"/Type/XObject/Subtype/Form/BBox[0 0 9 9]/Resources<</XObject<</X 4 0 R>>>>")
    return _pdf([_CATALOGUE, b"<</Type/Pages/Count 3/Kids[3 0 R 2 0 R 3 0 R]>>", _page(4), form, _FONT])


@cache
def _packed_stream(ending: str) -> bytes:
    """A page whose 2 MB unpack to 400 MB of text."""
    packer = zlib.compressobj(1)
    piece = b"BT /F 12 Tf 72 700 Td (" + b"a" * 900 + b") Tj ET\n"
    packed = b"".join(packer.compress(piece * 1000) for _ in range(430)) + packer.flush()
    return _pdf(
        [_CATALOGUE, b"<</Type/Pages/Count 1/Kids[3 0 R]>>", _page(4), _stream(packed, b"/Filter/FlateDecode"), _FONT]
    )


def _huge_picture(ending: str) -> bytes:
    """A page a kilometre wide with a picture of a thousand million dots."""
    picture = _stream(
        zlib.compress(bytes(100_000)),
        b"/Type/XObject/Subtype/Image/Width 32000/Height 32000/BitsPerComponent 8/ColorSpace/DeviceRGB"
        b"/Filter/FlateDecode",
    )
    pages = b"<</Type/Pages/Count 1/Kids[3 0 R]>>"
    drawn = _stream(b"3000000 0 0 3000000 0 0 cm /X Do")
    return _pdf([_CATALOGUE, pages, _page(6, b"0 0 3000000 3000000"), picture, _FONT, drawn])


def _deep_brackets(ending: str) -> bytes:
    text = _stream(b"q " * 100_000 + b"[" * 100_000 + b"BT /F 12 Tf (dypt) Tj ET")
    return _pdf([_CATALOGUE, b"<</Type/Pages/Count 1/Kids[3 0 R]>>" + b"[" * 50_000, _page(4), text, _FONT])


def _many_lines(ending: str) -> bytes:
    """A page with 100,000 drawn lines and 30,000 words."""
    lines = b"".join(b"%d %d m %d %d l S " % (n % 595, n % 842, n % 500, n % 800) for n in range(100_000))
    words = b"".join(b"BT /F 4 Tf %d %d Td (ord%d) Tj ET " % (n % 590, n % 840, n) for n in range(30_000))
    return _pdf([_CATALOGUE, b"<</Type/Pages/Count 1/Kids[3 0 R]>>", _page(4), _stream(lines + words), _FONT])


def _deep_html(ending: str) -> bytes:
    return b"<div><table><tr><td>" * 50_000 + b"Innerst"


def _wide_html(ending: str) -> bytes:
    """A table whose cells say that they span everything."""
    cell = b'<td colspan="100000" rowspan="100000">x</td>'
    return b"<table>" + (b"<tr>" + cell * 20 + b"</tr>") * 200 + b"</table>"


def _many_attributes(ending: str) -> bytes:
    return b"<p " + b" ".join(b"a%d=1" % n for n in range(200_000)) + b">Tekst</p>"


def _deep_markdown(ending: str) -> bytes:
    return b">" * 20_000 + b" dypt\n\n" + b"".join(b" " * n + b"- a\n" for n in range(0, 2000, 2))


def _brackets(ending: str) -> bytes:
    return b"[" * 50_000 + b"](" * 50_000 + b"*_" * 50_000 + b"`" * 50_001 + b"<a" * 30_000


def _deep_front_matter(ending: str) -> bytes:
    return b"---\ntitle: " + b"[" * 20_000 + b"\n---\nTekst.\n"


def _aliases(ending: str) -> bytes:
    lines = [b"a0: &a0 [x,x]"] + [b"a%d: &a%d [%b]" % (n, n, b",".join([b"*a%d" % (n - 1)] * 9)) for n in range(1, 12)]
    return b"---\n" + b"\n".join(lines) + b"\ntitle: *a11\n---\nTekst.\n"


def _deep_parts(ending: str) -> bytes:
    made = b"From: a@b.example\n"
    return made + b"".join(
        b'Content-Type: multipart/mixed; boundary="b%d"\n\n--b%d\n' % (depth, depth) for depth in range(3000)
    )


def _many_headers(ending: str) -> bytes:
    return b"From: a@b.example\n" + b"".join(b"To: <a%d@b.example>,\n" % n for n in range(30_000)) + b"\nTekst.\n"


def _nested_comments(ending: str) -> bytes:
    return b"From: " + b"(" * 30_000 + b"\nSubject: " + b"=?utf-8?q?=41?= " * 20_000 + b"\nDate: ((((\n\nTekst.\n"


def _open_quote(ending: str) -> bytes:
    return b'a;b;c\n1;"' + b"2;3\n" * 500_000


def _one_row(ending: str) -> bytes:
    return b";".join(b"k%d" % n for n in range(300_000)) + b"\n" + b"1;" * 300_000


def _one_line(ending: str) -> bytes:
    return b"ord " * 2_000_000


def _many_lists(ending: str) -> bytes:
    return b"".join(b" " * (n % 40) + b"- punkt\n" for n in range(100_000))


_PACKED: list[Callable[[str], bytes]] = [_zip_bomb, _lying_zip, _entities, _deep_xml]
_MAKERS: dict[str, list[Callable[[str], bytes]]] = {
    ".pdf": [
        _claimed_pages,
        _same_page,
        _page_in_itself,
        _packed_stream,
        _huge_picture,
        _deep_brackets,
        _many_lines,
    ],
    ".docx": [*_PACKED, _deep_tables],
    ".pptx": _PACKED,
    ".xlsx": [*_PACKED, _far_cells],
    ".html": [_deep_html, _wide_html, _many_attributes, _one_line],
    ".md": [_deep_markdown, _brackets, _deep_front_matter, _aliases],
    ".eml": [_deep_parts, _many_headers, _nested_comments],
    ".csv": [_open_quote, _one_row, _one_line],
    ".txt": [_one_line, _many_lists],
}


def every_hostile() -> Iterator[tuple[str, bytes]]:
    """One file of each kind that is made from nothing."""
    for ending, makers in _MAKERS.items():
        for maker in makers:
            yield f"{maker.__name__.strip('_').replace('_', '-')}{ending}", maker(ending)
