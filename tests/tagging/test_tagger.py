"""The tagger beside its slow twin: the same tags from any source, with any query, on any number of workers."""

from __future__ import annotations

import errno
import os
import stat
from functools import partial
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from repomap_fast.errors import QueryError
from repomap_fast.languages.table import find_language
from repomap_fast.languages.tags_query import read_tags_query
from repomap_fast.tables import NO_SCOPE, ROLE_DEFINITION, FileStatus
from repomap_fast.tagging import _tagger
from repomap_fast.tagging.tagger import compile_queries
from support.made_scans import (
    columns,
    names,
    our_query,
    queries_folder,
    reference_rows,
    rows,
    scan_files,
    scan_source,
    status,
)
from support.strategies import (
    CURSOR_FORMS,
    LANGUAGES_WITH_CASES,
    LANGUAGES_WITH_TWIN,
    broken_sources,
    case_sources,
    queries,
)

languages = st.sampled_from(LANGUAGES_WITH_TWIN)


@settings(max_examples=150)
@given(data=st.data(), language=languages)
def test_broken_sources_give_the_tags_of_the_slow_twin(data: st.DataObject, language: str, folder: Path) -> None:
    source = data.draw(broken_sources(language))
    assert rows(scan_source(folder, source, language, queries_alone=True)) == reference_rows(source, language)


@pytest.mark.parametrize("character", ["x", "é", "中", "😀", "\ufeff", "\n", "\r\n", "\t"])
@pytest.mark.parametrize("language", ["python", "c"])
def test_no_character_is_read_otherwise_where_the_lexer_gets_its_next_piece(
    character: str, language: str, folder: Path
) -> None:
    comment = "#" if language == "python" else "//"
    name = f"de{character}fg"
    line = f"class {name}: x = {name}(1)\n" if language == "python" else f"int {name}(void) {{ return {name}(1); }}\n"
    for n_bytes_before in range(6):
        # The piece ends there, in or beside the character: 64 kB, see core.c.
        n_padding = 65536 - n_bytes_before - len(comment) - 1 - line.index(character)
        source = f"{comment}{'.' * n_padding}\n{line}{line}".encode()
        assert rows(scan_source(folder, source, language, queries_alone=True)) == reference_rows(source, language)


@pytest.mark.parametrize("language", LANGUAGES_WITH_TWIN)
def test_comments_between_all_lines_stand_beside_what_is_popped(language: str, folder: Path) -> None:
    # They are on the parser's stack, and count for nothing; so do those that it takes for errors.
    mark = {"python": "#", "ruby": "#", "bash": "#", "make": "#", "lua": "--"}.get(language, "//")
    for source in case_sources(language)[:6]:
        lines = source.decode(errors="replace").splitlines()
        commented = "".join(f"{line}\n{mark} about it\n{mark} and more\n" for line in lines).encode()
        assert rows(scan_source(folder, commented, language, queries_alone=True)) == reference_rows(commented, language)


_COMMENT_LINES = (
    "#\n",
    "# é\n",
    "    # b\n",
    "\t# 中\n",
    "#\r\n",
    "# \\\n",
    f"#{'.' * 40_000}\n",
)
_BETWEEN_COMMENTS = ("\n", "  \n", "\f\n", "\r", "\\\n", "\\\r\n", "\ufeff", "    ")
_CODE = (
    "def f():\n",
    "    a = g()\n",
    "class A:\n",
    "if x:\n",
    "else:\n",
    "try:\n",
    "except E:\n",
    "'''",
    "f'{",
    "(",
    ")\n",
)


@settings(max_examples=100)
@given(pieces=st.lists(st.sampled_from(_COMMENT_LINES * 2 + _BETWEEN_COMMENTS + _CODE), max_size=24))
def test_comments_of_python_that_are_passed_at_once_are_read_as_one_by_one(pieces: list[str], folder: Path) -> None:
    source = "".join(pieces).encode()
    every_node = "(_) @name.reference.node"
    found = scan_source(folder, source, "python", queries=queries_folder(folder / "queries", python=every_node))
    assert rows(found) == reference_rows(source, "python", every_node)
    assert rows(scan_source(folder, source, "python")) == reference_rows(source, "python")


@pytest.mark.parametrize("indentation", ["", "    "])
def test_many_comments_of_python_take_no_more_than_their_length(indentation: str, folder: Path) -> None:
    # Python's scanner passes all that follow for each of them: a minute.
    source = "def f():\n    g()\n" + f"{indentation}# comment\n" * 50_000 + "h()\n"
    found = scan_source(folder, source.encode(), "python", timeout_per_file=5)
    assert status(found) is FileStatus.TAGGED
    assert names(found)[-1] == "h"


