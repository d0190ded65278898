"""JSON Lines: every tag, its path as bytes, and nothing beyond bounds."""

from __future__ import annotations

import json
import os
from pathlib import Path

from repomap_fast.cli.formats import Format
from repomap_fast.joining.result import ScanResult
from repomap_fast.joining.scopes import MAX_SCOPE_NAMES
from repomap_fast.tables import (
    NO_SCOPE,
)
from support.made_results import DEFINITION, FUNCTION, ODD_PATHS, as_tag, expected_tags, make_result, written


def test_jsonl_says_what_the_tags_say(made_result: ScanResult) -> None:
    lines = written(made_result, Format.JSONL).decode().split("\n")
    assert lines.pop() == ""
    entries = [json.loads(line) for line in lines]
    assert [as_tag(entry) for entry in entries] == expected_tags(made_result)
    for entry in entries:
        assert ("end_line" in entry) == (entry["role"] == "definition")
        assert "scope" in entry


def test_jsonl_keeps_the_bytes_of_paths(made_result: ScanResult) -> None:
    lines = written(made_result, Format.JSONL).decode().splitlines()
    paths = {os.fsencode(as_tag(json.loads(line)).path) for line in lines}
    assert paths == {b"shape.py", *ODD_PATHS}
    with_bytes = {json.loads(line)["path"] for line in lines if "path_bytes" in json.loads(line)}
    assert with_bytes == {"dir/\N{REPLACEMENT CHARACTER}x.py"}


def test_jsonl_does_not_escape_what_is_utf_8(made_result: ScanResult) -> None:
    assert '"name":"é😀"'.encode() in written(made_result, Format.JSONL)


def test_jsonl_of_nothing_is_nothing(tmp_path: Path) -> None:
    assert written(make_result(tmp_path, {}), Format.JSONL) == b""


def test_scopes_deeper_than_any_program_are_cut(tmp_path: Path) -> None:
    depth = 5000
    tags = [(b"f%d" % i, DEFINITION, FUNCTION, i, i, i - 1 if i else NO_SCOPE) for i in range(depth)]
    text = written(make_result(tmp_path, {b"deep.js": tags}), Format.JSONL)
    for line in text.splitlines():
        # A scope stands in a line twice: as such, and in the id.
        entry = json.loads(line)
        assert len(line) < 2 * len(entry["scope"] or "") + 200
        assert len(entry["scope"] or "") < 1000
    scope = entry["scope"].split(".")
    assert scope == [f"f{i}" for i in range(depth - 1 - MAX_SCOPE_NAMES, depth - 1)]
