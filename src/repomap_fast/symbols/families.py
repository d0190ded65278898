"""Keeps languages apart: a name in one family of languages never means a definition of another family."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from repomap_fast.arrays import distinct
from repomap_fast.languages.table import FAMILY_OF_LANGUAGE, LANGUAGES
from repomap_fast.tables import I64, NO_LANGUAGE, U16

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from repomap_fast.joining.result import ScanResult

_FAMILIES: U16 = np.array(FAMILY_OF_LANGUAGE, np.uint16)


def families_of_files(result: ScanResult, rows: NDArray[np.intp]) -> U16:
    """Return the family of languages of some files that have a language, rows of the file table: (n,) uint16."""
    return _FAMILIES[result.file_table.language_ids[rows]]


def families_of_tags(result: ScanResult, rows: I64) -> U16:
    """Return the family of languages of the files of some tags, rows of the table of tags: (n,) uint16."""
    return families_of_files(
        result, np.searchsorted(result.file_table.tag_offsets, rows.astype(np.uint64), "right") - 1
    )


def are_texts(result: ScanResult, files: NDArray[np.intp] | I64) -> bool:
    """Return whether all of some files, rows of the file table, are documents."""
    language_ids = distinct(result.file_table.language_ids[files]).tolist()
    return bool(language_ids) and all(
        language != NO_LANGUAGE and LANGUAGES[language].role == "text" for language in language_ids
    )