@settings(max_examples=100)
@given(data=st.data(), language=st.sampled_from(["c", "python", "javascript", "go"]), is_left_to_cursor=st.booleans())
def test_any_query_gives_the_tags_of_the_slow_twin(
    data: st.DataObject, language: str, is_left_to_cursor: bool, folder: Path
) -> None:
    forms = {"forms": CURSOR_FORMS} if is_left_to_cursor else {}
    query = data.draw(queries(language, **forms))
    source = data.draw(st.sampled_from(case_sources(language)))
    try:
        expected = reference_rows(source, language, query)
    except Exception:  # the core refuses patterns that can never match; ours must refuse the same
        with pytest.raises(QueryError):
            scan_source(folder, source, language, queries=queries_folder(folder / "queries", **{language: query}))
        return
    found = scan_source(folder, source, language, queries=queries_folder(folder / "queries", **{language: query}))
    assert rows(found) == expected


@pytest.mark.parametrize("language", LANGUAGES_WITH_CASES)
def test_our_queries_are_proved_to_match(language: str) -> None:
    # The proof is left out when they are compiled for a scan: here it is made.
    from repomap_fast.languages.grammars import load_grammar
    from repomap_fast.languages.table import LANGUAGES, find_language

    grammar = LANGUAGES[find_language(language)].grammar
    query = _tagger.TagsQuery(load_grammar(grammar), our_query(language).encode(), check_patterns=True, bmp_only=False)
    assert query.capture_names


def test_any_number_of_workers_gives_the_same_bytes(tmp_path: Path) -> None:
    sources = {
        f"{language}/{i}-{copy}".encode(): source
        for language in LANGUAGES_WITH_CASES
        for i, source in enumerate(case_sources(language))
        for copy in range(8)
    }
    language_of = {path: path.partition(b"/")[0].decode() for path in sources}
    one = columns(scan_files(tmp_path, sources, language_of, workers=1))
    for workers in (2, 8):
        assert columns(scan_files(tmp_path, sources, language_of, workers=workers)) == one


def test_the_tables_keep_what_they_promise(tmp_path: Path) -> None:
    sources = {f"{i}".encode(): source for i, source in enumerate(case_sources("python") + case_sources("python"))}
    result = scan_files(tmp_path, sources, "python", workers=2)
    files, tags = result.file_table, result.tag_table
    assert files.tag_offsets[0] == 0
    assert files.tag_offsets[-1] == len(tags)
    assert (np.diff(files.tag_offsets.astype(np.int64)) >= 0).all()
    assert tags.name_ids.max() < len(tags.names)
    assert tags.kind_ids.max() < len(tags.kinds)
    assert list(tags.kinds) == sorted(tags.kinds)
    first_uses = np.unique(tags.name_ids, return_index=True)[1]
    assert (np.diff(first_uses) > 0).all(), "names are numbered in the order of their first use"
    assert len(set(tags.names)) == len(tags.names)
    for start, end in zip(files.tag_offsets[:-1].tolist(), files.tag_offsets[1:].tolist(), strict=True):
        places = list(zip(tags.rows[start:end].tolist(), tags.columns[start:end].tolist(), strict=True))
        assert places == sorted(places)
        scopes = tags.scope_tag_ids[start:end]
        enclosing = scopes[scopes != NO_SCOPE]
        assert ((enclosing >= start) & (enclosing < end)).all()
        assert (tags.roles[enclosing] == ROLE_DEFINITION).all()


PYTHON = "class Käse:\n    def essen(self):\n        return brot()\n"
FOUND = ["Käse", "essen", "brot"]


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        (PYTHON.encode(), FOUND),
        (b"\xef\xbb\xbf" + PYTHON.encode(), FOUND),
        (b"\xff\xfe" + PYTHON.encode("utf-16-le"), FOUND),
        (b"\xfe\xff" + PYTHON.encode("utf-16-be"), FOUND),
        (PYTHON.replace("\n", "\r\n").encode(), FOUND),
        (PYTHON.rstrip().encode(), FOUND),
        (b"\xff\xfe" + "def \U00010400(): pass\n".encode("utf-16-le"), ["\U00010400"]),
        (b"\xff\xfe" + "def f(): pass\n".encode("utf-16-le") + b"\x00", ["f"]),
        (b"\xff\xfe" + "x()\n".encode("utf-16-le") + b"\x00\xd8" + "\ny()\n".encode("utf-16-le"), ["x", "y"]),
        (b"def f(): pass\n\xff\xfe\xfa\ndef g(): pass\n", ["f", "g"]),
        (b"x" * 2_000_000 + b"()", ["x" * 2_000_000]),
        (b"f(" + b"a, " * 400_000 + b"b)", ["f"]),
    ],
    ids=["utf-8", "bom", "utf-16-le", "utf-16-be", "crlf", "no end", "astral", "odd byte", "lone surrogate",
         "invalid", "long name", "long line"],
)  # fmt: skip
def test_encodings(source: bytes, expected: list[str], tmp_path: Path) -> None:
    assert names(scan_source(tmp_path, source, "python")) == expected


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        (b"", FileStatus.NO_TAGS),
        (b"\n", FileStatus.NO_TAGS),
        (b"\xef\xbb\xbf", FileStatus.NO_TAGS),
        (b"\xff\xfe", FileStatus.NO_TAGS),
        (b"def f(): pass\0\n", FileStatus.BINARY),
        (b"\xff\xfe\x00\x00d\x00\x00\x00", FileStatus.BINARY),
        (b"def f(): pass\n", FileStatus.TAGGED),
    ],
)
def test_what_becomes_of_a_file(source: bytes, expected: FileStatus, tmp_path: Path) -> None:
    assert status(scan_source(tmp_path, source, "python")) == expected


