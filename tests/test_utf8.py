"""Texts that are not UTF-8, for outputs that are."""

from __future__ import annotations

import json
import os
import subprocess
from base64 import b64decode
from pathlib import Path
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from repomap_fast.utf8 import json_path_members, path_in_base64, utf8_document, utf8_text
from support.command_runs import COMMAND, environment


@given(st.binary(max_size=12))
def test_a_path_comes_back_from_its_bytes(path: bytes) -> None:
    for given_path in (path, os.fsdecode(path)):
        document = json.loads("{" + json_path_members(given_path) + "}")
        assert document["path"] == path.decode("utf-8", "replace")
        assert (
            b64decode(document["path_bytes"]) == path
            if "path_bytes" in document
            else os.fsencode(document["path"]) == path
        )


@given(st.text(st.characters(codec=None), max_size=8))
def test_any_text_becomes_utf_8(text: str) -> None:
    utf8_text(text).encode()


def test_half_a_character_of_utf_16_is_no_byte() -> None:
    assert utf8_text("a\ud800b") == "a\N{REPLACEMENT CHARACTER}b"
    assert path_in_base64("a\ud800b") is None


def test_documents_keep_what_is_utf_8_and_tell_bytes_of_paths() -> None:
    document = {"path": "a\udcff", "n": 1, "inner": [{"root": Path("é"), "name": "\udcff", "file": None}]}
    assert utf8_document(document) == {
        "path": "a\N{REPLACEMENT CHARACTER}",
        "path_bytes": "Yf8=",
        "n": 1,
        "inner": [{"root": "é", "name": "\N{REPLACEMENT CHARACTER}", "file": None}],
    }


@pytest.fixture(scope="module")
def odd_root(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """A folder whose own name, a file's name, a tag's name and a line of source are not UTF-8."""
    root = os.fsencode(tmp_path_factory.mktemp("odd")) + b"/root\xff"
    os.mkdir(root)
    with open(root + b"/shape\xfe.py", "wb") as file:
        file.write(b"def draw_\xff_shape():  # \xfd\n    return area()\n\ndef area():\n    return 1\n")
    return root


@pytest.mark.parametrize(
    "arguments",
    [
        ["scan", "-f", "json"],
        ["scan", "-f", "jsonl"],
        ["scan", "-f", "csv"],
        ["scan", "-f", "ctags"],
        ["map"],
        ["map", "--format", "json"],
        ["map", "--format", "xml"],
        ["map", "--format", "markdown"],
        ["search", "area", "--format", "json"],
        ["explain", "area", "--format", "json"],
        ["cache", "info", "--format", "json"],
    ],
    ids=" ".join,
)
def test_every_command_writes_utf_8(arguments: list[str], odd_root: bytes, tmp_path: Path) -> None:
    cache = {"REPOMAP_FAST_CACHE_DIR": str(tmp_path / "cache")}
    subprocess.run([*COMMAND, "scan", "-q", odd_root], check=True, env=environment() | cache)
    place = [odd_root]
    done = subprocess.run([*COMMAND, *arguments, *place], check=False, capture_output=True, env=environment() | cache)
    assert done.returncode == 0, done.stderr
    text = done.stdout.decode("utf-8", "strict")
    if arguments[-1] in ("json", "jsonl"):
        for document in text.splitlines() if arguments[-1] == "jsonl" else [text]:
            json.dumps(json.loads(document), ensure_ascii=False).encode("utf-8", "strict")
    if arguments[-1] == "xml":
        ElementTree.fromstring(text)
