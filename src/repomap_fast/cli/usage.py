"""Wrong usage of the command line, reported in one style: what was found, what was expected, and a hint."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from enum import EnumMeta
from pathlib import Path
from typing import Any, NoReturn

import typer

UsageError: type[Exception] = typer.BadParameter.__mro__[1]
"""What Typer raises for any wrong usage."""


class Misuse(typer.BadParameter):
    """Wrong usage in our own words.

    hint  what to type instead, or None.
    """

    def __init__(self, message: str, hint: str | None = None, *, ctx: Any = None) -> None:
        super().__init__(message, ctx=ctx)
        self.hint = hint

    def format_message(self) -> str:
        """Return the message as it was given."""
        return self.message


@contextmanager
def knowing_context(ctx: Any) -> Iterator[None]:
    """Add the command's context to an error that is raised in the block without one."""
    try:
        yield
    except UsageError as error:
        if getattr(error, "ctx", None) is None:
            error.ctx = ctx  # type: ignore[attr-defined]
        raise


def as_misuse(error: Any) -> Misuse:
    """Return Typer's error as ``Misuse``."""
    if isinstance(error, Misuse):
        return error
    ctx, kind = error.ctx, type(error).__name__
    if kind == "NoSuchOption":
        return _no_option(error.option_name, ctx)
    if kind == "MissingParameter":
        return Misuse(
            f"{called(error.param)} is not given; expected {_expected(error.param)}", _help_hint(ctx), ctx=ctx
        )
    if kind == "BadOptionUsage":
        return _bad_option(error.option_name, ctx)
    message = error.format_message()
    return Misuse(message[:1].lower() + message[1:].rstrip("."), _help_hint(ctx), ctx=ctx)


def no_command(name: str, known: Iterable[str], ctx: Any) -> NoReturn:
    """Raise ``Misuse`` for an unknown command."""
    expected = ", ".join(known)
    near = nearest(name, known)
    hint = f"did you mean `{ctx.command_path} {near}`?" if near else _help_hint(ctx)
    raise Misuse(f"there is no command {_shown(name)}; expected one of {expected}", hint, ctx=ctx)


def too_many(extra: list[str], ctx: Any) -> NoReturn:
    """Raise ``Misuse`` for arguments that a command does not take."""
    known = [param.metavar or param.name for param in ctx.command.params if param.param_type_name == "argument"]
    expected = f"no more than {' and '.join(known)}" if known else "no argument"
    raise Misuse(f"too many arguments: {' '.join(map(_shown, extra))}; expected {expected}", _help_hint(ctx), ctx=ctx)


def wrong_value(param: Any, value: str, expected: str, choices: Iterable[str] = (), *, ctx: Any = None) -> NoReturn:
    """Raise ``Misuse`` for a value that an option or an argument cannot have."""
    near = nearest(value, choices)
    hint = None if near is None else f"did you mean {f'{called(param)} ' if param.opts[0][:1] == '-' else ''}{near}?"
    raise Misuse(f"{called(param)} is {_shown(value)}; expected {expected}", hint, ctx=ctx)


def _shown(value: str) -> str:
    # Imported for errors alone.
    from repomap_fast.cli.text import shown

    return shown(value)


def check_folder(command: str, arguments: Mapping[str, Any]) -> None:
    """Raise ``Misuse`` with a hint where what was given as PATH is no folder, and what was meant can be told.

    arguments  of the command, by the names of its parameters.
    """
    path = arguments.get("path")
    # os.path takes any text for a path; Path raises for one that is too long.
    if not isinstance(path, Path) or os.path.isdir(path):  # noqa: PTH112
        return
    is_file = os.path.isfile(path)  # noqa: PTH113
    hint = _folder_hint(command, str(path), is_file, arguments)
    if hint is not None:
        whole = str(path.absolute())
        found = f"{whole!r} is not a folder" if is_file else f"there is no {whole!r}"
        raise Misuse(f"{found}; expected a folder to scan", hint)


def _folder_hint(command: str, path: str, is_file: bool, arguments: Mapping[str, Any]) -> str | None:
    from shlex import quote

    outline = f"`repomap-fast outline {quote(path)}` prints what it defines"
    first = next(
        (arguments[name] for name in ("symbol", "name", "wanted", "target", "file") if arguments.get(name)), None
    )
    if first is not None and os.path.isdir(first):  # noqa: PTH112
        return f"the folder comes last: `repomap-fast {command} {quote(path)} {quote(str(first))}`"
    if is_file and (command in ("unused", "search")):
        return f"for one file: --path {quote(path)}"
    if is_file and command == "map":
        return f"{outline}; --focus {quote(path)} says that you work on it"
    if is_file and command == "scan":
        return outline
    if command == "map" and " " in path and not arguments.get("query"):
        return f"for a task: `repomap-fast map --query {quote(path)}`"
    return None


def called(param: Any) -> str:
    """Return the name of an option or argument for a user: its longest flag, or its name in the usage line."""
    flags = [flag for flag in param.opts if flag.startswith("-")]
    return max(flags, key=len) if flags else str(param.metavar or param.name).strip("[]")


def nearest(word: str, known: Iterable[str]) -> str | None:
    """Return the known word that is most like ``word``, or None."""
    from difflib import get_close_matches

    word = word[:100].lower()
    found = get_close_matches(word, list(known), n=3)
    # Of those that are about as near, the one with the same letters.
    return min(found, key=lambda one: sorted(one) != sorted(word), default=None)


def listed(choices: Iterable[str]) -> str:
    """Return ``a, b or c``."""
    *others, last = choices
    return f"{', '.join(others)} or {last}" if others else last


def _no_option(name: str, ctx: Any) -> Misuse:
    known = [flag for param in ctx.command.params for flag in param.opts if flag.startswith("--")] if ctx else []
    near = (_option_for(name[2:], ctx) or nearest(name, [*known, "--help"])) if name.startswith("--") else None
    command = f"`{ctx.command_path}` has" if ctx else "there is"
    hint = f"did you mean {near}?" if near else _help_hint(ctx)
    return Misuse(f"{command} no option {_shown(name)}", hint, ctx=ctx)


def _option_for(value: str, ctx: Any) -> str | None:
    """Return the option that takes this word as its value, with the word: ``--format json`` for ``json``."""
    for param in ctx.command.params if ctx else []:
        choices = getattr(getattr(param, "type_descriptor", None), "annotation", None)
        if isinstance(choices, EnumMeta) and value in choices._value2member_map_:
            return f"{called(param)} {value}"
    return None


def _bad_option(name: str, ctx: Any) -> Misuse:
    """Return the error of a flag with a value, or of an option without one."""
    params = [param for param in ctx.command.params if name in param.opts] if ctx else []
    if params and (params[0].is_flag or params[0].count):
        return Misuse(f"{called(params[0])} has a value; expected none", _help_hint(ctx), ctx=ctx)
    expected = _expected(params[0]) if params else "one"
    return Misuse(
        f"{called(params[0]) if params else name} has no value; expected {expected}", _help_hint(ctx), ctx=ctx
    )


def _expected(param: Any) -> str:
    text = (getattr(param, "help", None) or "").split(";")[0].split(". ")[0].strip(" .")
    name = str(param.metavar or "a value").strip("[]")
    return f"{name}: {text[:1].lower()}{text[1:]}" if text else name


def _help_hint(ctx: Any) -> str | None:
    return None if ctx is None else f"see `{ctx.command_path} --help`"