def test_a_file_beyond_the_largest_size_is_not_read(tmp_path: Path) -> None:
    (file,) = scan_source(tmp_path, b"f()\n" * 100, "python", max_file_size=399).files
    assert (file.status, file.reason) == (FileStatus.TOO_LARGE, "too large: 400 bytes, limit 399 bytes")
    assert status(scan_source(tmp_path, b"f()\n" * 100, "python", max_file_size=400)) == FileStatus.TAGGED


def test_a_file_that_is_gone_says_so(tmp_path: Path) -> None:
    result = scan_files(tmp_path, {b"gone": None, b"here": b"f()"}, "python")
    assert status(result, b"gone") == FileStatus.UNREADABLE
    assert result.file_table.errnos.tolist() == [errno.ENOENT, 0]
    assert result.file("gone").reason == f"unreadable: {os.strerror(errno.ENOENT)}"
    assert names(result) == ["f"]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no FIFOs on this system")
def test_what_has_become_a_fifo_or_a_link_is_not_read(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "fifo")
    (tmp_path / "target").write_text("secret()")
    (tmp_path / "link").symlink_to("target")
    result = scan_files(tmp_path, {b"fifo": None, b"link": None, b"plain": b"f()"}, "python")
    assert [file.status for file in result.files] == [FileStatus.UNREADABLE] * 2 + [FileStatus.TAGGED]
    assert names(result) == ["f"]


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may read everything")
def test_a_file_without_permission_says_so(tmp_path: Path) -> None:
    (tmp_path / "closed").write_text("f()")
    (tmp_path / "closed").chmod(stat.S_IWUSR)
    assert scan_files(tmp_path, {b"closed": None}, "python").file_table.errnos.tolist() == [errno.EACCES]


@pytest.mark.parametrize("path", [b"a b.py", b"new\nline", b"caf\xc3\xa9", b"-n", b"d/" * 40 + b"deep", b"\xff\xfe"])
def test_any_path_is_read(path: bytes, tmp_path: Path) -> None:
    try:
        result = scan_files(tmp_path, {path: b"f()"}, "python")
    except OSError:
        pytest.skip("this file system does not take such a name")
    assert names(result) == ["f"]
    assert os.fsencode(result.tags[0].path) == path


def test_both_capture_styles_mean_the_same(tmp_path: Path) -> None:
    source = case_sources("python")[0]
    one = queries_folder(tmp_path / "one", python="(function_definition name: (identifier) @name) @definition.function")
    two = queries_folder(
        tmp_path / "two",
        python="(function_definition name: (identifier) @name.definition.function) @definition.function",
    )
    found = [rows(scan_source(tmp_path, source, "python", queries=queries)) for queries in (one, two)]
    assert found[0] == found[1] != []


def test_a_users_query_may_be_named_as_aider_names_them(tmp_path: Path) -> None:
    (tmp_path / "python-tags.scm").write_text("(call function: (identifier) @name.reference.mine)")
    result = scan_source(tmp_path, b"f()", "python", queries=tmp_path)
    assert [(tag.name, tag.kind) for tag in result.tags] == [("f", "mine")]


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("(function_definition", r"python\.scm, line 1, column 21: syntax error"),
        ("\n (no_such_node) @name", r"line 2, column 3: the grammar has no such node, at 'no_such_node\) @name'"),
        ("(call no_such: (_) @name)", "the grammar has no such field"),
        ("(call (module) @name)", "a pattern that can never match"),
        ("((call) @name (#eq? @other 1))", "no such capture"),
    ],
)
def test_a_query_that_does_not_fit_says_where(query: str, message: str, tmp_path: Path) -> None:
    queries_dir = queries_folder(tmp_path / "queries", python=query)
    with pytest.raises(QueryError, match=message):
        scan_source(tmp_path, b"f()", "python", queries=queries_dir)


