"""The spreadsheets and e-mails of the reading tests."""

from __future__ import annotations

from datetime import date, datetime
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path

from openpyxl import Workbook
from openpyxl.styles import Font

from tests.data.make_pdf import PROSE, TABLE, Truth, rows_of


def make(folder: Path) -> dict[str, Truth]:
    return {
        "figures.xlsx": workbook(folder / "figures.xlsx"),
        "towns.csv": semicolons(folder / "towns.csv"),
        "exports.tsv": tabs(folder / "exports.tsv"),
        "answer.eml": plain_mail(folder / "answer.eml"),
        "invitation.eml": html_mail(folder / "invitation.eml"),
    }


def workbook(path: Path) -> Truth:
    """Two sheets and a hidden one: a title over the names, number formats, dates, merged cells, a note
    below, and a second table under the first."""
    book = Workbook()
    book.properties.title, book.properties.creator = "Tall for samarbeidet", "Næringskontoret"
    book.properties.created = datetime(2024, 5, 2)
    first = book.active
    assert first is not None
    first.title = "Kommuner"
    for row in (
        ["Kommunene i samarbeidet"],
        [],
        ["Kommune", "Innbyggere", "Andel", "Vedtatt", "Tilskudd", "Med i styret"],
        ["Nordvik", 12400, 0.275, date(2021, 6, 3), 1250000.5, True],
        ["Østbygd", 21030, 0.5, datetime(2021, 6, 17, 18, 30), 96.25, False],
        ["Vestbygd", 3115, None, date(2022, 1, 31), 0, True],
        ["Kilde: kommunenes egne tall ved årets slutt."],
    ):
        first.append(row)
    for number in range(4, 7):
        first.cell(number, 2).number_format = "#,##0"
        first.cell(number, 3).number_format = "0.0%"
        first.cell(number, 5).number_format = '"kr" #,##0.00'
    second = book.create_sheet("Tiltak")
    measures: tuple[list[str | int | None], ...] = (
        ["Område", "Tiltak", "År", None],
        [None, None, "Start", "Slutt"],
        ["Vann", "Nytt renseanlegg", 2023, 2025],
        [None, "Felles overvåking", 2024, 2026],
        [],
        ["Rolle", "Navn"],
        ["Leder", "Velges av styret"],
        ["Nestleder", "Går på omgang"],
    )
    for measure in measures:
        second.append(measure)
    for merged in ("C1:D1", "A1:A2", "B1:B2", "A3:A4"):
        second.merge_cells(merged)
    for cell in second[6]:
        cell.font = Font(bold=True)
    hidden = book.create_sheet("Utkast")
    hidden.append(["Ikke ferdig"])
    hidden.sheet_state = "hidden"
    book.save(path)
    rows = [
        "Kommune: Nordvik; Innbyggere: 12 400; Andel: 27,5 %; Vedtatt: 2021-06-03; "
        "Tilskudd: kr 1 250 000,50; Med i styret: Ja",
        "Kommune: Østbygd; Innbyggere: 21 030; Andel: 50,0 %; Vedtatt: 2021-06-17 18:30; "
        "Tilskudd: kr 96,25; Med i styret: Nei",
        "Kommune: Vestbygd; Innbyggere: 3 115; Vedtatt: 2022-01-31; Tilskudd: kr 0,00; Med i styret: Ja",
        "Område: Vann; Tiltak: Nytt renseanlegg; År Start: 2023; År Slutt: 2025",
        "Område: Vann; Tiltak: Felles overvåking; År Start: 2024; År Slutt: 2026",
        "Rolle: Leder; Navn: Velges av styret",
        "Rolle: Nestleder; Navn: Går på omgang",
    ]
    blocks = ["Kommuner", "Kommunene i samarbeidet", *rows[:3], "Kilde: kommunenes egne tall ved årets slutt."]
    return {"blocks": [*blocks, "Tiltak", *rows[3:]], "headings": ["Kommuner", "Tiltak"], "rows": rows}


def semicolons(path: Path) -> Truth:
    """As Norwegian Excel saves it: semicolons, decimal commas, Windows-1252, a field with a line break."""
    lines = [";".join(row) for row in TABLE] + ['"Øya;\r\nden ytre";410;;"2 ""øvre"" teiger"']
    path.write_bytes("\r\n".join(lines).encode("cp1252"))
    rows = [*rows_of(TABLE), 'Kommune: Øya; den ytre; Innbyggere: 410; Areal i dekar: 2 "øvre" teiger']
    return {"blocks": rows, "headings": [], "rows": rows}


