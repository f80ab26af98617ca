"""Keys, principals, groups and limits."""

from __future__ import annotations

import json
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import anyio
import pytest

from assistant.access import LOCAL, NOBODY, TOP, anonymous, covers, group_of, holder
from assistant.access.keys import Keys
from assistant.api.limits import Limits, client_of, network_of
from assistant.errors import (
    KeyNotFound,
    KeysFileBusy,
    KeysFileInvalid,
    KeysFileOpen,
    ServiceBusy,
    TooManyAtOnce,
    TooOften,
)

# --- keys ---------------------------------------------------------------------------------------


@pytest.fixture
def keys(tmp_path: Path) -> Keys:
    return Keys(tmp_path / "keys.json")


def test_a_key_is_who_it_was_made_for(keys: Keys) -> None:
    key, text = keys.make("Kari", "editor", ["hr", "teknisk", "hr"])
    principal = keys.principal(text)
    assert principal == holder(key.id, "editor", frozenset({"hr", "teknisk"}))
    assert principal is not None and principal.may == {"read", "edit"}
    everything = keys.make("Ola", "reader", None)[1]
    found = keys.principal(everything)
    assert found is not None and found.groups is None


def test_nothing_is_kept_that_the_key_could_be_made_of(keys: Keys, tmp_path: Path) -> None:
    _, text = keys.make("Kari", "reader", None)
    kept = (tmp_path / "keys.json").read_text()
    assert text not in kept
    assert text.split("_", 2)[2] not in kept
    assert stat.S_IMODE((tmp_path / "keys.json").stat().st_mode) == 0o600
    assert len(text.split("_", 2)[2]) >= 43


def test_another_key_is_nobodys(keys: Keys) -> None:
    _, text = keys.make("Kari", "reader", None)
    for other in (text[:-1], text + "a", text.swapcase(), "", "ra_x", "ra__", f"x{text}", "\ud800" + text):
        assert keys.principal(other) is None


def test_a_revoked_key_holds_no_longer_also_for_who_has_read_the_file(keys: Keys, tmp_path: Path) -> None:
    key, text = keys.make("Kari", "reader", None)
    other, kept = keys.make("Ola", "reader", None)
    service = Keys(tmp_path / "keys.json")
    assert service.principal(text) is not None
    assert keys.revoke(key.id) == key
    assert service.principal(text) is None
    assert service.principal(kept) is not None
    assert [one.id for one in service.all()] == [other.id]
    with pytest.raises(KeyNotFound):
        keys.revoke(key.id)


@pytest.mark.parametrize("mode", [0o644, 0o640, 0o620, 0o602])
def test_a_file_that_others_reach_lets_nobody_in(keys: Keys, tmp_path: Path, mode: int) -> None:
    _, text = keys.make("Kari", "reader", None)
    assert keys.principal(text) is not None
    (tmp_path / "keys.json").chmod(mode)
    with pytest.raises(KeysFileOpen, match=f"{mode:04o}"):
        keys.principal(text)
    (tmp_path / "keys.json").chmod(0o600)
    assert keys.principal(text) is not None


@pytest.mark.parametrize("content", ["", "{", "[]", '{"keys": 1}', '{"keys": [{"id": "a"}]}', '{"keys": [1]}'])
def test_a_file_that_is_none_lets_nobody_in_and_is_not_written_over(keys: Keys, tmp_path: Path, content: str) -> None:
    file = tmp_path / "keys.json"
    file.touch(0o600)
    file.write_text(content)
    with pytest.raises(KeysFileInvalid):
        keys.principal("ra_00000000_x")
    with pytest.raises(KeysFileInvalid):
        keys.make("Kari", "reader", None)
    assert file.read_text() == content


