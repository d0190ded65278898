"""What is kept on disk and in memory."""

from repomap_fast.compiled import compiled_modules

__getattr__ = compiled_modules(__name__, "_lru")
