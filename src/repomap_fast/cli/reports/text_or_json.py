"""Prints a result as its text or as JSON, and its notes behind it."""

from __future__ import annotations

import sys
from dataclasses import asdict
from typing import TYPE_CHECKING, ClassVar, Protocol

from repomap_fast.cli.exit_codes import say
from repomap_fast.cli.output import print_text
from repomap_fast.cli.text import printable

if TYPE_CHECKING:
    from dataclasses import Field
    from typing import Any


class _Result(Protocol):
    """A result with a text and notes."""

    __dataclass_fields__: ClassVar[dict[str, Field[Any]]]

    @property
    def text(self) -> str:
        """What is printed."""
        ...

    @property
    def notes(self) -> tuple[str, ...]:
        """Sentences for the user."""
        ...


def print_result(found: _Result, *, is_json: bool) -> None:
    """Print a result to the standard output, and its notes to the standard error."""
    if is_json:
        from repomap_fast.cli.formats.document import print_document

        print_document(asdict(found))
    else:
        print_text(found.text)
    sys.stdout.flush()
    for note in found.notes:
        say(f"note: {printable(note)}")
