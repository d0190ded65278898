"""What users see of imports: what a file imports, who imports it, and which files import each other in a cycle."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from repomap_fast.arrow.table import ArrowTable
from repomap_fast.errors import SymbolError
from repomap_fast.joining.imports import IMPORT_ALL, IMPORT_EXPORTED, IMPORT_KIND_MASK
from repomap_fast.paths import encoded, path_below
from repomap_fast.resolving.cycles import find_cycles, shortest_cycle
from repomap_fast.resolving.resolve import ResolvedImports, resolve_imports
from repomap_fast.resolving.source_tree import INSIDE
from repomap_fast.screens import Screen
from repomap_fast.tables import IMPORT_ROWS

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from repomap_fast.arrow.stream import Column
    from repomap_fast.joining.result import ScanResult
    from repomap_fast.progress import Progress
    from repomap_fast.tables import RowColumn

Leads = Literal["inside", "outside", "unknown"]
_PLACES: tuple[Leads, ...] = ("inside", "outside", "unknown")
MAX_TARGETS = 100
"""Files that one import of a package has in a result."""
_SHOWN_TARGETS = 3
"""Of these, how many its line has."""
_SHOWN_IMPORTED = 20
"""Files that a text about all files has."""


@dataclass(frozen=True, slots=True)
class Import:
    """One import, as it is written and what it means.

    path       of the file that imports, below the root.
    line       one-based.
    module     the module or path, as it is written; in Rust as seen from the file's own module.
    name       what is imported of it; ``*`` for all; None for the module as a whole.
    alias      by what other name it is known in the file; None for none.
    exported   whether the file passes it on (``export … from``, ``pub use``).
    leads      ``inside``: to files of the repository; ``outside``; ``unknown``: it should lead to a file, and none was
               found.
    targets    the files that it means, no more than 100: one, or those of a package. Where several fit as well, all.
    n_targets  how many there are.
    """

    path: str
    line: int
    module: str
    name: str | None
    alias: str | None
    exported: bool
    leads: Leads
    targets: tuple[str, ...]
    n_targets: int


@dataclass(frozen=True, slots=True)
class Imported:
    """A file, and how many other files import it."""

    path: str
    n_files: int


@dataclass(frozen=True, slots=True)
class Cycle:
    """Files that all import each other, directly or through others of them.

    paths     all of them, sorted; in Go the folders of packages.
    shortest  a shortest way from the first of them back to it: one import for each file.
    """

    paths: tuple[str, ...]
    shortest: tuple[Import, ...]


@dataclass(frozen=True, slots=True, repr=False)
class Imports(Screen, ArrowTable):
    """The imports of a file, or of all files. In Arrow they have the columns of ``tables.IMPORT_ROWS``.

    path        the file; None for all.
    imports     what it imports, in the order of its text; of all files by path. The first of them, see ``limit``.
    importers   what imports it, by path and line; none for all files. The first of them.
    imported    the files that most others import, the most first; all of them; none for a file.
    cycles      cycles of imports, the largest first; those that the file is in.
    n_imports   how many imports there are; ``n_inside``, ``n_outside`` and ``n_unknown`` where they lead.
    n_importers how many imports of the file there are in others.
    n_files     files that import anything.
    """

    path: str | None
    imports: tuple[Import, ...]
    importers: tuple[Import, ...]
    imported: tuple[Imported, ...]
    cycles: tuple[Cycle, ...]
    n_imports: int
    n_inside: int
    n_outside: int
    n_unknown: int
    n_importers: int
    n_files: int

    @property
    def row_columns(self) -> Sequence[RowColumn]:
        """The columns of the table."""
        return IMPORT_ROWS

    def arrow_batches(self) -> Iterator[Column]:
        """Yield the rows as one batch."""
        from repomap_fast.resolving.import_rows import import_batch

        yield import_batch(self.imports, self.importers)

    @property
    def text(self) -> str:
        """All of it as text, one import a line."""
        return "".join(f"{line}\n" for line in import_lines(self))

    def __str__(self) -> str:
        return self.text


def find_imports(result: ScanResult, path: str | None, *, limit: int, watch: Progress) -> Imports:
    """Return the imports of a file and of what imports it, or of all files where ``path`` is None.

    limit  return no more imports, and no more importers; 0 for all.

    Raises SymbolError where the scan has no such file, ScanCancelled, IndexDamagedError.
    """
    row = None if path is None else _row_of(result, path)
    resolved = resolve_imports(result, watch)
    edges = _Edges(resolved)
    rows = resolved.rows.tolist()
    own = [i for i, one in enumerate(rows) if row is None or one == row]
    of_others = (
        [] if row is None else [i for i, one in enumerate(resolved.found) if row in one.files and rows[i] != row]
    )
    places = Counter(resolved.found[i].place for i in own)
    cycles = edges.cycles(row)
    return Imports(
        path=None if row is None else resolved.tree.paths[row],
        imports=tuple(_import(resolved, i) for i in own[: limit or len(own)]),
        importers=tuple(_import(resolved, i) for i in of_others[: limit or len(of_others)]),
        imported=() if row is not None else edges.imported(),
        cycles=cycles,
        n_imports=len(own),
        n_inside=places[0],
        n_outside=places[1],
        n_unknown=places[2],
        n_importers=len(of_others),
        n_files=len({rows[i] for i in own}),
    )


def import_lines(found: Imports) -> list[str]:
    """Return the lines of the text."""
    if found.path is None:
        return [*_summary(found), *_most_imported(found), *_cycle_count(found)]
    lines = [f"{found.path}: {_summary(found)[0]}"]
    lines += [f"{one.line}: {written(one)}{leading(one)}" for one in found.imports]
    lines += _more(found.n_imports - len(found.imports))
    lines += ["", f"{found.path} is imported {_times(found.n_importers)}"]
    lines += [f"{one.path}:{one.line}: {written(one)}" for one in found.importers]
    lines += _more(found.n_importers - len(found.importers))
    return [*lines, *(["", *cycle_lines(found)] if found.cycles else [])]


def cycle_lines(found: Imports) -> list[str]:
    """Return the lines of the cycles: how many there are, then of each its files' number and a shortest way around."""
    if not found.cycles:
        return ["no cycles of imports"]
    lines = [f"{len(found.cycles):,} {'cycle' if len(found.cycles) == 1 else 'cycles'} of imports"]
    for cycle in found.cycles:
        lines += ["", f"{len(cycle.paths):,} files; a shortest way around:"]
        lines += [f"{one.path}:{one.line}: {written(one)}{leading(one)}" for one in cycle.shortest]
    return lines


