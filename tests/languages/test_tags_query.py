"""Tags queries: which file is read, what it inherits, and what its key depends on."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from repomap_fast.errors import QueryError
from repomap_fast.languages import tags_query
from repomap_fast.languages.repetition import repeat_within
from repomap_fast.languages.table import GUESTS, LANGUAGES, PARSED_LANGUAGES, find_language
from repomap_fast.languages.tags_query import (
    EXTENT,
    NAME,
    NAMED,
    OUR_QUERIES,
    UNUSED,
    describe_position,
    query_key,
    read_query,
    read_tags_query,
    split_capture,
)

PYTHON = find_language("python")


def write(folder: Path, **texts: str) -> Path:
    for name, text in texts.items():
        (folder / f"{name}.scm").write_text(text)
    return folder


def test_every_language_has_a_query_and_every_query_is_used() -> None:
    read = {row.name: read_query(OUR_QUERIES / f"{row.name}.scm") for row in PARSED_LANGUAGES}
    read |= {row.name: read_query(path) for row in LANGUAGES if (path := OUR_QUERIES / f"{row.name}.scm").is_file()}
    for path in OUR_QUERIES.glob("*.scm"):
        repeated = repeat_within(path.read_bytes(), 1 << 20)
        assert any(repeated in text for text in read.values()), path.name


def test_a_query_of_ours_is_made_once_for_each_choice_of_macros() -> None:
    c = find_language("c")
    texts = [read_tags_query(c, None, macros) for macros in ((), ["SETUP=@"], ["SETUP=@"])]
    assert texts[1] is texts[2]
    assert texts[0].key != texts[1].key


def test_a_query_of_the_user_is_read_anew_and_ours_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[Path] = []

    def noted(path: Path, max_bytes: int) -> bytes:
        read.append(path)
        return path.read_bytes()

    read_tags_query(PYTHON, None)
    monkeypatch.setattr(tags_query, "read_regular", noted)
    (tmp_path / "python.scm").write_text("(identifier) @name.reference.call\n")
    first = read_tags_query(PYTHON, tmp_path).source
    (tmp_path / "python.scm").write_text("(identifier) @name.definition.function\n")
    assert read_tags_query(PYTHON, tmp_path).source != first
    read_tags_query(PYTHON, None)
    assert read == [tmp_path / "python.scm"] * 2


def test_patterns_for_the_files_around_stand_behind_those_of_a_part() -> None:
    text = read_tags_query(find_language("vue"), None)
    added = (OUR_QUERIES / "vue.scm").read_bytes()
    for number, guest in text.guests:
        alone = read_tags_query(find_language(GUESTS[number]), None)
        assert guest.source == alone.source + b"\n" + added
        assert guest.key != alone.key


def test_a_query_inherits_each_text_once_and_before_its_own(tmp_path: Path) -> None:
    write(
        tmp_path,
        ecma="(a) @ecma\n",
        jsx=";; inherits :ecma\n(b) @jsx\n",
        top="; inherits: ecma, jsx\r\n(c) @top\n; inherits: nothing\n",
    )
    text = read_query(tmp_path / "top.scm").decode()
    assert [text.count(f"@{name}") for name in ("ecma", "jsx", "top")] == [1, 1, 1]
    assert text.index("@ecma") < text.index("@jsx") < text.index("@top")


@pytest.mark.parametrize(
    "text", ["(a) @x\n; inherits: ecma\n", "; inherits ecma\n", "; inherits: ../ecma\n", "; inherits:\n", "", ";"]
)
def test_only_a_whole_first_line_inherits(tmp_path: Path, text: str) -> None:
    write(tmp_path, ecma="(a) @ecma\n", top=text)
    assert read_query(tmp_path / "top.scm").decode() == text


def test_a_users_query_inherits_from_its_folder_then_from_ours(tmp_path: Path) -> None:
    own = "(call) @name.reference.mine\n"
    write(tmp_path, python=f"; inherits: python\n{own}", go="; inherits: mine\n", mine=own)
    ours = (OUR_QUERIES / "python.scm").read_text("utf-8")
    extended = read_tags_query(PYTHON, tmp_path)
    assert extended.source.decode() == f"{ours}\n; inherits: python\n{own}"
    assert (extended.is_users, extended.origin) == (True, str(tmp_path / "python.scm"))
    assert own.encode() in read_tags_query(find_language("go"), tmp_path).source


def test_queries_that_inherit_each_other_end(tmp_path: Path) -> None:
    write(tmp_path, one="; inherits: two\n", two="; inherits: one\n")
    with pytest.raises(QueryError, match=r"two\.scm inherits 'one'; expected one\.scm in"):
        read_query(tmp_path / "one.scm")


def test_a_query_that_does_not_exist_is_an_error(tmp_path: Path) -> None:
    write(tmp_path, python="; inherits: pyton\n")
    with pytest.raises(QueryError, match=r"python\.scm inherits 'pyton'; expected pyton\.scm in .* or of ours"):
        read_tags_query(PYTHON, tmp_path)


def test_an_error_of_the_query_is_found_below_what_it_inherits(tmp_path: Path) -> None:
    """Positions count lines of the file, not of the text that was put together."""
    from repomap_fast.tagging.tagger import compile_queries

    write(tmp_path, python="; inherits: python\n(call) @name.reference.call\n(no_such_node) @x\n")
    with pytest.raises(QueryError, match=r"python\.scm, line 3, column 2: the grammar has no such node"):
        compile_queries([read_tags_query(PYTHON, tmp_path)])


def test_what_is_inherited_belongs_to_the_key(tmp_path: Path) -> None:
    write(tmp_path, python="; inherits: mine\n", mine="(call) @name.reference.one\n")
    before = read_tags_query(PYTHON, tmp_path).key
    assert read_tags_query(PYTHON, tmp_path).key == before
    write(tmp_path, mine="(call) @name.reference.two\n")
    assert read_tags_query(PYTHON, tmp_path).key != before


def test_a_key_is_of_language_grammar_text_and_traits() -> None:
    keys = {
        query_key("python", "python", b"text", (False, False)),
        query_key("pytho", "npython", b"text", (False, False)),
        query_key("python", "python", b"texts", (False, False)),
        query_key("python", "python", b"text", (True, False)),
    }
    assert {len(key) for key in keys} == {16}
    assert len(keys) == 4


def test_the_older_name_of_a_users_query_is_read_too(tmp_path: Path) -> None:
    shutil.copyfile(OUR_QUERIES / "go.scm", tmp_path / "python-tags.scm")
    assert read_tags_query(PYTHON, tmp_path).origin == str(tmp_path / "python-tags.scm")


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("name", (NAME, 0, "")),
        ("definition.class", (EXTENT, 0, "class")),
        ("name.reference.call", (NAMED, 1, "call")),
        ("definition", (UNUSED, 0, "")),
        ("doc", (UNUSED, 0, "")),
    ],
)
def test_a_capture_has_a_use_a_role_and_a_kind(name: str, expected: tuple[int, int, str]) -> None:
    assert split_capture(name) == expected


def test_positions_are_one_based() -> None:
    assert describe_position(b"ab\ncd", 0) == "line 1, column 1"
    assert describe_position(b"ab\ncd", 4) == "line 2, column 2"
