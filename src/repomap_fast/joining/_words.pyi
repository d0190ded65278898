from typing import Self, final

import numpy as np
from numpy.typing import NDArray

from repomap_fast.tables import I64, U8, U32, U64

def read_terms(blocks: list[bytes]) -> tuple[U32, U32, U32, U32, U8, U8]: ...

@final
class WantedTerms:
    def __new__(cls, hashes: U32) -> Self: ...
    def find_pairs(
        self, hashes: U32, name_counts: U8, rest_counts: U8, first: int, offsets: U64, files: I64
    ) -> tuple[U32, U32, U8, U8]: ...

def add_bm25(
    scores: NDArray[np.float64],
    files: U32,
    terms: U32,
    name_counts: U8,
    rest_counts: U8,
    name_factors: NDArray[np.float64],
    rest_factors: NDArray[np.float64],
    weights: NDArray[np.float64],
    k1: float,
) -> None: ...