_EXPORTS = (
    ("Land", "Eksport 2022, mrd.", "Eksport 2023, mrd."),
    ("Danmark", "4,1", "4,6"),
    ("Sverige", "6,0", "5,7"),
    ("Tyskland", "9,3", "9,9"),
)


def tabs(path: Path) -> Truth:
    """Tabs, and commas in every row."""
    path.write_bytes("".join("\t".join(row) + "\n" for row in _EXPORTS).encode("utf-16"))
    return {"blocks": rows_of(_EXPORTS), "headings": [], "rows": rows_of(_EXPORTS)}


def plain_mail(path: Path) -> Truth:
    """A reply in plain text that quotes what it answers, with two files."""
    message = EmailMessage(SMTP)
    message["From"] = "Næringskontoret <post@nordvik.example>"
    message["To"] = "Østbygd kommune <post@ostbygd.example>, styret@sorvik.example"
    message["Date"] = "Thu, 21 Mar 2024 14:05:00 +0100"
    message["Subject"] = "SV: Møtet om vannforsyning på øya"
    message["Message-ID"] = "<1@nordvik.example>"
    quoted = PROSE[1]
    message.set_content(
        f"Hei\n\n{_wrapped(PROSE[0])}\n\nVi tar med:\n- kartet\n- avtalen fra i fjor\n\n"
        "Østbygd kommune skrev 20. mars 2024:\n"
        + "".join(f"> {line}\n" for line in _wrapped(quoted).split("\n"))
        + f"\n{PROSE[3]}\n",
        cte="quoted-printable",
    )
    message.add_attachment(b"%PDF-1.4", maintype="application", subtype="pdf", filename="Kart over øya.pdf")
    message.add_attachment(b"1;2", maintype="text", subtype="csv", filename="tall.csv")
    message.set_boundary("grense")
    path.write_bytes(bytes(message))
    line = (
        "Fra: Næringskontoret <post@nordvik.example>; Til: Østbygd kommune <post@ostbygd.example>, "
        "styret@sorvik.example; Sendt: 2024-03-21 14:05; Emne: SV: Møtet om vannforsyning på øya"
    )
    blocks = ["SV: Møtet om vannforsyning på øya", line, "Hei", PROSE[0], "Vi tar med:", "- kartet"]
    blocks += ["- avtalen fra i fjor", "Østbygd kommune skrev 20. mars 2024:", quoted, PROSE[3]]
    blocks += ["Vedlegg:", "- Kart over øya.pdf", "- tall.csv"]
    return {"blocks": blocks, "headings": blocks[:1], "rows": [line]}


def html_mail(path: Path) -> Truth:
    """A message in HTML alone, in Latin-1 and base64, whose headers are encoded."""
    head = (
        b"From: =?iso-8859-1?Q?N=E6ringskontoret?= <post@nordvik.example>\r\n"
        b"Subject: =?utf-8?B?w4VwZW50IG3DuHRl?=\r\nDate: Fri, 5 Apr 2024 09:00:00 +0200\r\nMIME-Version: 1.0\r\n"
        b'Content-Type: text/html; charset="iso-8859-1"\r\nContent-Transfer-Encoding: 8bit\r\n\r\n'
    )
    body = f"<html><body><p>{PROSE[4]}</p><ul><li>Åpning</li><li>Ordet fritt</li></ul></body></html>"
    path.write_bytes(head + body.encode("latin-1"))
    line = "Fra: Næringskontoret <post@nordvik.example>; Sendt: 2024-04-05 09:00; Emne: Åpent møte"
    return {
        "blocks": ["Åpent møte", line, PROSE[4], "- Åpning", "- Ordet fritt"],
        "headings": ["Åpent møte"],
        "rows": [line],
    }


def _wrapped(text: str) -> str:
    lines = [""]
    for word in text.split():
        if len(lines[-1]) + 1 + len(word) > 72:
            lines.append(word)
        else:
            lines[-1] = f"{lines[-1]} {word}".strip()
    return "\n".join(lines)