def written(one: Import) -> str:
    """Return an import as text, in one form for all languages."""
    name = "" if one.name is None else f" {one.name}"
    return f"{one.module}{name}{'' if one.alias is None else f' as {one.alias}'}"


def leading(one: Import) -> str:
    """Return where an import leads, as text after it."""
    if one.leads == "outside":
        return " (outside)"
    if one.leads == "unknown":
        return " (not found)"
    shown = ", ".join(one.targets[:_SHOWN_TARGETS])
    n_more = one.n_targets - min(one.n_targets, _SHOWN_TARGETS)
    return f" → {shown}{f' and {n_more:,} more' if n_more else ''}"


def _summary(found: Imports) -> list[str]:
    count = f"{found.n_imports:,} {'import' if found.n_imports == 1 else 'imports'}"
    where = "" if found.path is not None else f" in {found.n_files:,} {'file' if found.n_files == 1 else 'files'}"
    if not found.n_imports:
        return [f"no imports{where and ''}"]
    return [
        f"{count}{where}: {found.n_inside:,} of files here, {found.n_outside:,} from outside, "
        f"{found.n_unknown:,} not found"
    ]


def _most_imported(found: Imports) -> list[str]:
    shown = found.imported[:_SHOWN_IMPORTED]
    if not shown:
        return []
    width = len(f"{shown[0].n_files:,}")
    lines = ["", "imported by most files:"]
    lines += [f"{one.n_files:>{width},}  {one.path}" for one in shown]
    return lines + _more(len(found.imported) - len(shown))


def _cycle_count(found: Imports) -> list[str]:
    n = len(found.cycles)
    n_files = sum(len(cycle.paths) for cycle in found.cycles)
    if not n:
        return ["", "no cycles of imports"]
    return ["", f"{n_files:,} files are in {n:,} {'cycle' if n == 1 else 'cycles'} of imports"]


def _more(n: int) -> list[str]:
    return [f"… and {n:,} more"] if n > 0 else []


def _times(n: int) -> str:
    return "nowhere" if not n else "once" if n == 1 else f"{n:,} times"


