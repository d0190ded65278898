"""The text that aider would parse of a file."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from repomap_fast.compat.aider.sources import read_source, read_text, split_anchors, text_reader


class TestSources:
    @given(st.binary(max_size=60) | st.text("ab\r\n\0é\ufeff ", max_size=30).map(str.encode))
    def test_the_text_is_that_of_a_text_file(self, tmp_path_factory: pytest.TempPathFactory, contents: bytes) -> None:
        path = tmp_path_factory.getbasetemp() / "text_of_a_file"
        path.write_bytes(contents)
        expected = read_text(str(path))
        for is_plain in (True, False):
            source = read_source(str(path), read_text, is_plain=is_plain)
            assert (source.raw.decode() if source else None) == (expected or None)
            assert source is None or source.is_on_disk == (source.raw == contents)

    def test_only_aiders_own_reader_of_utf8_is_plain(self) -> None:
        namespace: dict[str, Any] = {"__name__": "aider.io"}
        exec("class InputOutput:\n    encoding = 'utf-8'\n    def read_text(self, fname): ...\n", namespace)
        theirs = namespace["InputOutput"]()
        assert text_reader(theirs)[1]
        theirs.encoding = "latin-1"
        assert not text_reader(theirs)[1]
        theirs.encoding, theirs.read_text = "utf-8", read_text
        assert text_reader(theirs) == (read_text, False)
        assert text_reader(None) == (read_text, True)

    def test_paths_go_by_what_they_start_from(self) -> None:
        assert split_anchors(["/a", "/b/c", "/d"]) == {"/": [0, 1, 2]}
        assert split_anchors([]) == {}
