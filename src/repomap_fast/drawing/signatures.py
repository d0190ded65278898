"""Signatures: what the source says of a definition in one line, cut sensibly. Nothing is parsed.

A signature begins with the name and ends with the parameters, the bases or the row. It is read from the text after the
name by rules for brackets, strings and comments that hold for all languages of the table, and a few for each. The text
may be anything: a file may have changed since it was scanned.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from repomap_fast.unseen import shown_line

LENGTH = 60
"""Most characters of a signature."""
WHOLE_LENGTH = 40
"""Up to so many characters, a signature keeps its annotations and defaults."""
SOURCE_LENGTH = 2_000
"""Characters after a name that are read: a longer signature is cut in any case."""
NOTE_LENGTH = 80
"""Most characters of the first sentence of a docstring or comment."""

CALLABLE = frozenset({"function", "method", "constructor", "macro", "prototype", "operator"})
"""Kinds of definitions that have parameters."""
WORDS = {
    **{
        kind: kind
        for kind in (
            *("annotation", "class", "concept", "enum", "extension", "interface", "module", "namespace", "object"),
            *("protocol", "record", "struct", "trait", "type", "union"),
        )
    },
    "implementation": "impl",
}
"""Kinds that are said before a name, and how."""
_WHOLE_ROW = frozenset({"implementation", "extension"})
"""Kinds whose row says more before the name than after it."""

_C_LIKE = frozenset({"c", "cpp", "csharp", "go", "java", "javascript", "kotlin", "php", "rust", "scala", "swift"})
_SCRIPT = frozenset({"javascript", "typescript", "tsx"})
_SLASH_COMMENTS = _C_LIKE | _SCRIPT
_HASH_COMMENTS = frozenset({"python", "ruby", "bash"})
_ANGLES = frozenset({"cpp", "csharp", "java", "kotlin", "rust", "swift"}) | _SCRIPT
"""Languages in which ``<`` opens the parameters of a type."""
_COLONS = frozenset({"python", "kotlin", "scala", "swift", "rust", "typescript", "tsx"})
"""Languages in which the type of a parameter comes after a colon."""
_NO_APOSTROPHES = frozenset({"rust", "scala"})
"""Languages in which a single quote need not end."""

_OWNER = re.compile(r"(?:[\w$]+(?:<[^<>()]{0,40}>)?(?:::|\.|:))+$")
_JOINED = re.compile(r"([\w$]+)([.:])$")
_NO_OWNER = frozenset({"python", "go", "bash"})
_ASSIGNED = re.compile(
    r"\s*(?::[^=(){}\n]{0,80})?[=:]\s*(?:async\b\s*)?(?:function\b\s*\*?\s*[\w$.]*\s*)?(?=[<(])"
    r"|\s*[=:]\s*(?:async\s+)?([\w$]+)\s*=>"
)
"""What stands between a name and the parameters of the function that it is given."""
_SPACE = re.compile(r"\s+")
_GO_WORD = re.compile(r"\s*(?:struct|interface)\b\s*")
_SELVES = {
    "python": frozenset({"self", "cls", "mcs", "mcls"}),
    "lua": frozenset({"self"}),
    "typescript": frozenset({"this"}),
    "tsx": frozenset({"this"}),
}
_RUST_SELF = re.compile(r"(?:&\s*(?:'\w+\s+)?)?(?:mut\s+)?self\b")
_OPENING, _CLOSING = "([{", ")]}"


class Header(NamedTuple):
    """Where a definition begins in its source.

    owner   what the definition belongs to, if its source says so elsewhere than right before the name.
    before  the row before the name.
    after   the text after the name, of several rows.
    """

    name: str
    kind: str
    language: str
    before: str
    after: str
    owner: str | None = None


def signature_of(header: Header, *, cut_mark: str = "…") -> str:
    """Return the signature of a definition, with the word for its kind if that has one."""
    if header.kind in _WHOLE_ROW:
        row = _plain(header.before + header.name + _first_clause(header)[0]).strip()
        return _shown(row, cut_mark)
    name = f"{_owner(header)}{header.name}"
    if header.kind in CALLABLE:
        text = name + _parameters_text(header, len(name), cut_mark)
        return _shown(text, cut_mark)
    word = WORDS.get(header.kind)
    if word is not None:
        return _shown(f"{word} {name}{_rest_of_type(header)}", cut_mark)
    rest, _ = _first_clause(header)
    return _shown(name + _SPACE.sub(" ", rest).rstrip(" =:([{,"), cut_mark)


def _owner(header: Header) -> str:
    """Return what stands before a name to say what it belongs to: ``shapes::Box::``, ``M:``."""
    before = header.before[-LENGTH:]
    if header.owner is not None:
        # `M:close` of Lua is not called as `M.close` is.
        written = _JOINED.search(before)
        return f"{header.owner}{written[2] if written is not None and written[1] == header.owner else '.'}"
    if header.language in _NO_OWNER:
        return ""
    owner = _OWNER.search(before)
    return "" if owner is None else owner[0]


def cut(text: str, length: int, mark: str) -> str:
    """Return ``text`` in at most ``length`` characters: cut after a comma or a word, and marked."""
    if len(text) <= length:
        return text
    end = f"{mark})" if text.endswith(")") and "(" in text[: length // 2] else mark
    kept = text[: max(0, length - len(end) - 1)]
    comma = kept.rfind(",") + 1
    space = comma if comma > length // 3 else kept.rfind(" ")
    return f"{kept[:space]} {end}" if space > length // 3 else f"{kept.rstrip()}{end}"


def _shown(text: str, cut_mark: str) -> str:
    return cut(shown_line(_SPACE.sub(" ", text)), LENGTH, cut_mark)


# Parameters.


def _parameters_text(header: Header, name_length: int, cut_mark: str) -> str:
    """Return the parameters in parentheses; nothing if there are none."""
    text, start = header.after, 0
    if header.language in _SCRIPT or header.language == "lua":
        assigned = _ASSIGNED.match(text)
        if assigned is not None and assigned[1]:
            return f"({assigned[1]})"
        start = assigned.end() if assigned is not None else 0
    start = _after_type_parameters(header, start)
    while start < len(text) and text[start] in " \t\r\n?!)":
        if text[start] == "\n" and header.language in ("ruby", "bash"):
            break
        start += 1
    if not text.startswith("(", start):
        return _bare_parameters(text[start:]) if header.language == "ruby" else ""
    parameters, is_whole = _split(header, start + 1)
    parameters = _without_self([_plain(one) for one in parameters], header.language)
    whole = ", ".join(filter(None, parameters))
    if not is_whole or name_length + len(whole) + 2 > WHOLE_LENGTH:
        whole = ", ".join(filter(None, (_shortened(one, header.language) for one in parameters)))
    return f"({whole})" if is_whole else f"({f'{whole}, ' if whole else ''}{cut_mark})"


def _bare_parameters(text: str) -> str:
    """Return the parameters that Ruby takes without parentheses."""
    row = _plain(text.partition("\n")[0].partition(";")[0].partition("#")[0])
    return f"({row})" if row and row[0] not in "=.<" else ""


def _after_type_parameters(header: Header, start: int) -> int:
    """Return the position after the parameters of types that follow the name, if any."""
    text = header.after
    opening, closing = ("<", ">") if header.language in _ANGLES else ("[", "]")
    if not text.startswith(opening, start):
        return start
    depth = 0
    for position in range(start, min(len(text), start + SOURCE_LENGTH)):
        if text[position] == opening:
            depth += 1
        elif text[position] == closing and text[position - 1] not in "-=":
            depth -= 1
            if depth == 0:
                return position + 1
    return start


def _without_self(parameters: list[str], language: str) -> list[str]:
    if not parameters:
        return parameters
    first = parameters[0]
    if language == "rust":
        is_self = _RUST_SELF.match(first) is not None
    else:
        is_self = first.partition(":")[0].strip() in _SELVES.get(language, ())
    return parameters[1:] if is_self else parameters


def _shortened(parameter: str, language: str) -> str:
    """Return a parameter without its default, and without its type where that comes after a colon."""
    ends = ":=" if language in _COLONS else "="
    depth = 0
    for position, character in enumerate(parameter):
        if character in _OPENING:
            depth += 1
        elif character in _CLOSING:
            depth -= 1
        elif depth == 0 and character in ends and position and parameter[position : position + 2] not in ("::", "=>"):
            return parameter[:position].rstrip()
    return parameter


def _split(header: Header, start: int) -> tuple[list[str], bool]:
    """Return what is between the commas from ``start`` to the closing bracket, and whether that was reached."""
    parts: list[str] = []
    piece: list[str] = []
    depth, angles = 0, 0
    for token, is_code in _tokens(header, start):
        if is_code:
            if token in _OPENING:
                depth += 1
            elif token in _CLOSING:
                if depth == 0:
                    parts.append("".join(piece))
                    return parts, True
                depth -= 1
            elif header.language in _ANGLES and token in "<>":
                angles = angles + 1 if token == "<" else max(0, angles - 1)
            elif token == "," and depth == 0 and angles == 0:
                parts.append("".join(piece))
                piece = []
                continue
        piece.append(token)
    return parts, False


# The rest of a header.


def _rest_of_type(header: Header) -> str:
    """Return bases, parameters and bounds of a type."""
    if header.language == "python":
        start = _after_type_parameters(header, 0)
        if not header.after.startswith("(", start):
            return ""
        bases, is_whole = _split(header, start + 1)
        text = ", ".join(filter(None, map(_plain, bases)))
        return f"({text})" if text and is_whole else f"({text}" if text else ""
    rest, _ = _first_clause(header)
    if header.language == "go":
        rest = _GO_WORD.sub("", rest, count=1)
    if header.language == "elixir":
        rest = rest.removesuffix(" do")
    rest = _SPACE.sub(" ", rest)
    if header.language in _ANGLES:
        rest = rest.replace("< ", "<").replace(" >", ">").replace(",>", ">")
    return rest.rstrip(" =:,([{&|<")


def _first_clause(header: Header) -> tuple[str, bool]:
    """Return the text after the name to where the row, the statement or the header ends."""
    is_type = header.kind in WORDS
    piece: list[str] = []
    depth, angles = 0, 0
    for token, is_code in _tokens(header, 0):
        if is_code:
            if token == "\n" and (depth == angles == 0 or not is_type):
                break
            if token in ";{" and depth == 0:
                break
            if token in _CLOSING:
                if depth == 0:
                    break
                depth -= 1
            elif token in _OPENING:
                depth += 1
            elif header.language in _ANGLES and token in "<>":
                angles = angles + 1 if token == "<" else max(0, angles - 1)
            elif token == "," and depth == 0 and angles == 0 and (not is_type or header.kind == "type"):
                break
        piece.append(token)
    return "".join(piece), depth == 0


_SPECIAL = re.compile(r"""["'`()\[\]{}<>,;\n#/-]""")