def test_keys_made_at_once_are_all_there(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        texts = list(pool.map(lambda n: Keys(tmp_path / "keys.json").make(str(n), "reader", None)[1], range(16)))
    keys = Keys(tmp_path / "keys.json")
    assert len(json.loads((tmp_path / "keys.json").read_text())["keys"]) == 16
    assert all(keys.principal(text) for text in texts)
    assert {file.name for file in tmp_path.iterdir()} <= {"keys.json", "keys.json.lock"}


def test_a_file_that_another_changes_is_waited_for(
    keys: Keys, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from filelock import FileLock

    monkeypatch.setattr("assistant.access.keys._WAIT_SECONDS", 0.1)
    with FileLock(str(tmp_path / "keys.json.lock")), pytest.raises(KeysFileBusy):
        keys.make("Kari", "reader", None)


def test_without_a_file_there_are_no_keys(keys: Keys) -> None:
    assert keys.all() == ()
    assert keys.principal("ra_00000000_x") is None


# --- groups -------------------------------------------------------------------------------------


def test_a_group_is_the_top_folder() -> None:
    assert group_of("hr/2024/lønn.pdf") == "hr"
    assert group_of("plan.md") == TOP
    assert group_of("a\u030as/a.md") == group_of("\u00e5s/a.md") == "\u00e5s"


def test_what_each_sees() -> None:
    assert LOCAL.sees("hr/a.md") and not NOBODY.sees("hr/a.md") and not NOBODY.sees("a.md")
    one = holder("k", "reader", frozenset({"hr"}))
    assert one.sees("hr/a/b.md")
    assert not one.sees("hrx/a.md") and not one.sees("a.md") and not one.sees("HR/a.md")
    assert not holder("k", "reader", frozenset()).sees("a.md")


@pytest.mark.parametrize(
    ("groups", "wanted", "expected"),
    [
        (None, None, True),
        (None, frozenset({"a"}), True),
        (frozenset({"a"}), None, False),
        (frozenset({"a"}), frozenset({"a"}), True),
        (frozenset({"a"}), frozenset({"a", "b"}), False),
        (frozenset(), frozenset(), True),
    ],
)
def test_covering(groups: frozenset[str] | None, wanted: frozenset[str] | None, expected: bool) -> None:
    assert covers(groups, wanted) is expected


# --- limits -------------------------------------------------------------------------------------


def test_so_many_a_minute_and_no_more() -> None:
    now = [0.0]
    limits = Limits(6, 10, lambda: now[0])
    for _ in range(6):
        limits.count("a")
    with pytest.raises(TooOften) as raised:
        limits.count("a")
    assert raised.value.values == {"limit": 6, "seconds": 10}
    limits.count("b")
    now[0] = 9.9
    with pytest.raises(TooOften):
        limits.count("a")
    now[0] = 10.1
    limits.count("a")
    now[0] = 10_000
    for _ in range(6):
        limits.count("a")
    with pytest.raises(TooOften):
        limits.count("a")


def test_clients_are_forgotten_in_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("assistant.api.limits._REMEMBERED", 3)
    limits = Limits(1, 10)
    for name in "abcd":
        limits.count(name)
    assert len(limits._left) == 3


def _entered(limits: Limits, client: str, limited: bool) -> None:
    with ThreadPoolExecutor(1) as elsewhere:  # an earlier browser test may have left a loop running here
        elsewhere.submit(anyio.run, limits.enter, client, limited, 0.05).result()


def test_so_many_at_once_and_no_more() -> None:
    limits = Limits(0, 10)
    for _ in range(2):
        _entered(limits, "a", True)
    assert not limits.is_free("a", True)
    with pytest.raises(TooManyAtOnce):
        _entered(limits, "a", True)
    _entered(limits, "a", False)
    _entered(limits, "b", True)
    for client in "aaab":
        limits.leave(client)
    assert limits._under_way == {}
    assert limits._line == []


def test_the_service_takes_so_many_of_all() -> None:
    limits = Limits(0, 1)
    _entered(limits, "", False)
    with pytest.raises(ServiceBusy):
        _entered(limits, "b", True)


def test_clients_are_counted_by_key_or_else_by_network() -> None:
    key = holder("k1", "reader", None)
    assert client_of(key, "203.0.113.7") == client_of(key, "203.0.113.8") == "k1"
    assert client_of(anonymous(None), "203.0.113.7") == "203.0.113.7"
    assert network_of("2001:db8:1:2:3::4") == network_of("2001:db8:1:2:ffff::1") != network_of("2001:db8:1:3::1")
    assert network_of("::ffff:203.0.113.7") == "203.0.113.7"
    assert network_of("unix socket") == "unix socket"