def test_the_compiled_half_checks_what_it_is_given() -> None:
    query = compile_queries([read_tags_query(0, None)]).by_language[0]
    assert query is not None
    options = {"max_file_bytes": 1, "max_file_memory_bytes": 1, "file_timeout_s": 1.0}
    offsets, data, ids = np.array([0, 1], np.uint64), np.zeros(1, np.uint8), np.zeros(1, np.uint16)
    files = _tagger.FileList(b"/", offsets, data, ids, [query], bytes(16), **options)
    with pytest.raises(IndexError, match="file 1 of 1"):
        _tagger.TagWorker(files).tag_files(np.array([1], np.uint32))
    with pytest.raises(ValueError, match="path_offsets"):
        _tagger.FileList(b"/", np.array([0, 2], np.uint64), data, ids, [query], bytes(16), **options)
    with pytest.raises(ValueError, match="path_offsets"):
        _tagger.FileList(b"/", np.array([0], np.uint64), data, ids, [query], bytes(16), **options)
    with pytest.raises(TypeError):
        _tagger.FileList(b"/", offsets, data, ids, ["no query"], bytes(16), **options)
    with pytest.raises(ValueError, match="configured once"):
        query.configure([], [])
    with pytest.raises(ValueError, match="PyCapsule"):
        _tagger.TagsQuery(object(), b"", check_patterns=True, bmp_only=False)
    with pytest.raises(IndexError):
        _tagger.TagWorker(files).text(0)
    with pytest.raises(ValueError, match="1 verdicts for 0 tags"):
        _tagger.TagWorker(files).drop_tags(np.zeros(1, np.uint8))


def test_a_capture_that_nobody_asks_for_takes_no_match_away(tmp_path: Path) -> None:
    # Without the first capture the cursor took rows of siblings that end at one name for the same match.
    source, query = b"int f(a, b, c, d);", "((identifier) @_first (identifier) @name.definition.function)"
    found = scan_source(tmp_path, source, "c", queries=queries_folder(tmp_path / "queries", c=query))
    assert rows(found) == reference_rows(source, "c", query)


def test_a_name_that_holds_a_definition_is_not_within_it(tmp_path: Path) -> None:
    source = b"class A { [Symbol.iterator]() {} }"
    query = "(method_definition) @name.reference.whole (computed_property_name (_) @name) @definition.property"
    found = scan_source(tmp_path, source, "javascript", queries=queries_folder(tmp_path / "q", javascript=query))
    assert rows(found) == reference_rows(source, "javascript", query)


@pytest.mark.parametrize("language", LANGUAGES_WITH_CASES)
def test_no_query_of_ours_is_left_to_the_cursor_as_a_whole(language: str) -> None:
    # It was where a pattern begins with a name that the grammar gives to another node: Go, Swift and TypeScript.
    queries_of_language = compile_queries([read_tags_query(find_language(language), None)])
    assert [query.is_walked for query in queries_of_language.by_language if query] == [True]


def test_a_text_that_grows_beyond_what_positions_can_say_is_too_large(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(_tagger, "FileList", partial(_tagger.FileList, max_text_bytes=90))
    for n, expected in ((25, FileStatus.NO_TAGS), (35, FileStatus.TOO_LARGE)):
        # Each of these takes two bytes in UTF-16 and three in UTF-8: 70 bytes become 105.
        source = b"\xff\xfe" + ("#" + "\u4e00" * (n - 1)).encode("utf-16-le")
        assert status(scan_source(tmp_path, source, "python")) == expected
    assert status(scan_source(tmp_path, b"#" * 91, "python")) == FileStatus.TOO_LARGE


def test_the_text_of_a_file_counts_against_its_memory(tmp_path: Path) -> None:
    def status_of(source: bytes) -> FileStatus:
        return status(scan_source(tmp_path, source, "python", max_file_memory=8 << 20))

    megabyte = b"#" * (1 << 20)
    assert status_of(megabyte * 5) == FileStatus.NO_TAGS
    assert status_of(megabyte * 9) == FileStatus.OUT_OF_MEMORY
    # In UTF-16 it is there once more, in UTF-8.
    assert status_of(b"\xff\xfe" + (megabyte * 2).decode().encode("utf-16-le")) == FileStatus.NO_TAGS
    assert status_of(b"\xff\xfe" + (megabyte * 3).decode().encode("utf-16-le")) == FileStatus.OUT_OF_MEMORY
