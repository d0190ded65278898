"""Commands whose plain options are converted without pydantic.

Newer Typers convert every option through pydantic, absent ones too: 60 ms before anything is done, a third of what
a scan of a small folder takes. Its errors speak of parsing and of input, too. So values of the types that our options
have are converted here; all others are left to Typer. It is asked through two names that are its own affair, so if
either is gone, this does nothing.
"""

from __future__ import annotations

from enum import Enum
from pathlib import Path
from typing import Any

from typer import BadParameter
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
        try:
            known, converted = _convert(value, option.type_descriptor.annotation)
        except ValueError as error:
            raise BadParameter(str(error), ctx=ctx, param=param) from None
        if known:
            return converted
        option._runtime_param = None
        return option.get_runtime_param().coerce(value, param=param, ctx=ctx)


def _convert(value: Any, annotation: Any) -> tuple[bool, Any]:
    """Return whether the type is one of those that are known here, and the value as ``annotation``.

    Raises ValueError for a value that is none of that type; the message says what is expected.
    """
    if annotation == list[str]:
        return True, list(value)
    if annotation == list[Path]:
        return True, [_path(text) for text in value]
    if not isinstance(annotation, type):
        return False, None
    if isinstance(value, annotation):
        return True, value
    if isinstance(value, str):
        if annotation is Path:
            return True, _path(value)
        if annotation in _NUMBERS:
            return True, _number(value, annotation)
        if issubclass(annotation, Enum):
            return True, _member(value, annotation)
    return False, None


_NUMBERS = {int: "a whole number", float: "a number"}


def _number(text: str, kind: type[int] | type[float]) -> int | float:
    try:
        return kind(text)
    except ValueError:
        raise ValueError(f"expected {_NUMBERS[kind]}, not {_shown(text)}") from None


def _member(text: str, kind: type[Enum]) -> Enum:
    members = {member.value: member for member in kind}
    if text not in members:
        *names, last = members
        raise ValueError(f"expected {', '.join(names)} or {last}, not {_shown(text)}")
    return members[text]


def _path(text: str) -> Path:
    # Python takes it for the folder that one is in, which an unset variable of a shell does not mean.
    if not text:
        raise ValueError("expected a path, not an empty text; the folder you are in is .")
    return Path(text)


def _shown(text: str) -> str:
    return repr(text if len(text) <= _MOST_SHOWN else f"{text[:_MOST_SHOWN]}...")


_MOST_SHOWN = 60
