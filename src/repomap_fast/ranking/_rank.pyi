from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from repomap_fast.tables import U32, U64

_F64: TypeAlias = NDArray[np.float64]

def page_rank(
    reference_offsets: U64,
    reference_names: U32,
    reference_counts: U32,
    definer_offsets: U64,
    definer_names: U32,
    unreferenced_counts: U32,
    definer_counts: U32,
    name_factors: _F64,
    reference_factors: _F64,
    personalization: _F64,
    unreferenced_weight: float,
    damping: float,
    tolerance: float,
    max_iterations: int,
) -> tuple[_F64, _F64, _F64, int]: ...
