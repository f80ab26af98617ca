"""When two sources give different answers: figures and dates that exclude each other, and nothing else."""

from __future__ import annotations

import pytest

from assistant.reading.disagree import disagree


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("9. februar 2024", "fredag 8. februar"),
        ("11 000", "om lag 100 000 ansatte"),
        ("41 tiltak", "femten tiltak"),
        ("22 milliarder kroner", "50 mrd. kr"),
        ("2019", "2021"),
        ("9 February 2024", "den 8. februar 2024"),
    ],
)
def test_what_excludes_each_other(one: str, other: str) -> None:
    assert disagree(one, other)
    assert disagree(other, one)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("2024", "9. februar 2024"),
        ("juni 2023", "2. juni 2023"),
        ("22 milliarder kroner", "22 mrd. kr"),
        ("sju kommuner", "7 kommuner"),
        ("65 milliarder kroner", "70 prosent"),
        ("Bayer", "Pharmaq"),
        ("fordi det er dyrt", "41 tiltak"),
        ("", "41"),
    ],
)
def test_what_may_both_be_true(one: str, other: str) -> None:
    assert not disagree(one, other)
    assert not disagree(other, one)
