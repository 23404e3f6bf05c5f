"""The store of coded slices: what it gives back is whole and what was asked for, or nothing."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from studio.clip import PROJECT
from studio.engine.store import Store

NAMES = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "slices")


def only_file(store: Store) -> Path:
    (path,) = store.folder.glob("??/*")
    return path


@given(st.dictionaries(NAMES, st.binary(max_size=200), max_size=6))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40, deadline=None)
def test_what_was_put_comes_back(store: Store, entries: dict[str, bytes]) -> None:
    for name, data in entries.items():
        store.put(name, data)
    assert {name: store.get(name) for name in entries} == entries


def test_what_was_never_put_is_not_there(store: Store) -> None:
    assert store.get("nothing") is None
    assert (store.usage().entries, store.trim(0).entries) == (0, 0)


def test_no_damaged_entry_is_given_out(store: Store) -> None:
    store.put("slice", b"coded pictures" * 20)
    whole = only_file(store).read_bytes()
    for length in range(0, len(whole), 7):
        only_file(store).write_bytes(whole[:length])
        assert store.get("slice") is None
    for position in range(0, len(whole), 5):
        for bit in (0, 7):
            flipped = bytearray(whole)
            flipped[position] ^= 1 << bit
            only_file(store).write_bytes(flipped)
            assert store.get("slice") is None
    only_file(store).write_bytes(whole + b"\0")
    assert store.get("slice") is None
    store.put("slice", b"drawn again")
    assert store.get("slice") == b"drawn again"


def test_an_entry_under_another_name_is_not_accepted(store: Store) -> None:
    store.put("one", b"first")
    one = only_file(store)
    content = one.read_bytes()
    store.put("two", b"second")
    two = next(path for path in store.folder.glob("??/*") if path != one)
    two.write_bytes(content)
    assert store.get("one") == b"first"
    assert store.get("two") is None


def test_a_folder_in_the_place_of_an_entry_is_no_entry(store: Store) -> None:
    store.put("slice", b"data")
    path = only_file(store)
    path.unlink()
    path.mkdir()
    assert store.get("slice") is None


def test_trimming_removes_the_least_recently_used_first(store: Store) -> None:
    for age, name in enumerate(["newest", "newer", "older", "oldest"]):
        before = set(store.folder.glob("??/*"))
        store.put(name, bytes(1000))
        (path,) = set(store.folder.glob("??/*")) - before
        os.utime(path, (1e9 - age, 1e9 - age))
    assert store.get("oldest") is not None  # used now
    gone = store.trim(2500)
    assert (gone.entries, gone.bytes) == (2, 2 * 1032)
    assert [store.get(name) is not None for name in ("oldest", "newest", "newer", "older")] == [
        True,
        True,
        False,
        False,
    ]
    assert store.usage().bytes <= 2500
    assert store.trim(2500).entries == 0
    store.trim(0)
    assert store.usage().entries == 0


@pytest.mark.skipif(os.name != "posix", reason="permissions are POSIX")
def test_an_unwritable_folder_is_said_and_nothing_is_lost(store: Store) -> None:
    store.put("kept", b"data")
    store.folder.with_name("closed").write_text("not a folder")
    with pytest.raises(OSError):
        Store(store.folder.with_name("closed")).put("slice", b"data")
    assert Store(store.folder.with_name("closed")).get("slice") is None
    assert Store(store.folder.with_name("closed")).usage().entries == 0
    assert store.get("kept") == b"data"


WRITER = """
import sys
from pathlib import Path
from studio.engine.store import Store
store = Store(Path(sys.argv[1]))
for number in range(150):
    store.put("same name", sys.argv[2].encode() * (1 + 400 * number))
"""


def test_two_processes_put_the_same_name(store: Store) -> None:
    writers = [subprocess.Popen([sys.executable, "-c", WRITER, store.folder, letter], cwd=PROJECT) for letter in "ab"]
    seen = set()
    while any(writer.poll() is None for writer in writers):
        data = store.get("same name")
        if data is not None:
            assert data == data[:1] * len(data)
            assert len(data) % 400 == 1
            seen.add(data)
    assert [writer.wait() for writer in writers] == [0, 0]
    assert len(seen) > 1
    assert store.usage().entries == 1  # no private name is left


def test_what_a_killed_writer_leaves_is_no_entry_and_is_trimmed(store: Store) -> None:
    store.put("slice", b"data")
    path = only_file(store)
    path.rename(path.with_name(f".{path.name}.abc123"))
    assert store.get("slice") is None
    store.trim(0)
    assert not list(store.folder.glob("??/*"))
