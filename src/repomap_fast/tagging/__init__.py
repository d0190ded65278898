"""The tags of each file."""

from repomap_fast.compiled import compiled_modules

__getattr__ = compiled_modules(__name__, "_block", "_build", "_regions", "_tagger", "_words")
