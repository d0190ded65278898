"""Putting our modules under the name ``grep_ast``, and taking them away again."""

from __future__ import annotations

import sys
from importlib import import_module

from repomap_fast.compat.installation import Installation

_OURS = __name__.rpartition(".")[0]
_MODULES = ("", ".grep_ast", ".parsers", ".tsl", ".dump", ".main")
_NAMES = {"TreeContext": ".grep_ast", "filename_to_lang": ".parsers"}
_INSTALLATION = Installation()


def install() -> None:
    """Have ``import grep_ast`` give our modules, and replace what was taken from an installed grep-ast before.

    A second call changes nothing.
    """
    if _INSTALLATION.is_done:
        return
    for name, place in _NAMES.items():
        theirs = getattr(sys.modules.get(f"grep_ast{place}"), name, None)
        if theirs is not None:
            _INSTALLATION.replace(name, theirs, getattr(import_module(f"{_OURS}{place}"), name))
    for place in _MODULES:
        _INSTALLATION.name_module(f"grep_ast{place}", import_module(f"{_OURS}{place}"))


def uninstall() -> None:
    """Give back the name, and what was taken from grep-ast."""
    _INSTALLATION.undo()