def _tokens(header: Header, start: int) -> Iterator[tuple[str, bool]]:
    """Yield the text from ``start`` in pieces: single characters that may have a meaning (True), and all others.

    Comments are left out; a string is one piece.
    """
    text, language = header.after, header.language
    position = start
    while position < len(text):
        special = _SPECIAL.search(text, position)
        if special is None:
            yield text[position:], False
            return
        at = special.start()
        if at > position:
            yield text[position:at], False
        end = _end_of_comment(text, at, language)
        if end > at:
            position = end
            continue
        end = _end_of_string(text, at, language)
        character = text[at]
        # The head of an arrow closes nothing.
        is_arrow = character == ">" and at > 0 and text[at - 1] in "-="
        yield text[at:end], end == at + 1 and character not in "\"'`#/-" and not is_arrow
        position = end


def _end_of_comment(text: str, at: int, language: str) -> int:
    """Return the position after the comment at ``at``; ``at`` if there is none."""
    two = text[at : at + 2]
    if language in _SLASH_COMMENTS and two == "/*":
        end = text.find("*/", at + 2)
        return len(text) if end < 0 else end + 2
    if (
        (language in _SLASH_COMMENTS and two == "//")
        or (language in _HASH_COMMENTS and two[0] == "#" and (at == 0 or text[at - 1].isspace()))
        or (language == "lua" and two == "--")
    ):
        end = text.find("\n", at)
        return len(text) if end < 0 else end
    return at


