"""Texts that are not UTF-8, for outputs that are."""

from __future__ import annotations

import json
import os
from base64 import b64decode
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from repomap_fast.utf8 import base64_of_path, json_path_members, utf8_document, utf8_text


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
    assert base64_of_path("a\ud800b") is None


def test_documents_keep_what_is_utf_8_and_tell_bytes_of_paths() -> None:
    document = {"path": "a\udcff", "n": 1, "inner": [{"root": Path("é"), "name": "\udcff", "file": None}]}
    assert utf8_document(document) == {
        "path": "a\N{REPLACEMENT CHARACTER}",
        "path_bytes": "Yf8=",
        "n": 1,
        "inner": [{"root": "é", "name": "\N{REPLACEMENT CHARACTER}", "file": None}],
    }
