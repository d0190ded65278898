"""query_text: what a text says, zone by zone, and what it may name; any text is read in one pass."""

from __future__ import annotations

import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from repomap_fast.ranking.query_text import NamedPath, QueryText, Zone, looks_like_name, paths_in, read_text, words_in

PATH = re.compile(r"[\w.@+-]+(?:/[\w.@+-]+)+|[\w@+-]+(?:\.[\w@+-]+)+")
"""What is meant, as a pattern that goes back."""

_ISSUE = """Session cookie is lost `on_redirect`

<!-- Please search
first -->
When I call `client.get("/x")` the SessionStore forgets it, see lib/sessions.py:12
and https://example.com/some/page. My version is
numpy: 1.17.2

```python
def handler(request):
    return redirect(request)
```

Traceback (most recent call last):
  File "/home/me/app/sessions.py", line 40, in load_session
    return decode(data)
ValueError: bad signature in token
and that is all.
"""


def _zones(text: QueryText, word: str) -> set[Zone]:
    return {zone for zone in Zone if text.words.get(word.encode(), [0] * 6)[zone]}


@pytest.mark.parametrize(
    ("word", "zones"),
    [
        ("cookie", {Zone.TITLE}),
        ("on_redirect", {Zone.TITLE, Zone.INLINE}),
        ("search", set()),
        ("client", {Zone.INLINE}),
        ("forgets", {Zone.PROSE}),
        ("example", set()),
        ("numpy", set()),
        ("handler", {Zone.CODE}),
        ("decode", {Zone.TRACEBACK}),
        ("signature", {Zone.ERROR}),
        ("that", {Zone.PROSE}),
    ],
)
def test_words_stand_in_their_zone(word: str, zones: set[Zone]) -> None:
    assert _zones(read_text(_ISSUE), word) == zones


def test_an_issue_names_paths_frames_and_identifiers() -> None:
    text = read_text(_ISSUE)
    assert NamedPath(b"lib/sessions.py", 12) in text.paths
    assert [(frame.path, frame.line, frame.function) for frame in text.frames] == [
        (b"/home/me/app/sessions.py", 40, b"load_session")
    ]
    assert text.identifiers[b"SessionStore"][Zone.INLINE], "a name within prose counts as code"
    assert (b"client", b"get") in text.dotted


@pytest.mark.parametrize(
    ("line", "path"),
    [
        ("see src/app.go:7", NamedPath(b"src/app.go", 7)),
        ("see src\\win\\app.cs here", NamedPath(b"src/win/app.cs", 0)),
        ("https://github.com/a/b/blob/main/lib/x.rb#L33-L40", NamedPath(b"lib/x.rb", 33)),
        ("diff --git a/lib/x.rb b/lib/x.rb", NamedPath(b"lib/x.rb", 0)),
        ("--- a/lib/x.rb", NamedPath(b"lib/x.rb", 0)),
        ("in models.py, too", NamedPath(b"models.py", 0)),
        ("src/app.ts(7,12): error TS2304", NamedPath(b"src/app.ts", 7)),
        ("src/app.c(7) : warning", NamedPath(b"src/app.c", 7)),
        ("see lib/x.rb#L33-L40", NamedPath(b"lib/x.rb", 33)),
        ("models.py, line 12, is wrong", NamedPath(b"models.py", 12)),
        ("models.py at line 12", NamedPath(b"models.py", 12)),
        ("look at `models.py` line 12", NamedPath(b"models.py", 12)),
        ("`app/models.py` (line 12)", NamedPath(b"app/models.py", 12)),
        ("on line 12 of models.py", NamedPath(b"models.py", 12)),
        ("Lines 12-19 in the file `app/models.py`", NamedPath(b"app/models.py", 12)),
        ("It is in models.py. Line 12 of it", NamedPath(b"models.py", 0)),
    ],
)
def test_paths_in_all_their_forms(line: str, path: NamedPath) -> None:
    assert path in read_text(f"Title\n\n{line}").paths


def test_names_of_several_parts() -> None:
    dotted = read_text("Title\n\nIn `A.b`, `std::vec::Vec` and Foo#bar, p->next").dotted
    assert set(dotted) == {(b"A", b"b"), (b"std", b"vec", b"Vec"), (b"Foo", b"bar"), (b"p", b"next")}


