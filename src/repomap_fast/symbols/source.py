"""A source file as it is now: its lines, where a definition begins, and how it is declared.

A tag has the row of its name and the last row of its definition. Comments, decorators and a type on rows above the name
belong to it as well; they are found in the text, since a scan does not keep where they begin.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from repomap_fast.drawing.source_lines import SourceLines
from repomap_fast.languages.table import RULES_OF_LANGUAGE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from repomap_fast.contents import Contents

MAX_LINE_CHARACTERS = 4_096
"""Of a line that is shown. Minified files have lines of megabytes."""
MAX_SIGNATURE_CHARACTERS = 200
_LONG_BRACKET = re.compile(r"\[=*\[\s*$")
"""Opens a string of several rows in Lua; a list of lists elsewhere, whose items are no declaration either."""
_MAX_SIGNATURE_ROWS = 20
_MAX_ROWS_ABOVE = 200
"""Rows of comments and annotations above a name that are looked at."""
_SPLIT_BYTES = 1 << 20
_GLANCE = 240
"""Characters of a line that are looked at to tell what it is."""

_COMMENT_STARTS = {
    "bash": ("#",),
    "lua": ("--",),
    "php": ("//", "#"),
    "python": ("#", "@"),
    "ruby": ("#",),
    "rust": ("//", "#["),
}
_OTHER_COMMENT_STARTS = ("//", "@", "[[")
_HAS_BLOCK_COMMENTS = frozenset(
    ("c", "cpp", "csharp", "go", "java", "javascript", "kotlin", "php", "rust", "scala", "swift", "tsx", "typescript")
)
_COMMENTS_IN_ROWS = {
    **dict.fromkeys(
        (*_HAS_BLOCK_COMMENTS, "d", "dart", "fsharp", "glsl", "groovy", "hlsl", "objc", "solidity", "verilog", "zig"),
        re.compile("//"),
    ),
    **dict.fromkeys(
        ("bash", "elixir", "gdscript", "julia", "nim", "perl", "powershell", "python", "r", "ruby", "starlark"),
        re.compile(r"(?<![^\s(,\[{])#"),
    ),
    **dict.fromkeys(("ada", "elm", "haskell", "lua", "luau", "sql", "vhdl"), re.compile("--")),
    "php": re.compile(r"//|#(?!\[)"),
}
"""What begins a comment that the end of the row ends."""
_MAY_BEGIN_ABOVE_NAME = frozenset(("c", "cpp", "csharp", "java"))
"""Languages whose declarations often have types and modifiers on rows above the name."""
_DECLARATION_ROW = re.compile(r"(?:template\s*<.*>|__attribute__.*|[A-Za-z_][\w\s:*&<>,~.]*)")
_ANNOTATION_OPENINGS = {
    "python": ("@",),
    "rust": ("#[",),
    "csharp": ("[",),
    "fsharp": ("[<",),
    "cpp": ("[[", "template"),
    "php": ("#[",),
}
_BRACKETS = {"(": 1, "[": 1, "{": 1, ")": -1, "]": -1, "}": -1}


def read_source(contents: Contents, path: bytes, max_bytes: int) -> SourceLines | None:
    """Return the lines of a file; None where it cannot be read, or is larger."""
    try:
        return SourceLines(contents.read(path, max_bytes), path=path)
    except (OSError, ValueError):
        return None


def row_texts(source: SourceLines, first: int, last: int) -> Iterator[str]:
    """Yield the lines from one row to another, each cut where it is very long."""
    if len(source.text) <= _SPLIT_BYTES:
        # Faster for many lines than to find each of them.
        rows = source.text.split(b"\n", last + 1)[first : last + 1]
        texts = (row.rstrip(b"\r").decode("utf-8", "replace") for row in rows)
    else:
        texts = (source.line(row, MAX_LINE_CHARACTERS + 1) for row in range(first, last + 1))
    for text in texts:
        yield text if len(text) <= MAX_LINE_CHARACTERS else f"{text[:MAX_LINE_CHARACTERS]}…"


def first_row(source: SourceLines, language: str, name_row: int, floor: int = 0) -> int:
    """Return the first row of a definition: of the comments, annotations and types above its name.

    floor  no row before it is looked at: the rows before belong to other definitions.
    """
    language = RULES_OF_LANGUAGE.get(language, language)
    floor = max(floor, name_row - _MAX_ROWS_ABOVE)
    row = min(name_row, len(source) - 1)
    is_declaration_open = language in _MAY_BEGIN_ABOVE_NAME
    while row > floor:
        above = source.line(row - 1, _GLANCE).strip()
        if not above:
            break
        start = _start_of_note(source, language, row - 1, above, floor)
        if start is not None:
            is_declaration_open = False
        elif is_declaration_open and above[-1] not in ";{}:,)" and _DECLARATION_ROW.fullmatch(above):
            start = row - 1
        else:
            break
        row = start
    return row


def _start_of_note(source: SourceLines, language: str, row: int, text: str, floor: int) -> int | None:
    """Return the first row of the comment or annotation that ends on ``row``; None if there is none."""
    if text.startswith(_COMMENT_STARTS.get(language, _OTHER_COMMENT_STARTS)):
        return row
    if text.endswith("*/") and language in _HAS_BLOCK_COMMENTS:
        return _row_of_opening(source, row, floor, lambda line: "/*" in line, lambda line: line.startswith("/*"))
    openings = _ANNOTATION_OPENINGS.get(language, ("@",))
    if text[-1] in ")]>":
        depth = 0

        def is_balanced(line: str) -> bool:
            nonlocal depth
            depth += sum(_BRACKETS.get(character, 0) for character in line)
            return depth >= 0

        return _row_of_opening(source, row, floor, is_balanced, lambda line: line.startswith(openings))
    return None


def _row_of_opening(
    source: SourceLines,
    row: int,
    floor: int,
    is_opening: Callable[[str], bool],
    is_right: Callable[[str], bool],
) -> int | None:
    """Return the last row, from ``row`` upwards, that opens something; None if it does not open what is wanted."""
    while row >= floor:
        line = source.line(row, _GLANCE).strip()
        if is_opening(line):
            return row if is_right(line) else None
        row -= 1
    return None


def signature(source: SourceLines, language: str, name_row: int, end_row: int, column: int = 0) -> str:
    """Return how a definition is declared, in one line: from the row of its name to where its body begins.

    language  whose comments are left out where rows follow that the declaration has, too.
    column    of the name: what ends before it on the same row is another definition.
    """
    comment = _COMMENTS_IN_ROWS.get(language)
    last = min(end_row, len(source) - 1, name_row + _MAX_SIGNATURE_ROWS)
    parts: list[str] = []
    depth = n_characters = 0
    for row in range(name_row, last + 1):
        line = source.line(row, MAX_SIGNATURE_CHARACTERS + 1)
        if row == name_row:
            line = line[max(line.rfind(mark, 0, column) for mark in "{};") + 1 :]
        head, depth, is_complete = _head_of(line, depth, comment)
        parts.append(head.strip())
        n_characters += len(head)
        if is_complete or depth <= 0 or n_characters > MAX_SIGNATURE_CHARACTERS:
            break
    text = re.sub(r"\s+", " ", " ".join(parts)).replace("( ", "(").replace(", )", ")").replace(" )", ")")
    text = text.strip().removesuffix("{").rstrip()
    return text if len(text) <= MAX_SIGNATURE_CHARACTERS else f"{text[:MAX_SIGNATURE_CHARACTERS]}…"


def _head_of(line: str, depth: int, comment: re.Pattern[str] | None) -> tuple[str, int, bool]:
    """Return the part of a line before a body that begins there, the open brackets after it, and whether one does."""
    quote = ""
    for at, character in enumerate(line):
        if quote:
            quote = "" if character == quote else quote
        elif depth > 0 and comment is not None and comment.match(line, at):
            return line[:at], depth, False
        elif character in "\"'`":
            # An apostrophe may also be a lifetime or a generic; without its partner it quotes nothing.
            quote = character if character in line[at + 1 :] else ""
            if not quote and character != "'":
                # A string of several rows: what looks like a declaration in it is none.
                return line, depth, True
        elif character == "{" and depth == 0:
            return line[:at], depth, True
        elif character == ";" and depth == 0:
            return line[: at + 1], depth, True
        elif character == "[" and _LONG_BRACKET.match(line, at):
            return line, depth, True
        else:
            depth += _BRACKETS.get(character, 0)
    return line, depth, False
