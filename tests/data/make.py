"""Makes the binary files that the reading tests use, and `truth.json`: what each of them says.

    python -m tests.data.make

Needs reportlab, python-docx, python-pptx, openpyxl, and a `chromium` on the path for `chromium.pdf` and
`notice.pdf` (left as they are where there is none). Truth is what was put in, never what the reader made
of it."""

from __future__ import annotations

import json
import shutil
import subprocess
import tempfile
from pathlib import Path

from tests.data import make_office, make_pdf, make_sheets

HERE = Path(__file__).parent


def chromium_pdf(name: str) -> None:
    """Prints a page to PDF with a browser: `chromium` has lists, tables and two columns, `notice` a box
    beside the text, merged cells, and a table in stripes."""
    program = shutil.which("chromium")
    if program is None:
        print(f"no chromium: {name}.pdf left as it is")
        return
    with tempfile.TemporaryDirectory() as profile:
        subprocess.run(
            [
                program,
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
                f"--user-data-dir={profile}",
                "--no-pdf-header-footer",
                f"--print-to-pdf={HERE / name}.pdf",
                (HERE / f"{name}.html").as_uri(),
            ],
            check=True,
            capture_output=True,
        )


def main() -> None:
    truth = make_pdf.make(HERE) | make_office.make(HERE) | make_sheets.make(HERE)
    (HERE / "truth.json").write_text(json.dumps(truth, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    chromium_pdf("chromium")
    chromium_pdf("notice")


if __name__ == "__main__":
    main()
