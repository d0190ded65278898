"""What imports and references mean: from what a file says to the files and definitions that it means."""

from repomap_fast.compiled import compiled_modules

__getattr__ = compiled_modules(__name__, "_included_files")
