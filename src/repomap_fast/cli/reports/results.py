"""Prints what refers to a symbol, and the like: as its text, as a table or as JSON, and its notes behind it."""

from __future__ import annotations

import sys
from dataclasses import asdict
from typing import TYPE_CHECKING, TypeAlias

from repomap_fast.cli.exit_codes import say
from repomap_fast.cli.output import RowsFormat, print_text
from repomap_fast.cli.text import printable

if TYPE_CHECKING:
    from repomap_fast.symbols.calls import Calls
    from repomap_fast.symbols.impact import Impact
    from repomap_fast.symbols.refs import References
    from repomap_fast.symbols.unused import Unused

    Result: TypeAlias = References | Calls | Impact | Unused


def print_result(found: Result, format: RowsFormat) -> None:
    """Print a result to the standard output, and its notes to the standard error."""
    if format is RowsFormat.JSON:
        from repomap_fast.cli.formats.document import print_document

        print_document(asdict(found))
    elif format is RowsFormat.TABLE:
        from repomap_fast.cli.reports.reference_tables import print_table

        print_table(found)
    else:
        print_text(found.text)
    sys.stdout.flush()
    for note in found.notes:
        say(f"note: {printable(note)}")
