"""Lines of tracebacks: path, line and function of the frame that a line describes, in each language's form."""

from __future__ import annotations

import re
from functools import cache
from typing import NamedTuple

from repomap_fast.paths import encoded

FRAME_MARKS = (":", "(", "line ", " in ")
"""A line without any of these describes no frame."""

_MOST_OF_LINE = 1_000
_PATTERNS = (
    # Python: File "a/b.py", line 3, in f
    r"\s*(?:>\s*)?File\s+[\"'“](?P<path>[^\"'”]{1,500})[\"'”],\s+line\s+(?P<line>\d{1,9})"
    r"(?:,\s+in\s+(?P<name>[\w<>.]{1,200}))?",
    # IPython: ~/a/b.py in f(x)
    r"\s*(?P<path>[~\w./\\-]{1,500}\.py)\s+in\s+(?P<name>[\w.]{1,200})\(",
    # Java, Kotlin, Scala: at a.b.C.m(C.java:3)
    r"\s*at\s+(?:[\w.@-]{0,100}/){0,3}(?P<scope>(?:[\w$]{1,100}\.){1,20})(?P<name>[\w$<>]{1,200})"
    r"\((?P<path>[\w$]{1,200}\.(?:java|kt|scala|groovy)):(?P<line>\d{1,9})\)",
    # C#: at A.B.M(String x) in /a/b.cs:line 3
    r"\s*at\s+(?:[\w`<>]{1,100}\.){0,20}(?P<name>[\w<>]{1,200})\(.{0,300}\)\s+in\s+(?P<path>.{1,500}?):line\s+"
    r"(?P<line>\d{1,9})",
    # JavaScript: at f (a/b.js:3:4), at a/b.js:3:4; Rust: at src/a.rs:3:4
    r"\s*at\s+(?:async\s+)?(?:new\s+)?(?:[\w$<>]{1,100}\.){0,20}(?:(?P<name>[\w$<>]{1,200})\s(?:\[as \w+\] )?)?"
    r"\(?(?P<path>[\w@./\\:~+-]{1,500}?):(?P<line>\d{1,9})(?::\d{1,9})?\)?\s*$",
    # Firefox and Safari: f@http://host/a/b.js:3:4
    r"\s*(?:(?P<name>[\w$]{1,200})(?:/<)?)?@(?:\w{1,20}://[^/\s]{0,100}/)?(?P<path>[\w@./~+-]{1,500}?\.[cm]?[jt]sx?)"
    r":(?P<line>\d{1,9})(?::\d{1,9})?\s*$",
    # Swift: 0x00012 in S.f(x:) at /a/b.swift:3:4; main.S.f() at b.swift:3
    r"\s*(?:\d{1,4}\s)?.{0,200}?(?:\b\w{1,100}\.){0,5}(?P<name>\w{1,200})\([^()]{0,200}\).{0,80}? (?:at|in) "
    r"(?P<path>[\w./+-]{1,500}\.swift):(?P<line>\d{1,9})",
    # Rust: thread 'main' panicked at src/a.rs:3:4
    r"\s*thread '.{0,100}' panicked at (?:.{0,200}, )?(?P<path>[\w./\\-]{1,500}\.rs):(?P<line>\d{1,9})",
    # Ruby: a/b.rb:3:in `f'
    r"\s*(?:from\s+)?(?P<path>[\w./\\~+-]{1,500}\.rb):(?P<line>\d{1,9}):in\s+[`'](?:[\w ]{1,50} in )?"
    r"(?:[\w:]{1,100}[#.])?(?P<name>[\w?!]{1,200})'",
    # PHP: #0 /a/b.php(3): C->f()
    r"\s*#\d{1,4}\s+(?P<path>[\w./\\:~+-]{1,500}\.php)\((?P<line>\d{1,9})\):\s+(?:[\w\\]{1,200}(?:->|::))?"
    r"(?P<name>\w{1,200})",
    # gdb, sanitizers: #0 0x12 in f(int) a/b.c:3
    r"\s*#\d{1,4}\s+(?:0x[0-9a-f]{1,16}\s+)?(?:in\s+)?(?:[\w<>]{1,100}::){0,10}(?P<name>[\w~]{1,200})\b.{0,300}?"
    r"(?P<path>[\w./+-]{1,300}\.\w{1,5}):(?P<line>\d{1,9})",
    # Go: /a/b.go:3 +0x1d, with the function on the line before
    r"\s+(?P<path>[\w./\\@~+-]{1,500}\.go):(?P<line>\d{1,9})(?:\s\+0x[0-9a-f]{1,16})?\s*$",
    # pytest, compilers: a/b.py:3: in f; a/b.c:3:4: error
    r"\s*(?P<path>[\w./\\~+-]{1,500}\.\w{1,5}):(?P<line>\d{1,9}):(?:\d{1,9}:)?(?:\s+in\s+(?P<name>\w{1,200}))?",
)
_RUST_FUNCTION = re.compile(r"\s*\d{1,4}:\s+(?:0x[0-9a-f]{1,16} - )?(?:[\w<>]{1,100}::){0,20}(?P<name>\w{1,200})")
_RUST_CLOSURE = re.compile(r"(?:::\{\{closure\}\}|::h[0-9a-f]{16})+\s*$")
_GO_FUNCTION = re.compile(r"(?:[\w./-]{1,300}\.)?(?:\(\*?(?P<type>\w{1,100})\)\.)?(?P<name>\w{1,200})\(")


class Frame(NamedTuple):
    """A frame of a traceback. The function is empty, and the line is 0, if it has none."""

    path: bytes
    line: int
    function: bytes


def frame_in(line: str, before: str) -> Frame | None:
    """Return the frame that a line describes; ``before`` is the line before. None if there is none."""
    line = line[:_MOST_OF_LINE]
    for pattern in _compiled():
        if (found := pattern.match(line)) is not None:
            fields = found.groupdict()
            path, name = fields["path"].replace("\\", "/"), fields.get("name") or ""
            if fields.get("scope"):
                # The package is the folder; the class is not.
                package = fields["scope"].rstrip(".").split(".")[:-1]
                path = "/".join((*package, path))
            if not name and (call := _call_before(path, before[:_MOST_OF_LINE])):
                name = call["name"]
            return Frame(encoded(path), int(fields.get("line") or 0), encoded(name.rpartition(".")[2]))
    return None


@cache
def _compiled() -> tuple[re.Pattern[str], ...]:
    """Return the patterns; most queries are one line that can be no frame, and need none of them."""
    return tuple(map(re.compile, _PATTERNS))


def _call_before(path: str, before: str) -> re.Match[str] | None:
    """Return the function of a frame that stands on the line before its path."""
    if path.endswith(".go"):
        return _GO_FUNCTION.match(before)
    return _RUST_FUNCTION.match(_RUST_CLOSURE.sub("", before)) if path.endswith(".rs") else None
