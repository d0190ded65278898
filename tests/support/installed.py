"""The languages of the table whose grammars are installed: some are in packages that only an extra brings."""

from repomap_fast.languages.grammars import is_missing
from repomap_fast.languages.table import LANGUAGES

INSTALLED = tuple(row for i, row in enumerate(LANGUAGES) if not is_missing(i))
INSTALLED_PARSED = tuple(row for row in INSTALLED if row.grammar)
"""Those that have a grammar of their own."""
