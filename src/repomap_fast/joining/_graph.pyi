from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from repomap_fast.tables import U8, U32, U64

_F64: TypeAlias = NDArray[np.float64]

def mark_names(name_ids: U32, roles: U8, marks: U8) -> None: ...
def link_files(
    tag_counts: U32,
    name_ids: U32,
    roles: U8,
    graph_ids: U32,
    defined_in: U32,
    used_in: U32,
    places: U32,
    first_file: int,
    definitions_refer: bool,
) -> tuple[U32, U32, U32, U32, U32, U32]: ...
def name_traits(offsets: U64, names: U8) -> U8: ...
def page_rank(
    reference_offsets: U64,
    reference_names: U32,
    reference_counts: U32,
    definer_offsets: U64,
    definer_names: U32,
    lone_counts: U32,
    definer_counts: U32,
    name_factors: _F64,
    reference_factors: _F64,
    personalization: _F64,
    lone_weight: float,
    damping: float,
    tolerance: float,
    max_iterations: int,
) -> tuple[_F64, _F64, _F64, int]: ...
