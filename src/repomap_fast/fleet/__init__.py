"""Many repositories, scanned by the workers of dask into one dataset of Parquet."""

from repomap_fast.fleet.bounds import Bounds
from repomap_fast.fleet.scanning import FleetSummary, scan_repositories
from repomap_fast.fleet.sources import Source, read_list

__all__ = ["Bounds", "FleetSummary", "Source", "read_list", "scan_repositories"]
