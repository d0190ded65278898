"""The syntax of git's configuration files: read and written without git.

What a repository configures can name programs and files, so git is never shown the configuration of a repository. It
is read here, and git gets a file with the few settings that are harmless (``git_run``).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

# All repetitions are possessive: a file that fits no pattern is refused in one pass.
_BLANK = re.compile(rb"\s*+")
_LINE = re.compile(rb"[^\n]*+")
_SECTION = re.compile(rb'\[([A-Za-z0-9.-]*+)(?:[ \t]++"((?:[^"\\\n]|\\[^\n])*+)")?+\]')
_NAME = re.compile(rb"([A-Za-z][A-Za-z0-9-]*+)[ \t]*+(=[ \t]*+)?+")
_VALUE_PART = re.compile(rb'\\(.)|"|[#;]|[^\\"#;\n]++', re.DOTALL)
_ESCAPED = re.compile(rb"\\(.)")
_ESCAPES = {b"n": b"\n", b"t": b"\t", b"b": b"\b", b"\n": b""}


class Setting(NamedTuple):
    """One line of a configuration file.

    section, name  in lower case, as git compares them.
    subsection     None where there is none, as in ``[core]``.
    value          ``true`` where the line has a name alone, as git understands it.
    """

    section: bytes
    subsection: bytes | None
    name: bytes
    value: bytes

    @property
    def key(self) -> tuple[bytes, bytes | None, bytes]:
        """Section, subsection and name."""
        return self.section, self.subsection, self.name


def read_settings(text: bytes) -> Iterator[Setting]:
    """Yield the settings in the text of a configuration file, in order.

    A line that git would refuse is skipped, and so is a value with a NUL, which no path and no word can have. Files
    that the text includes are not read.
    """
    text = text.removeprefix(b"\xef\xbb\xbf").replace(b"\r\n", b"\n")
    section: tuple[bytes, bytes | None] | None = None
    position = 0
    while True:
        position = _match_end(_BLANK, text, position)
        if position == len(text):
            return
        if heading := _SECTION.match(text, position):
            section, position = _read_heading(heading), heading.end()
        elif section is not None and (start := _NAME.match(text, position)):
            value, position = _read_value(text, start.end()) if start[2] else (b"true", start.end())
            if b"\0" not in value:
                yield Setting(*section, start[1].lower(), value)
        else:
            position = _match_end(_LINE, text, position)


def write_settings(settings: Iterable[Setting]) -> bytes:
    """Return a configuration file with these settings; a subsection has no line break."""
    lines = []
    for setting in settings:
        heading = (
            setting.section if setting.subsection is None else setting.section + b" " + _quoted(setting.subsection)
        )
        lines.append(b"[" + heading + b"]\n\t" + setting.name + b" = " + _quoted(setting.value) + b"\n")
    return b"".join(lines)


def _match_end(pattern: re.Pattern[bytes], text: bytes, position: int) -> int:
    match = pattern.match(text, position)
    return position if match is None else match.end()


def _read_heading(heading: re.Match[bytes]) -> tuple[bytes, bytes | None]:
    section, subsection = heading[1].lower(), heading[2]
    if subsection is not None:
        return section, _ESCAPED.sub(rb"\1", subsection)
    # The form [branch.main] is out of use, but git still reads it.
    section, dot, subsection = section.partition(b".")
    return section, subsection if dot else None


def _read_value(text: bytes, position: int) -> tuple[bytes, int]:
    """Return the value that starts at ``position``, and where the line with its end ends."""
    value = bytearray()
    is_quoted = False
    n_kept = 0
    while part := _VALUE_PART.match(text, position):
        if part[0] in (b"#", b";") and not is_quoted:
            position = _match_end(_LINE, text, position)
            break
        position = part.end()
        if part[0] == b'"':
            is_quoted = not is_quoted
        elif part[1] is not None:
            value += _ESCAPES.get(part[1], part[1])
        else:
            value += part[0]
        # White space at the end counts only within quotes.
        if is_quoted or part[1] is not None or part[0] == b'"':
            n_kept = len(value)
    return bytes(value[:n_kept]) + bytes(value[n_kept:]).rstrip(), _match_end(_LINE, text, position)


def _quoted(text: bytes) -> bytes:
    return b'"' + text.replace(b"\\", rb"\\").replace(b'"', rb"\"").replace(b"\n", rb"\n") + b'"'
