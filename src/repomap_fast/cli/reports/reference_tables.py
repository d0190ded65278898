"""What refers to a symbol, and the like, as a table. What holds for all rows is said on the standard error."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from repomap_fast.cli.exit_codes import say
from repomap_fast.cli.reports.grid import Heading, print_grid
from repomap_fast.cli.text import printable
from repomap_fast.symbols.calls import Calls, call_lines
from repomap_fast.symbols.impact import Impact, impact_lines
from repomap_fast.symbols.names import qualified
from repomap_fast.symbols.refs import References, others_line, reference_lines
from repomap_fast.symbols.sites import how_line
from repomap_fast.symbols.unused import Unused, unused_lines

if TYPE_CHECKING:
    from collections.abc import Sequence

    from repomap_fast.symbols.calls import Linked
    from repomap_fast.symbols.refs import RefersTo

_WHERE = Heading("Where", may_fold=True)
_KIND = Heading("Kind", spare=2)
_NAME = Heading("Name", may_fold=True, style="cyan")
_HOW = Heading("Found by", spare=1)
_REFERENCES = (_WHERE, _KIND, _HOW, Heading("In", may_fold=True, spare=3, style="cyan"), Heading("Line", may_fold=True))
_LINKED = (
    Heading("Steps", is_number=True),
    _WHERE,
    _KIND,
    _NAME,
    _HOW,
    Heading("Sites", is_number=True, spare=3),
    Heading("Refers to", may_fold=True, spare=4),
)


def print_table(found: References | Calls | Impact | Unused) -> None:
    """Print the rows that a result has; then how many there are, how they were found, and what is not resolved."""
    if isinstance(found, References):
        print_grid(_REFERENCES, _reference_rows(found))
        first, n_more = reference_lines(found)[0], found.n_references - len(found.references)
        n_more += found.n_unresolved - len(found.unresolved)
    elif isinstance(found, Calls):
        nearer = "Refers to" if found.direction == "callers" else "From"
        headings = (*_LINKED[:-1], replace(_LINKED[-1], text=nearer))
        print_grid(headings, [_linked_row(one) for one in found.linked])
        first, n_more = call_lines(found)[0], found.n_linked - len(found.linked)
    elif isinstance(found, Impact):
        rows = [("", *_linked_row(one)) for one in found.reached] + [("test", *_linked_row(one)) for one in found.tests]
        print_grid((Heading("Test"), *_LINKED), rows)
        first, n_more = impact_lines(found)[0], found.n_reached + found.n_tests - len(rows)
    else:
        print_grid((_WHERE, _KIND, _NAME), [_definition_row(one) for one in found.definitions])
        first, n_more = unused_lines(found)[0], found.n_unused - len(found.definitions)
    say(printable(first))
    say(how_line(found.n_by_how, found.n_unsure if isinstance(found, Unused) else found.n_unresolved))
    if isinstance(found, References) and found.n_others:
        say(others_line(found))
    if n_more:
        say(f"{n_more:,} more; --limit 0 shows all")


def _reference_rows(found: References) -> list[Sequence[str]]:
    return [
        (
            f"{printable(one.path)}:{one.line}",
            one.kind,
            one.how,
            printable(one.scope or ""),
            printable(one.source),
        )
        for one in (*found.references, *found.unresolved)
    ]


def _linked_row(one: Linked) -> Sequence[str]:
    where = printable(one.path) if one.kind == "file" else f"{printable(one.path)}:{one.line}"
    return str(one.depth), where, one.kind, printable(qualified(one)), one.how, f"{one.n_sites:,}", printable(one.via)


def _definition_row(one: RefersTo) -> Sequence[str]:
    return f"{printable(one.path)}:{one.line}", one.kind, printable(qualified(one))
