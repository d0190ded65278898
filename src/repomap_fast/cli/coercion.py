"""Commands whose plain options are converted without pydantic.

Newer Typers convert every option through pydantic, absent ones too: 60 ms before anything is done, a third of what
a scan of a small folder takes. Values that any converter would agree on are converted here; all others, and with them
all errors, are left to Typer. It is asked through two names that are its own affair, so if either is gone, this does
nothing.
"""

from __future__ import annotations

from enum import Enum
from pathlib import Path
from typing import Any

from typer.core import TyperCommand, TyperGroup


class QuickCommand(TyperCommand):
    """A command of Typer's, for ``app.command(cls=QuickCommand)``."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Convert the arguments."""
        _set_converters(self.get_params(ctx))
        return super().parse_args(ctx, args)


class QuickGroup(TyperGroup):
    """A group of Typer's, for ``Typer(cls=QuickGroup)``."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Convert the arguments that stand before the command."""
        _set_converters(self.get_params(ctx))
        return super().parse_args(ctx, args)


def _set_converters(options: list[Any]) -> None:
    for option in options:
        if hasattr(option, "_runtime_param") and hasattr(option, "get_runtime_param"):
            option._runtime_param = _QuickConverter(option)


class _QuickConverter:
    """What Typer calls to convert the values of one option."""

    def __init__(self, option: Any) -> None:
        self._option = option

    def coerce(self, value: Any, param: Any, ctx: Any) -> Any:
        """Return ``value`` in the type that the option is annotated with."""
        option = self._option
        if value is None:
            return () if option.multiple or option.nargs == -1 else None
        known, converted = _convert(value, option.type_descriptor.annotation)
        if known:
            return converted
        option._runtime_param = None
        return option.get_runtime_param().coerce(value, param=param, ctx=ctx)


def _convert(value: Any, annotation: Any) -> tuple[bool, Any]:
    """Return whether the value is one that needs no judgement, and the value as ``annotation``."""
    if annotation == list[str]:
        return True, list(value)
    if annotation == list[Path]:
        return True, [Path(text) for text in value]
    if not isinstance(annotation, type):
        return False, None
    if isinstance(value, annotation):
        return True, value
    if isinstance(value, str):
        if annotation is Path:
            return True, Path(value)
        if annotation is int and value.isascii() and value.isdecimal():
            return True, int(value)
        if issubclass(annotation, Enum) and value in [member.value for member in annotation]:
            return True, annotation(value)
    return False, None
