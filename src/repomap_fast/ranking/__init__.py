"""Ranking: what matters for the task."""

from repomap_fast.compiled import compiled_modules

__getattr__ = compiled_modules(__name__, "_definitions", "_named_paths", "_rank", "_similar_names")
