"""Tests of the text of a file as the tagger reads it."""

from __future__ import annotations

import codecs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from repomap_fast.tagging import source_text as source_text_module
from repomap_fast.tagging.source_text import source_text


@pytest.mark.parametrize("mark", [codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE])
def test_utf_16_becomes_utf_8(mark: bytes) -> None:
    encoding = "utf-16-le" if mark == codecs.BOM_UTF16_LE else "utf-16-be"
    assert source_text(mark + "def ü():\n".encode(encoding)) == "def ü():\n".encode()


def test_a_byte_order_mark_is_left_out() -> None:
    assert source_text(codecs.BOM_UTF8 + b"x = 1\n") == b"x = 1\n"


def test_other_bytes_stay_as_they_are() -> None:
    assert source_text(b"x = '\xff\xfe'\r\n") == b"x = '\xff\xfe'\r\n"


def test_a_text_of_many_pieces_is_decoded_as_a_whole() -> None:
    text = "aü" * 100_000
    assert source_text(codecs.BOM_UTF16_LE + text.encode("utf-16-le")) == text.encode()


@given(
    st.lists(st.sampled_from(("a", "\n", "é", "中", "\N{GRINNING FACE}", "\ud800", "\udc00")), max_size=12),
    st.booleans(),
    st.data(),
)
def test_utf16_is_read_alike_whatever_blocks_it_is_in(characters: list[str], is_odd: bool, data: st.DataObject) -> None:
    raw = "".join(characters).encode("utf-16-le", "surrogatepass") + b"\x41" * is_odd
    expected = raw.decode("utf-16-le", "replace").encode()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(source_text_module, "_PIECE_BYTES", data.draw(st.integers(1, 20)))
        assert source_text(b"\xff\xfe\0\0" + raw) == b"\0" + expected
