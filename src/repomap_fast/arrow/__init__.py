"""Tables for Arrow, and for what reads Arrow: pyarrow, polars, pandas, DuckDB."""

from repomap_fast.compiled import compiled_modules

__getattr__ = compiled_modules(__name__, "_stream")
