"""Codes of messages in a text, such as W0611 and TS2304: which files have one?

A tool numbers its errors and warnings, and mostly one place of its code has the number.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
from numpy.typing import NDArray

from repomap_fast.tagging.words import hash_terms, terms_in

if TYPE_CHECKING:
    from collections.abc import Iterable

    from repomap_fast.joining.words import FileWords

F64: TypeAlias = NDArray[np.float64]

_CODE = re.compile(rb"[A-Z]{1,6}\d{2,6}")
_MOST_CODES = 100
_MOST_FILES_OF_CODE = 3
"""What more files have is no number of a message, but a word such as UTF16."""


def codes_in(words: Iterable[bytes]) -> list[bytes]:
    """Return the words that are capitals with two digits or more behind them, the first hundred."""
    return [word for word in words if _CODE.fullmatch(word)][:_MOST_CODES]


def files_with_codes(codes: list[bytes], words: FileWords, is_plain: NDArray[np.bool_]) -> F64:
    """Return for each file the largest value of a code that it has: (n_files,) float64. Raises IndexDamagedError.

    is_plain  (n_files,): files that are no tests, and not vendored or generated.

    A code counts 1 by the number of plain files that have it, and nothing where these are more than three.
    """
    values: F64 = np.zeros(len(words))
    # The last term of a word of several parts is the word itself.
    terms = list(dict.fromkeys(terms_in(code)[-1] for code in codes))
    files, of_terms = words.files_with(hash_terms(terms))
    files, of_terms = files[is_plain[files]], of_terms[is_plain[files]]
    counts = np.bincount(of_terms, minlength=len(terms))[of_terms]
    is_code = counts <= _MOST_FILES_OF_CODE
    np.maximum.at(values, files[is_code], 1 / counts[is_code])
    return values
