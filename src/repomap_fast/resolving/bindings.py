"""Names that imports bind in a file, and which of them come from outside of the repository."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from repomap_fast.arrays import distinct
from repomap_fast.joining.imports import IMPORT_EXPORTED, IMPORT_KIND_MASK, IMPORT_MODULE, IMPORT_NAME
from repomap_fast.languages.table import LANGUAGES, RULES_OF_LANGUAGE
from repomap_fast.paths import row_of
from repomap_fast.resolving.resolve import ImportResolver, written_at
from repomap_fast.resolving.source_tree import OUTSIDE

if TYPE_CHECKING:
    from repomap_fast.joining.imports import ImportTable
    from repomap_fast.joining.result import ScanResult
    from repomap_fast.tables import I64

_SEPARATORS = (b".", b":", b"\\", b"/")
_BINDS_LAST = frozenset(("java", "kotlin", "scala", "php", "rust"))
"""Languages in which an import of a path binds its last name."""
_PASSES_ON = frozenset(("javascript", "typescript", "tsx"))
"""Languages in which what a file passes on is not bound in it."""


def bound_names(table: ImportTable, language: str) -> list[bytes]:
    """Return by which name a file knows what each import of it imports; empty for an import that binds none."""
    passed_on = IMPORT_EXPORTED if language in _PASSES_ON else 0
    found = []
    for kind, module, name, alias in zip(table.kinds.tolist(), table.modules, table.names, table.aliases, strict=True):
        if kind & passed_on or kind & IMPORT_KIND_MASK not in (IMPORT_MODULE, IMPORT_NAME):
            found.append(b"")
        elif alias or name:
            found.append(alias or _last(name))
        elif language == "python":
            found.append(module.partition(b".")[0])
        else:
            found.append(_last(module) if language in _BINDS_LAST else b"")
    return found


def files_with_foreign(result: ScanResult, name: bytes, whole: ScanResult, files: I64) -> set[int]:
    """Return the rows of the file table of ``result`` in which a name is bound to something outside of the repository.

    whole  a scan of all files, by which imports are resolved; ``result`` may have a few of them.
    files  rows of the file table of ``result``, of files that have a language: those that are asked about.

    Raises IndexDamagedError.
    """
    outside: set[int] = set()
    others: set[int] = set()
    resolver: ImportResolver | None = None
    of_files = distinct(files)
    file_ids = np.searchsorted(result.file_table.rows_with_language(), of_files)
    for row, file_id in zip(of_files.tolist(), file_ids.tolist(), strict=True):
        # Most files say nothing of it: what has a name has it in its records as it is.
        if name not in result.imports.records_of(file_id):
            continue
        table = result.imports.of_file(file_id)
        language = RULES_OF_LANGUAGE[LANGUAGES[int(result.file_table.language_ids[row])].name]
        binding = [i for i, bound in enumerate(bound_names(table, language)) if bound == name]
        whole_row = row if result is whole else row_of(whole.file_table.paths, result.file_table.paths[row])
        if not binding or whole_row is None:
            continue
        resolver = resolver or ImportResolver(whole)
        for i in binding:
            is_outside = resolver.find(whole_row, written_at(table, i)).place == OUTSIDE
            (outside if is_outside else others).add(row)
    # Where a file tries one import and then another, the name may mean either.
    return outside - others


def _last(path: bytes) -> bytes:
    return path[1 + max(map(path.rfind, _SEPARATORS)) :]
