"""cecli's tag: aider's, with the kind of what it names and where its name begins and ends."""

from __future__ import annotations

from typing import Any, NamedTuple, Self

_NONE: Any = None
"""Of a field that is not given."""


class _Fields(NamedTuple):
    rel_fname: str
    fname: str
    line: int
    name: str
    kind: str
    specific_kind: str
    start_line: int
    end_line: int
    start_byte: int
    end_byte: int


class Tag(_Fields):
    """One definition of a name, or one reference to it, in a file.

    The first five fields are those of aider's tag; a tag may be made of them alone. What is not given is None.

    specific_kind  function, class, call …; without it, ``kind``.
    start_line, end_line  of the name, zero-based; -1 of a reference whose line is not known. Without them, ``line``.
    start_byte, end_byte  of the name in the text of the file as UTF-8, with line feeds at the ends of lines; -1 if not
                   known. Without them, 0.
    """

    __slots__ = ()

    def __new__(
        cls,
        rel_fname: str = _NONE,
        fname: str = _NONE,
        line: int = _NONE,
        name: str = _NONE,
        kind: str = _NONE,
        specific_kind: str | None = None,
        start_line: int | None = None,
        end_line: int | None = None,
        start_byte: int | None = None,
        end_byte: int | None = None,
    ) -> Self:
        return super().__new__(
            cls,
            rel_fname,
            fname,
            line,
            name,
            kind,
            kind if specific_kind is None else specific_kind,
            line if start_line is None else start_line,
            line if end_line is None else end_line,
            start_byte or 0,
            end_byte or 0,
        )
