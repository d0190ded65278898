"""stamps: what changes when a file or a folder changes."""

from __future__ import annotations

import os
import time
from pathlib import Path

from repomap_fast.discovery import stamps
from repomap_fast.discovery.stamps import are_current, settled_stamp, stamp_of


def test_a_stamp_changes_with_the_file(tmp_path: Path) -> None:
    path = os.fsencode(tmp_path / "a")
    assert stamp_of(path) is None
    (tmp_path / "a").write_text("one")
    before = stamp_of(path)
    assert before == stamp_of(path)
    (tmp_path / "a").write_text("longer")
    assert stamp_of(path) != before
    (tmp_path / "b").write_text("longer")
    longer = stamp_of(path)
    (tmp_path / "b").replace(tmp_path / "a")
    assert stamp_of(path) != longer


def test_a_link_has_the_stamp_of_what_it_leads_to(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("one")
    (tmp_path / "b").symlink_to("a")
    assert stamp_of(os.fsencode(tmp_path / "b")) == stamp_of(os.fsencode(tmp_path / "a"))


def test_what_has_just_changed_is_not_settled(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("one")
    path, now_ns = os.fsencode(tmp_path / "a"), time.time_ns()
    assert settled_stamp(path, now_ns) == ()
    assert settled_stamp(path, now_ns + 2 * stamps.GRAIN_NS) == stamp_of(path)
    assert settled_stamp(os.fsencode(tmp_path / "none"), now_ns) is None


def test_stamps_are_current_until_one_of_their_files_changes_comes_or_goes(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("one")
    a, b = (os.fsencode(tmp_path / name) for name in "ab")
    known = {a: stamp_of(a), b: stamp_of(b)}
    assert are_current(known)
    assert not are_current({**known, a: settled_stamp(a, time.time_ns())})
    (tmp_path / "b").touch()
    assert not are_current(known)
    (tmp_path / "b").unlink()
    (tmp_path / "a").write_text("longer")
    assert not are_current(known)