def _end_of_string(text: str, at: int, language: str) -> int:
    """Return the position after the string at ``at``; after one character if there is none, or it has no end."""
    quote = text[at]
    if quote not in "\"'`" or (quote == "'" and language in _NO_APOSTROPHES):
        return at + 1
    position = at + 1
    while position < len(text) and text[position] != "\n":
        if text[position] == "\\":
            position += 1
        elif text[position] == quote:
            return position + 1
        position += 1
    return at + 1


def _plain(text: str) -> str:
    return _SPACE.sub(" ", text).strip()


# Docstrings and comments.

_DOCSTRING = re.compile(r"""[^\n]*:[^\S\n]*(?:\#[^\n]*)?\n\s*[rRuUbB]{0,2}(\"\"\"|'''|"|')(.*?)(?:\1|\Z)""", re.DOTALL)
_COMMENT_MARK = re.compile(r"\s*(?:/\*+!?|\*+/|\*+|//+!?)\s?")
_COMMENT_MARKS = {
    **dict.fromkeys(_HASH_COMMENTS, re.compile(r"\s*#+\s?")),
    "lua": re.compile(r"\s*--+\[*\s?"),
    "php": re.compile(r"\s*(?:/\*+!?|\*+/|\*+|//+!?|#+(?!\[))\s?"),
}
_ATTRIBUTE = re.compile(r"\s*(?:@|#\[|\[|template\b)")
_ROWS_ABOVE = 30
_SENTENCE = re.compile(r"(.+?[.!?])(?:\s|$)")


