import numpy as np
from numpy.typing import NDArray

from repomap_fast.tables import U8, U64

def read_listing(output: bytes) -> tuple[U64, U8, NDArray[np.bool_]] | None: ...