def test_the_message_of_an_error_names_paths_and_dotted_names() -> None:
    text = read_text("T\n\nImportError: cannot import name 'x' from 'a.b' (/src/a/b.py)")
    assert NamedPath(b"/src/a/b.py", 0) in text.paths
    assert (b"a", b"b") in text.dotted


def test_the_beginning_and_the_end_of_a_long_text_count() -> None:
    text = read_text(
        "Title here\n" + "filler words\n" * 100_000 + '  File "a/b.py", line 3, in last\nValueError: broken\n'
    )
    assert text.words[b"Title"][Zone.TITLE] == 1
    assert [frame.function for frame in text.frames] == [b"last"]


def test_of_a_long_text_words_and_paths_have_the_same_bound() -> None:
    """The text of an issue is piped in: of 40 MB all words were told apart, which took 13 s."""
    text = "first a/first.py " + "middle a/middle.py " * 100_000 + "last a/last.py"
    words, paths = list(words_in(text)), list(paths_in(text))
    assert (words[0], words[-2:], paths[0], paths[-1]) == ("first", ["last", "py"], "a/first.py", "a/last.py")
    assert sum(map(len, words)) < 1 << 18
    assert sum(map(len, paths)) < 1 << 18


def test_abbreviations_are_no_dotted_names() -> None:
    assert not read_text("T\n\nSee e.g. this, i.e. that").dotted


@pytest.mark.parametrize("text", ["It fails\n\nsince `A.M` is empty\n", "`A.M` fails", "T\n\n    A.M(1)\n"])
def test_an_abbreviation_that_is_written_as_code_is_a_dotted_name(text: str) -> None:
    assert (b"A", b"M") in read_text(text).dotted
    assert (b"A", b"M") in read_text("", ["A.M"]).dotted


def test_a_mention_counts_as_code_of_the_title() -> None:
    text = read_text("", ["Task.retry", "apply_async"])
    assert text.words[b"apply_async"][Zone.TITLE] == 1
    assert text.identifiers[b"apply_async"][Zone.INLINE] == 1
    assert (b"Task", b"retry") in text.dotted


def test_terms_weigh_by_zone_and_logarithm() -> None:
    weights = read_text("Retry tasks\n\nretry retry retry the 12 345").term_weights([4, 1, 1, 0.5, 0.5, 1])
    assert weights == pytest.approx({b"retry": 4 + 2, b"task": 4, b"345": 1})


@pytest.mark.parametrize(
    ("word", "looks"),
    [("a_b", True), ("aB", True), ("AbCd", True), ("__init__", True), ("word", False), ("Word", False), ("_x", False)],
)
def test_words_that_look_like_names(word: str, looks: bool) -> None:
    assert looks_like_name(word.encode()) is looks


@given(st.text("ab1_.@+-/ \n(é", max_size=30))
def test_paths_are_what_the_pattern_means(text: str) -> None:
    assert list(paths_in(text)) == PATH.findall(text)


def test_words_do_not_begin_with_digits() -> None:
    assert list(words_in("a1 1a _x größe 12 x.y")) == ["a1", "a", "_x", "größe", "x", "y"]


@given(st.text(max_size=300))
def test_any_text_can_be_read(text: str) -> None:
    read = read_text(text, [text])
    assert all(len(in_zones) == len(Zone) and any(in_zones) for in_zones in read.words.values())


@pytest.mark.parametrize(
    "piece",
    [
        *("deadbeef", "A", "aA", "_", "a_", "a.", "a/", "/", ".", "a.py ", "a/b.py ", "1", "é", "+-@", "Word word "),
        *(
            "x\n",
            "`",
            "`a",
            "``a` ",
            "\\",
            "a::",
            " at a.",
            "  at ",
            "#0 in a ",
            "a(",
            "((",
            "<!--",
            "http://a",
            "a = ",
        ),
        *('File "', "thread '", "a.b:1:", "v1.2 ", "\t", "    x.py:1\n", "at a (b:1:2)\n", "Error: \n", "```\n", "\0"),
    ],
)
def test_a_megabyte_is_read_in_time(piece: str) -> None:
    text = "T\n" + piece * (2**20 // len(piece))
    start = time.process_time()
    read_text(text)
    assert time.process_time() - start < 12, "cost is not linear"
