"""The files and definitions of a repository that matter most, each with the reason."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from repomap_fast.drawing.file_definitions import FileDefinitions
from repomap_fast.ranking.rank import reference_files
from repomap_fast.reporting.folders import counted

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from repomap_fast.joining.graph import Graph
    from repomap_fast.ranking.rank import Ranking
    from repomap_fast.reporting.files import ReportFile
    from repomap_fast.tables import I64

N_FILES = 30
N_DEFINITIONS = 50


@dataclass(frozen=True, slots=True)
class KeyFile:
    """A file that matters.

    place        position among all files, from 1.
    n_referrers  other files that refer to a name that it defines.
    reason       a sentence.
    """

    path: str
    place: int
    n_referrers: int
    n_changes: int
    n_lines: int
    reason: str


@dataclass(frozen=True, slots=True)
class KeyDefinition:
    """A definition that matters.

    line, end_line  one-based.
    place           position among all definitions, from 1.
    n_referrers     files that refer to its name, wherever that is defined.
    reason          a sentence.
    """

    path: str
    name: str
    kind: str
    scope: str | None
    line: int
    end_line: int
    place: int
    n_referrers: int
    reason: str


def find_key_files(graph: Graph, files: tuple[ReportFile, ...]) -> tuple[KeyFile, ...]:
    """Return the files of code that matter most, the best first, or of all where there is no code.

    files  those of the graph.
    """
    rows = [row for row, file in enumerate(files) if file.kind == "code"] or range(len(files))
    best = sorted(rows, key=lambda row: files[row].place)[:N_FILES]
    referring = reference_files(graph)
    return tuple(_key_file(files[row], _n_referrers(graph, row, referring)) for row in best)


def _n_referrers(graph: Graph, row: int, referring: NDArray[np.intp]) -> int:
    start, stop = graph.definer_offsets[row : row + 2].tolist()
    marks = np.zeros(max(graph.n_shared, 1), np.bool_)
    marks[graph.definer_names[start:stop]] = True
    files = set(referring[marks[graph.reference_names]].tolist())
    return len(files) - int(row in files)


def _key_file(file: ReportFile, n_referrers: int) -> KeyFile:
    parts = [
        f"{_files_refer(n_referrers)} to what it defines" if n_referrers else "",
        f"changed in {counted(file.n_changes, 'commit')}" if file.n_changes else "",
        counted(file.n_definitions, "definition"),
    ]
    return KeyFile(file.path, file.place, n_referrers, file.n_changes, file.n_lines, "; ".join(filter(None, parts)))


def find_key_definitions(graph: Graph, ranking: Ranking, files: tuple[ReportFile, ...]) -> tuple[KeyDefinition, ...]:
    """Return the definitions that matter most, the best first. Raises IndexDamagedError.

    ranking  of the repository, with at least N_DEFINITIONS of its definitions.
    """
    n_referrers: I64 = np.bincount(graph.reference_names, minlength=graph.n_shared)
    n_definers = graph.definer_counts()
    name_rows = graph.rows_of_names(ranking.name_ids[:N_DEFINITIONS])
    known: dict[int, FileDefinitions] = {}
    found = []
    for i, (file_id, name_id) in enumerate(
        zip(ranking.file_ids[:N_DEFINITIONS].tolist(), ranking.name_ids[:N_DEFINITIONS].tolist(), strict=True)
    ):
        file = known.setdefault(file_id, FileDefinitions.of(graph, file_id))
        if ranking.rows is None:
            row = graph.definition_rows(ranking.file_ids[i : i + 1], ranking.name_ids[i : i + 1])[0][0]
        else:
            row = int(ranking.rows[i])
        number = file.find(int(name_rows[i]), row)
        if number is None:
            continue
        is_shared = name_id < graph.n_shared
        found.append(
            KeyDefinition(
                path=os.fsdecode(graph.paths[file_id]),
                name=file.name(number).decode(errors="replace"),
                kind=file.kind(number),
                scope=file.scope(number),
                line=row + 1,
                end_line=file.end_row(number) + 1,
                place=i + 1,
                n_referrers=(n := int(n_referrers[name_id]) if is_shared else 0),
                reason=_reason(
                    n,
                    int(n_definers[name_id]) if is_shared else 1,
                    file.end_row(number) - row + 1,
                    files[file_id].place,
                ),
            )
        )
    return tuple(found)


def _reason(n_referrers: int, n_definers: int, n_lines: int, place: int) -> str:
    parts = []
    if n_referrers:
        of_several = f", which {n_definers:,} files define" if n_definers > 1 else ""
        parts.append(f"{_files_refer(n_referrers)} to its name{of_several}")
    parts.append(counted(n_lines, "line"))
    parts.append(f"its file is number {place:,}")
    return "; ".join(parts)


def _files_refer(n: int) -> str:
    return f"{n:,} {'file refers' if n == 1 else 'files refer'}"
