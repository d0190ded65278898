"""One table of all tags."""

from repomap_fast.compiled import compiled_modules

__getattr__ = compiled_modules(
    *(__name__, "_facts", "_graph", "_identifiers", "_imports", "_join"),
    *("_path_kinds", "_records", "_tag_texts", "_uses", "_words"),
)
