"""The names of a package that its callers may use: those of its modules, of its classes, and of their objects.

    PYTHONPATH=tests PEER/bin/python -m support.drop_in_names PACKAGE > tests/compat/names/PACKAGE.txt

PEER is an environment in which the package is installed. Nothing else is imported, so that it can be run there.
"""

from __future__ import annotations

import inspect
import sys
import tempfile
from collections.abc import Callable
from importlib import import_module
from types import ModuleType
from typing import Any

MODULES = {
    "aider": ("aider.repomap",),
    "cecli": ("cecli.repomap",),
    "grep_ast": ("grep_ast", "grep_ast.grep_ast", "grep_ast.parsers", "grep_ast.tsl", "grep_ast.dump", "grep_ast.main"),
}


class _Io:
    """Takes each message, and shows none."""

    def __getattr__(self, name: str) -> Callable[..., None]:
        return lambda *_, **__: None


def make(name: str, cls: Any, module: str, folder: str) -> object | None:
    """Return an object of a class whose attributes callers read; None for another class."""
    if name == "TreeContext":
        return cls("a.py", "x = 1\n")
    if name != "RepoMap":
        return None
    return cls(map_cache_dir=folder, repo_root=folder, io=_Io()) if "cecli" in module else cls(root=folder, io=_Io())


def names_of(module: str) -> list[str]:
    """Return the public names of a module, sorted.

    Functions and classes have their parameters, attributes of objects a pair of brackets behind the class.
    """
    read = import_module(module)
    lines: list[str] = []
    for name, value in _public(vars(read)):
        if inspect.ismodule(value) or not _is_own(value, read):
            continue
        if not inspect.isclass(value):
            lines.append(f"{name}{parameters(value)}" if callable(value) else name)
            continue
        lines += [f"{name}{parameters(value)}", *_members(name, value)]
        with tempfile.TemporaryDirectory() as folder:
            made = make(name, value, module, folder)
            if made is not None:
                lines += [f"{name}().{attribute}" for attribute, _ in _public(vars(made))]
    return sorted(lines)


def _public(found: Any) -> list[tuple[str, Any]]:
    return [(name, value) for name, value in found.items() if not name.startswith("_")]


def _is_own(value: object, module: ModuleType) -> bool:
    """Return whether it is a plain value, or of this module; what modules of a package define is of the package."""
    if not callable(value):
        return type(value).__module__ == "builtins"
    home = getattr(value, "__module__", None) or ""
    return home == module.__name__ or (hasattr(module, "__path__") and home.startswith(f"{module.__name__}."))


def _members(name: str, cls: type) -> list[str]:
    found = ((member, getattr(cls, member)) for member in dir(cls) if not member.startswith("_"))
    return [f"{name}.{member}{parameters(value) if inspect.isroutine(value) else ''}" for member, value in found]


def parameters(function: Any) -> str:
    """Return the parameters of a function with their defaults, without types."""
    found = inspect.signature(function).parameters.values()
    return str(inspect.Signature([one.replace(annotation=inspect.Parameter.empty) for one in found]))


if __name__ == "__main__":
    for name_of_module in MODULES[sys.argv[1]]:
        sys.stdout.write("\n".join((f"[{name_of_module}]", *names_of(name_of_module), "")))