def _row_of(result: ScanResult, path: str) -> int:
    """Return the row of the file that is meant: a path below the root, absolute, or the end of just one path."""
    from repomap_fast.paths import row_of, rows_ending_in
    from repomap_fast.ranking.similar_names import nearest_paths

    paths = result.file_table.paths
    key = path_below(result.root, path) if os.path.isabs(path) else encoded(path)  # noqa: PTH117
    key = key.removeprefix(b"./")
    row = row_of(paths, key) if key and b"\0" not in key else None
    if row is None and key and b"\0" not in key:
        ending = rows_ending_in(paths, b"/" + key)
        row = int(ending[0]) if len(ending) == 1 else None
    if row is not None:
        return row
    near = [repr(os.fsdecode(one)) for one in nearest_paths(paths, key)] if key else []
    hint = f"; did you mean {' or '.join(near)}?" if near else ""
    raise SymbolError(f"no file {path!r} is below {str(result.root)!r}{hint}")


class _Edges:
    """Which file imports which, of the imports that mean one file, or a package of Go."""

    def __init__(self, resolved: ResolvedImports) -> None:
        self._resolved = resolved
        self._tree = resolved.tree
        self._edges: dict[int, list[int]] = {}
        self._first: dict[tuple[int, int], int] = {}
        """For each edge the first import that it stands for."""
        self._unit_of: dict[str, int] = {}
        for i, (row, found) in enumerate(zip(resolved.rows.tolist(), resolved.found, strict=True)):
            target = self._only_unit(found.files)
            source = self._unit(row)
            if target is not None and target != source and (source, target) not in self._first:
                self._first[source, target] = i
                self._edges.setdefault(source, []).append(target)

    def imported(self) -> tuple[Imported, ...]:
        """Return the files that are imported, those of most files first."""
        importers: dict[int, set[int]] = {}
        for row, found in zip(self._resolved.rows.tolist(), self._resolved.found, strict=True):
            for target in found.files if found.place == INSIDE else ():
                if target != row:
                    importers.setdefault(target, set()).add(row)
        counts = [(len(rows), target) for target, rows in importers.items()]
        counts.sort(key=lambda one: (-one[0], one[1]))
        return tuple(Imported(self._tree.paths[target], n) for n, target in counts)

    def cycles(self, row: int | None) -> tuple[Cycle, ...]:
        """Return all cycles, or those that a file is in."""
        wanted = None if row is None else self._unit(row)
        components = [one for one in find_cycles(self._edges) if wanted is None or wanted in one]
        return tuple(self._cycle(component, wanted) for component in components)

    def _cycle(self, component: list[int], wanted: int | None) -> Cycle:
        start = component if wanted is None else [wanted, *(one for one in component if one != wanted)]
        nodes = shortest_cycle(self._edges, start)
        pairs = zip(nodes, [*nodes[1:], nodes[0]], strict=True)
        steps = tuple(_import(self._resolved, self._first[pair]) for pair in pairs)
        return Cycle(tuple(sorted(self._name(one) for one in component)), steps)

    def _unit(self, row: int) -> int:
        """Return what stands for a file: itself, or in Go the first file of its package."""
        if self._tree.languages[row] != "go":
            return row
        return self._unit_of.setdefault(self._tree.folder_of(row), row)

    def _only_unit(self, files: Iterable[int]) -> int | None:
        units = {self._unit(row) for row in files}
        return units.pop() if len(units) == 1 else None

    def _name(self, unit: int) -> str:
        return self._tree.folder_of(unit) or "." if self._tree.languages[unit] == "go" else self._tree.paths[unit]


def _import(resolved: ResolvedImports, i: int) -> Import:
    table, found = resolved.table, resolved.found[i]
    kind = int(table.kinds[i])
    name = "*" if kind & IMPORT_KIND_MASK == IMPORT_ALL else _shown(table.names[i]) or None
    return Import(
        path=resolved.tree.paths[int(resolved.rows[i])],
        line=int(table.rows[i]) + 1,
        module=_shown(table.modules[i]),
        name=name,
        alias=_shown(table.aliases[i]) or None,
        exported=bool(kind & IMPORT_EXPORTED),
        leads=_PLACES[found.place],
        targets=tuple(resolved.tree.paths[row] for row in found.files[:MAX_TARGETS]),
        n_targets=len(found.files),
    )


def _shown(text: bytes) -> str:
    return text.decode(errors="replace")
