"""The numbers of the summary of a scan."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from repomap_fast.joining.file_traits import classify_files
from repomap_fast.joining.path_kinds import PathKind
from repomap_fast.languages.table import LANGUAGE_ROLES, LANGUAGES
from repomap_fast.tables import I64, NO_LANGUAGE, FileMark, FileStatus

if TYPE_CHECKING:
    from repomap_fast.joining.result import File, ScanResult
    from repomap_fast.metrics import ScanMetrics

PARSED = (FileStatus.TAGGED, FileStatus.NO_TAGS)
"""Statuses of the files that were parsed to their end; all others were skipped."""


@dataclass(frozen=True, slots=True)
class LanguageCounts:
    """What was found in the files of one language, of those that were parsed."""

    name: str
    role: str
    files: int
    bytes: int
    definitions: int
    references: int


def count_languages(result: ScanResult) -> list[LanguageCounts]:
    """Return the counts of each language that has a parsed file: by role, code first, then most bytes first."""
    table = result.file_table
    parsed = np.flatnonzero(np.isin(table.statuses, PARSED))
    language_ids = table.language_ids[parsed].astype(np.int64)
    offsets = table.tag_offsets.astype(np.int64)
    n_tags = offsets[1:] - offsets[:-1]
    n_definitions_of_file = table.definition_counts.astype(np.int64)

    def by_language(of_file: I64) -> list[int]:
        # bincount adds in float64, which is exact up to 2**53.
        sums = np.bincount(language_ids, weights=of_file[parsed], minlength=len(LANGUAGES))
        return [int(total) for total in sums.tolist()]

    n_bytes = by_language(table.sizes_bytes)
    n_definitions, n_refs = by_language(n_definitions_of_file), by_language(n_tags - n_definitions_of_file)
    n_files = np.bincount(language_ids, minlength=len(LANGUAGES)).tolist()
    counts = [
        LanguageCounts(language.name, language.role, n_files[i], n_bytes[i], n_definitions[i], n_refs[i])
        for i, language in enumerate(LANGUAGES)
        if n_files[i]
    ]
    return sorted(counts, key=lambda row: (LANGUAGE_ROLES.index(row.role), -row.bytes, row.name))


_FUNCTION_KINDS = ("function", "method", "constructor", "operator")
_PLURALS = {"class": "classes", "property": "properties", "function": "functions and methods"}


def definition_counts(result: ScanResult) -> list[tuple[str, int]]:
    """Return the kinds of definitions in words, and how many are of each, most first.

    Functions and methods are one kind here: the tags queries of some languages call a method a function.
    """
    counts = dict(result.definition_kinds)
    if n_functions := sum(counts.pop(kind, 0) for kind in _FUNCTION_KINDS):
        counts["function"] = n_functions
    ordered = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    return [(kind if count == 1 else _PLURALS.get(kind, f"{kind}s"), count) for kind, count in ordered]


def skipped_counts(result: ScanResult) -> dict[FileStatus, int]:
    """Return how many files were skipped, by status, most first."""
    counts = {status: count for status, count in result.status_counts().items() if status not in PARSED}
    return dict(sorted(counts.items(), key=lambda counted: -counted[1]))


def skipped_files(result: ScanResult, *, unknown: bool = True) -> Iterator[tuple[bytes, FileStatus, str]]:
    """Yield path, status and reason of every file that was skipped, sorted by path; ``unknown``: those too that have
    no language."""
    table = result.file_table
    others = PARSED if unknown else (*PARSED, FileStatus.UNKNOWN_LANGUAGE)
    for row in np.flatnonzero(~np.isin(table.statuses, others)).tolist():
        file = result.file_at(row)
        yield table.paths[row], file.status, file.reason


def trait_counts(result: ScanResult) -> dict[str, int]:
    """Return how many files with a language have each trait that their path, contents or ``.gitattributes`` say."""
    files = result.file_table
    kinds = classify_files(files, files.rows_with_language())
    counts = {kind.weight_name: int(np.count_nonzero(kinds & kind)) for kind in PathKind}
    return {name: count for name, count in counts.items() if count}


def n_not_read_whole(result: ScanResult) -> int:
    """Return how many files were parsed, but have rows that the parser could not read."""
    return int(np.count_nonzero(result.file_table.marks & np.uint8(FileMark.UNREAD)))


def files_with_marks(result: ScanResult) -> Iterator[File]:
    """Yield the files of which contents or ``.gitattributes`` say something, sorted by path."""
    for row in np.flatnonzero(result.file_table.marks).tolist():
        yield result.file_at(row)


def unknown_names(result: ScanResult) -> list[tuple[str, int]]:
    """Return by what the files that have no language are known, and how many each are, most first.

    That is ``*.suffix``, or the whole name where there is no suffix.
    """
    table = result.file_table
    counts: Counter[bytes] = Counter()
    for row in np.flatnonzero(table.statuses == FileStatus.UNKNOWN_LANGUAGE).tolist():
        name = table.paths[row].rpartition(b"/")[2]
        stem, dot, suffix = name.rpartition(b".")
        counts[b"*." + suffix if stem and dot and suffix else name] += 1
    return [(os.fsdecode(name), count) for name, count in sorted(counts.items(), key=lambda item: (-item[1], item[0]))]


def n_failed(result: ScanResult) -> int:
    """Return how many files should have given tags and gave none."""
    return sum(count for status, count in result.status_counts().items() if status.is_failure)


def n_parsed(result: ScanResult) -> int:
    """Return how many files were parsed to their end."""
    counts = result.status_counts()
    return sum(counts.get(status, 0) for status in PARSED)


def n_with_language(result: ScanResult) -> int:
    """Return how many files have a language."""
    return int(np.count_nonzero(result.file_table.language_ids != NO_LANGUAGE))


def bytes_per_s(metrics: ScanMetrics) -> float:
    """Return the source bytes parsed in a second of the whole scan."""
    return metrics.source_bytes / metrics.elapsed_s if metrics.elapsed_s else 0.0


def files_per_s(result: ScanResult) -> float:
    """Return the files parsed in a second of the whole scan."""
    return n_parsed(result) / result.metrics.elapsed_s if result.metrics.elapsed_s else 0.0
