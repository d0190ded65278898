"""Which files are there."""

from repomap_fast.compiled import compiled_modules

__getattr__ = compiled_modules(__name__, "_file_stats", "_git_listing", "_wildcards")