def docstring_note(header: Header, *, cut_mark: str = "…") -> str:
    """Return the first sentence of the docstring after a header of Python; nothing if there is none."""
    start = 0
    opening = header.after.find("(")
    if 0 <= opening <= (header.after + "\n").find("\n"):
        for closing in re.finditer(r"\)[^\n()]*:[^\S\n]*(?:#[^\n]*)?\n", header.after):
            start = closing.start()
            break
    found = _DOCSTRING.match(header.after, start)
    return "" if found is None else first_sentence(found[2].strip().partition("\n\n")[0], cut_mark)


def comment_note(rows_above: list[str], language: str, *, cut_mark: str = "…") -> str:
    """Return the first sentence of the comment above a definition.

    rows_above  the rows before the definition, the nearest first.
    """
    comment: list[str] = []
    comment_mark = _COMMENT_MARKS.get(language, _COMMENT_MARK)
    for row in rows_above[:_ROWS_ABOVE]:
        mark = comment_mark.match(row)
        if mark is None or (_ATTRIBUTE.match(row) and not comment):
            if not comment and _ATTRIBUTE.match(row):
                continue
            break
        comment.append(row[mark.end() :].removesuffix("*/").strip())
    comment.reverse()
    paragraph = " ".join(comment).strip() if "" not in comment else _first_paragraph(comment)
    return first_sentence(paragraph, cut_mark)


def _first_paragraph(rows: list[str]) -> str:
    kept: list[str] = []
    for row in rows:
        if not row and kept:
            break
        if row:
            kept.append(row)
    return " ".join(kept)


def first_sentence(text: str, cut_mark: str = "…") -> str:
    """Return the first sentence of a text, cut where it is long."""
    plain = shown_line(_plain(text[: 4 * NOTE_LENGTH]))
    sentence = _SENTENCE.match(plain)
    chosen = sentence[1] if sentence is not None else plain
    return chosen if len(chosen) <= NOTE_LENGTH else chosen[: NOTE_LENGTH - len(cut_mark)].rstrip() + cut_mark
