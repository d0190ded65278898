"""Putting ours in the place of another package's names, and taking it away again."""

from __future__ import annotations

import sys
from collections.abc import Callable
from importlib import import_module
from types import ModuleType
from typing import Any

from repomap_fast.errors import EXIT_FINE

EXIT_MISSING = 1
"""The package is not installed."""


class Installation:
    """What was replaced so far. A drop-in has one for the whole process."""

    def __init__(self) -> None:
        self._undo: list[Callable[[], object]] = []

    @property
    def is_done(self) -> bool:
        """Whether anything is replaced."""
        return bool(self._undo)

    def replace(self, name: str, theirs: object, ours: object, package: str = "") -> None:
        """Replace an object in every loaded module that has it under ``name``; with ``package``, in its modules alone.

        Whoever has imported the object by name has it in its own module.
        """
        for module_name, module in list(sys.modules.items()):
            is_meant = not package or module_name.partition(".")[0] == package
            if is_meant and getattr(module, "__dict__", {}).get(name) is theirs:
                setattr(module, name, ours)
                self._undo.append(_setter(module, name, theirs))

    def name_module(self, name: str, ours: ModuleType) -> None:
        """Have an import of ``name`` give this module."""
        theirs = sys.modules.get(name)
        sys.modules[name] = ours
        self._undo.append(lambda: sys.modules.pop(name, None) if theirs is None else _name(name, theirs))

    def undo(self) -> None:
        """Give back what was replaced."""
        while self._undo:
            self._undo.pop()()


def start(package: str, distribution: str, install: Callable[[], None]) -> int:
    """Start the program of an installed package on ours, with the arguments of the command line; return its exit code.

    distribution  what to install where the package is missing, and of which version.
    """
    try:
        install()
    except ImportError as error:
        sys.stderr.write(
            f"{package} cannot be started: {error}; expected {distribution} or near it in the environment of "
            f"{sys.executable}: install it there\n"
        )
        return EXIT_MISSING
    # What the program imports from now on finds ours.
    status = import_module(f"{package}.main").main()
    return status if isinstance(status, int) else EXIT_FINE


def _setter(module: ModuleType, name: str, value: Any) -> Callable[[], None]:
    return lambda: setattr(module, name, value)


def _name(name: str, module: ModuleType) -> None:
    sys.modules[name] = module
