"""Reads the text of a task: an issue, a commit message, a question. Which words stand where, and what do they name?

The text is not trusted: agents pass on issues that anybody can write. So each line is bounded, each pattern is tried on
a line once, and none goes back over more than a few bytes.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import IntEnum
from itertools import groupby
from typing import NamedTuple

import numpy as np

from repomap_fast.languages.table import LANGUAGES
from repomap_fast.paths import encoded
from repomap_fast.ranking.stop_words import GRAMMAR_WORDS, STOP_WORDS
from repomap_fast.ranking.traceback_lines import FRAME_MARKS, Frame, frame_in
from repomap_fast.tagging.words import terms_in

_MOST_CHARACTERS = 1 << 18
"""Four times what an issue may have where most are kept. Of a longer text the first three quarters of these count, and
the last quarter: a log ends with what went wrong."""
_MOST_OF_LINE = 2_000
_MOST_NAMES = 1_000
"""Distinct identifiers, dotted names, paths and frames that are taken, the first ones of each."""
_LONGEST_NAME = 200
_LONGEST_CODE = 100
"""Inline code that may be a name of any characters."""

_FENCE = re.compile(r"\s*(?:```|~~~)")
_INLINE = re.compile(r"(?<!`)(`{1,2})(?!`)([^`\n]{1,200})\1(?!`)")
_URL = re.compile(r"(?:https?|ftp)://[^\s<>)\]\"'`]+")
_OF_REVISION = re.compile(r"/(?:blob|tree|raw|blame)/[^/]+/([\w./@+-]+?)(?:#L(\d{1,9}).*)?$")
_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
_ERROR = re.compile(
    r"\s*(?:E\s+)?((?:[\w.]{1,100}\.)?[A-Z]\w{0,80}(?:Error|Exception|Warning|Failure|Panic))\b:?\s*(.*)"
)
_TRACE_BEGINS = re.compile(r"Traceback \(most recent call last\)|^\s*(?:thread '.*' panicked|goroutine \d|Caused by:)")
_CODE = re.compile(
    r"\s*(?:>>>|\.\.\. |In \[\d*\]|\$ |@\w|"
    r"(?:def|class|from|import|return|if|with|try|raise|assert|func|fn|let|const|var|public|private|static|use|package)"
    r"\b.{0,200}[:(={;]|[\w.\[\]]{1,100}\s?=\s?\S|[\w.:>-]{1,100}\(.*\);?\s*$)"
)
_VERSION = re.compile(r"\s*[-*]?\s*[\w .()/-]{1,40}?(?:[:=]+\s*|\s)v?\d{1,5}(?:\.\d{1,5}){1,3}\S{0,20}\s*$")
_DIFF = re.compile(r"(?:diff --git a/(\S+)|(?:---|\+\+\+) [ab]/(\S+))")
_RUN = re.compile(r"[\w.@+~/\\-]+(?::\d{1,9})?")
"""Contains everything that could be a path, with a line."""
_LINE_AFTER = re.compile(
    r"\((\d{1,9})(?:[,:] ?\d{1,9})?\)|#L(\d{1,9})|[`'\"]?,? (?:(?:at|on|in|near) )?\(?[Ll]ines? (\d{1,9})\b"
)
"""The line of a path behind its end, as compilers, links and people write one."""
_LINE_BEFORE = re.compile(r"\b[Ll]ines? (\d{1,9})(?:-\d{1,9})?,? (?:(?:of|in) )?(?:the )?(?:file )?[`'\"]?$")
_LONGEST_BEFORE = 50
_DOTTED = re.compile(r"(?<![\w./\\])[^\W\d]\w*(?:(?:\.|::|#|->)[^\W\d]\w*)+")
_WORD = re.compile(r"[^\W\d]\w*|\d+")
_IDENTIFIER = re.compile(r"[^\W\d]\w*")
_ONE_NAME = re.compile(r"[\w.:#>/\\-]{2,100}(?:\(\))?")
_SEPARATOR = re.compile(r"\.|::|#|->")
_ABBREVIATIONS = frozenset({"i.e", "e.g", "a.k.a", "a.m", "p.m", "et.al"})
_LOOKS_LIKE_NAME = re.compile(r"[^_]_+[^_]|__\w+__$|[a-z0-9][A-Z]|^[A-Z][a-z]+[A-Z]")
_SUFFIXES = frozenset(suffix.lower() for language in LANGUAGES for suffix in language.suffixes) | {".pyx", ".pxd"}


class Zone(IntEnum):
    """Where in a text a word stands."""

    TITLE = 0
    PROSE = 1
    INLINE = 2
    CODE = 3
    TRACEBACK = 4
    ERROR = 5


class NamedPath(NamedTuple):
    """A path in a text, with ``/`` between its parts; line 0 if there is none beside it."""

    path: bytes
    line: int


@dataclass(frozen=True, slots=True)
class QueryText:
    """What a text says.

    words        by word, as typed, how often it stands in each zone.
    identifiers  the same for words that may be names; those of inline code and of what looks like code are in CODE or
                 INLINE, even within prose.
    only_places  how often an identifier of inline code only says where: it is in a path with a known suffix, or before
                 the last two parts of a dotted name.
    dotted       names of several parts, with the zone of the first occurrence.
    paths        in the order of the text, each once.
    frames       of tracebacks, in the order of the text.
    code         short inline code, each once.
    """

    words: dict[bytes, list[int]] = field(default_factory=dict)
    identifiers: dict[bytes, list[int]] = field(default_factory=dict)
    only_places: Counter[bytes] = field(default_factory=Counter)
    dotted: dict[tuple[bytes, ...], Zone] = field(default_factory=dict)
    paths: dict[NamedPath, Zone] = field(default_factory=dict)
    frames: list[Frame] = field(default_factory=list)
    code: dict[str, None] = field(default_factory=dict)

    def term_weights(self, zone_weights: Sequence[float]) -> dict[bytes, float]:
        """Return the weight of each term: the sum over zones of the zone's weight times log2(1 + count there).

        Stop words are left out, and numbers of one or two digits; of a text of stop words alone, those of grammar.
        """
        return self._weights_without(STOP_WORDS, zone_weights) or self._weights_without(GRAMMAR_WORDS, zone_weights)

    def _weights_without(self, left_out: frozenset[bytes], zone_weights: Sequence[float]) -> dict[bytes, float]:
        counts: dict[bytes, list[int]] = {}
        for word, in_zones in self.words.items():
            if word.lower() in left_out or (word.isdigit() and len(word) < 3):
                continue
            for term in terms_in(word):
                if len(term) > 1 and term not in left_out:
                    of_term = counts.setdefault(term, [0] * len(Zone))
                    for zone, count in enumerate(in_zones):
                        of_term[zone] += count
        weights = {
            term: sum(weight * float(np.log2(1 + n)) for weight, n in zip(zone_weights, in_zones, strict=True) if n)
            for term, in_zones in counts.items()
        }
        return {term: weight for term, weight in weights.items() if weight > 0}


def is_one_name(code: str) -> bool:
    """Return whether code is one name or path."""
    return _ONE_NAME.fullmatch(code) is not None


def looks_like_name(word: bytes) -> bool:
    """Return whether a word has an inner underscore or capital, or two underscores at both ends."""
    return _LOOKS_LIKE_NAME.search(word.decode("utf-8", "replace")) is not None


def read_text(text: str, mention: Iterable[str] = ()) -> QueryText:
    """Read a text of any form, line by line, and names that were mentioned, as inline code of the title.

    At most a quarter of a million characters count, from its beginning and its end, and 2,000 of each line.
    """
    reader = _Reader()
    for name in mention:
        reader.mention(name[:_LONGEST_NAME])
    for line in _COMMENT.sub(" ", _what_counts(text)).splitlines():
        reader.line(line[:_MOST_OF_LINE])
    return reader.found


def _what_counts(text: str) -> str:
    """Return the beginning and the end of a text that is too long, and any other text as it is."""
    if len(text) <= _MOST_CHARACTERS:
        return text
    at_end = _MOST_CHARACTERS // 4
    return f"{text[: _MOST_CHARACTERS - at_end]}\n{text[-at_end:]}"


class _Reader:
    """Goes through a text line by line, and knows whether code or a traceback goes on."""

    def __init__(self) -> None:
        self.found = QueryText()
        self._is_first = True
        self._is_fenced = False
        self._is_traceback = False
        self._line_before = ""

    def mention(self, name: str) -> None:
        self._take_words(name, Zone.TITLE)
        self._take_identifiers(name, Zone.INLINE)
        self._take_names(name, Zone.INLINE)
        if _RUN.fullmatch(name) is None:
            # A path of any characters, such as those of a shell or of a generated class.
            path, _, line = name.rpartition(":") if name.rpartition(":")[2].isdigit() else (name, "", "")
            if _is_path(path):
                self._take_path(path, int(line or 0), Zone.INLINE)

    def line(self, line: str) -> None:
        before, self._line_before = self._line_before, line
        if not line.strip():
            return
        if self._is_first:
            self._is_first = False
            self._take_line(line, Zone.TITLE)
            return
        if fence := _FENCE.match(line):
            self._is_fenced, self._is_traceback = not self._is_fenced, False
            line = line[fence.end() :]
            # What stands beside a fence is the name of a language.
            if len(line.split()) <= 1:
                return
        if (diff := _DIFF.match(line)) is not None:
            self._take_path(diff[1] or diff[2], 0, Zone.CODE)
            return
        frame = frame_in(line, before) if any(mark in line for mark in FRAME_MARKS) else None
        if frame is not None and len(self.found.frames) < _MOST_NAMES:
            self.found.frames.append(frame)
        error = _ERROR.match(line)
        if frame is not None or _TRACE_BEGINS.search(line):
            self._is_traceback = True
        elif error is not None and (self._is_traceback or len(error[2]) > 3):
            self._is_traceback = False
            self._take_words(line, Zone.ERROR)
            self._take_identifiers(error[2], Zone.ERROR)
            self._take_names(error[2], Zone.ERROR)
            return
        elif self._is_traceback and not self._is_fenced and not line.startswith((" ", "\t", ">")):
            self._is_traceback = False
        if self._is_traceback:
            self._take_line(line, Zone.TRACEBACK)
        elif self._is_fenced or _CODE.match(line) or _is_indented(line):
            self._take_line(line, Zone.CODE)
        elif not _VERSION.match(line):
            self._take_line(line, Zone.PROSE)

    def _take_line(self, line: str, zone: Zone) -> None:
        for url in _URL.findall(line):
            if found := _OF_REVISION.search(url):
                self._take_path(found[1], int(found[2] or 0), zone)
        line = _URL.sub(" ", line)
        rest = line
        if zone in (Zone.TITLE, Zone.PROSE):
            for inline in _INLINE.finditer(line):
                if len(self.found.code) < _MOST_NAMES and len(inline[2]) <= _LONGEST_CODE:
                    self.found.code[inline[2]] = None
                self._take_words(inline[2], Zone.INLINE)
                self._take_identifiers(inline[2], Zone.INLINE)
                self._take_names(inline[2], Zone.INLINE, _line_beside(line, *inline.span()))
            rest = _INLINE.sub(lambda found: f" {found[2]} " if zone is Zone.TITLE else " ; ", line)
        self._take_words(rest, zone)
        self._take_identifiers(rest, zone)
        self._take_names(rest, zone)

    def _take_words(self, text: str, zone: Zone) -> None:
        for word in _WORD.findall(text):
            if len(word) <= _LONGEST_NAME:
                self.found.words.setdefault(encoded(word), [0] * len(Zone))[zone] += 1

    def _take_identifiers(self, text: str, zone: Zone) -> None:
        identifiers = self.found.identifiers
        for match in _IDENTIFIER.finditer(text):
            name = match[0]
            if len(name) > _LONGEST_NAME or len(name) < 2:
                continue
            key = encoded(name)
            if key not in identifiers and len(identifiers) >= _MOST_NAMES:
                continue
            is_code = zone is Zone.PROSE and (
                text[match.end() : match.end() + 1] == "(" or _LOOKS_LIKE_NAME.search(name) is not None
            )
            identifiers.setdefault(key, [0] * len(Zone))[Zone.INLINE if is_code else zone] += 1

    def _take_names(self, text: str, zone: Zone, line_beside: int = 0) -> None:
        """Take dotted names and paths.

        line_beside  the line that is written beside the text, of a text that is one path; 0 if there is none.
        """
        for run in _RUN.finditer(text):
            path, _, line = run[0].partition(":")
            path = path.strip(".,-").replace("\\", "/") if "\\" in path else path.strip(",").rstrip(".-")
            if zone is not Zone.TRACEBACK and _is_path(path):
                beside = line_beside if len(run[0]) == len(text) else _line_beside(text, *run.span())
                self._take_path(path, int(line or beside), zone)
                if zone is Zone.INLINE and _has_known_suffix(path):
                    self.found.only_places.update(map(encoded, _IDENTIFIER.findall(path)))
        for name in _DOTTED.findall(text):
            is_short_for_words = zone in (Zone.TITLE, Zone.PROSE) and name.lower() in _ABBREVIATIONS
            if len(name) <= _LONGEST_NAME and not is_short_for_words and len(self.found.dotted) < _MOST_NAMES:
                parts = tuple(map(encoded, _SEPARATOR.split(name)))
                self.found.dotted.setdefault(parts, zone)
                if zone is Zone.INLINE:
                    self.found.only_places.update(parts[:-2])

    def _take_path(self, path: str, line: int, zone: Zone) -> None:
        if path and len(path) <= _MOST_OF_LINE and len(self.found.paths) < _MOST_NAMES:
            self.found.paths.setdefault(NamedPath(encoded(path.replace("\\", "/")), line), zone)


def _line_beside(text: str, start: int, end: int) -> int:
    """Return the line that is written before or behind the path at a place of a text; 0 if there is none."""
    ends_sentence = text[end - 1 : end] == "."
    if not ends_sentence and (found := _LINE_AFTER.match(text, end)) is not None:
        return int(found[1] or found[2] or found[3])
    found = _LINE_BEFORE.search(text, max(0, start - _LONGEST_BEFORE), start)
    return 0 if found is None else int(found[1])


def _is_path(run: str) -> bool:
    """Return whether a run of characters is like a path: with a known suffix, or several parts."""
    if _has_known_suffix(run):
        return True
    parts = [part for part in run.split("/") if part not in ("", ".", "..", "~")]
    return len(parts) > 1


def _has_known_suffix(run: str) -> bool:
    _, dot, suffix = run.rpartition(".")
    return bool(dot) and "." + suffix.lower() in _SUFFIXES


def _is_indented(line: str) -> bool:
    """Return whether a line is indented as code is, and is no item of a list."""
    return line.startswith(("    ", "\t")) and not line.lstrip().startswith(("-", "*", "(", *"0123456789"))


def words_in(text: str) -> Iterator[str]:
    """Yield possible identifiers, in the order of the text; of a long one those that ``read_text`` looks at."""
    return (found[0] for found in _IDENTIFIER.finditer(_what_counts(text)))


_PATH_RUN = re.compile(r"[\w.@+/-]+")


def paths_in(text: str) -> Iterator[str]:
    """Yield possible paths, in the order of the text: parts joined by single slashes, or a name that contains a dot.

    Of a long text, those that ``read_text`` looks at.
    """
    for run in _PATH_RUN.findall(_what_counts(text)):
        if "/" not in run and "." not in run:
            continue
        for parts in _unbroken(run.split("/")):
            if len(parts) > 1:
                yield "/".join(parts)
            else:
                yield from (".".join(names) for names in _unbroken(parts[0].split(".")) if len(names) > 1)


def first_distinct(items: Iterable[str], most: int) -> list[str]:
    """Return the first ``most`` distinct items, and read no more than these need."""
    found: dict[str, None] = {}
    for item in items:
        found[item] = None
        if len(found) == most:
            break
    return list(found)


def _unbroken(parts: list[str]) -> Iterator[list[str]]:
    """Yield the longest runs of parts that are not empty."""
    return (list(row) for is_full, row in groupby(parts, bool) if is_full)
