"""Drawing: as much as fits, as text."""

from repomap_fast.compiled import compiled_modules

__getattr__ = compiled_modules(__name__, "_tokens")
