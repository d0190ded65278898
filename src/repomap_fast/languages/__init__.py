"""The language table and the tags queries."""

from repomap_fast.compiled import compiled_modules

__getattr__ = compiled_modules(__name__, "_identify")
