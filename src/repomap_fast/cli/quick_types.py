"""Commands whose options are converted without pydantic, and whose help screens have groups and examples.

Newer versions of Typer convert every option through pydantic, also those that are not given. That takes 60 ms before
any work is done, a third of the scan of a small folder, and its errors use pydantic's words. So values are converted
and checked here. A Typer without ``get_runtime_param`` converts the values itself.
"""

from __future__ import annotations

import re
from functools import partial
from pathlib import Path
from typing import Any, get_args

from typer.core import TyperCommand, TyperGroup

from repomap_fast.cli.usage import knowing_context, listed, no_command, too_many, wrong_value


class QuickCommand(TyperCommand):
    """A command of Typer, for ``app.command(cls=QuickCommand)``."""

    def format_options(self, ctx: Any, formatter: Any) -> None:
        """Write the options of the help screen."""
        from repomap_fast.cli import help_screen

        help_screen.write_options(self, ctx, formatter)

    def collect_usage_pieces(self, ctx: Any) -> list[str]:
        """Return the parts of the usage line. Newer versions of Typer put the names of needed arguments in braces."""
        pieces: list[str] = super().collect_usage_pieces(ctx)
        return [re.sub(r"^\{(.+)\}(\.\.\.)?$", r"\1\2", piece) for piece in pieces]

    def format_epilog(self, ctx: Any, formatter: Any) -> None:
        """Write the end of the help screen."""
        from repomap_fast.cli import help_screen

        help_screen.write_examples(ctx, formatter)

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Convert the arguments."""
        _set_converters(self.get_params(ctx))
        takes_more, ctx.allow_extra_args = ctx.allow_extra_args, True
        with knowing_context(ctx):
            extra = super().parse_args(ctx, args)
        if extra and not takes_more and not ctx.resilient_parsing:
            too_many(extra, ctx)
        return extra


class QuickGroup(TyperGroup):
    """A group of Typer, for ``Typer(cls=QuickGroup)``."""

    def summaries(self) -> dict[str, str]:
        """Return a sentence for each command, in the order of the help screen."""
        texts = {name: command.help or "" for name, command in self.commands.items()}
        return {name: " ".join(text.split("\n\n")[0].split()) for name, text in texts.items()}

    def format_options(self, ctx: Any, formatter: Any) -> None:
        """Write the options and commands of the help screen."""
        from repomap_fast.cli import help_screen

        help_screen.write_options(self, ctx, formatter)
        help_screen.write_commands(self.summaries(), formatter)

    def format_epilog(self, ctx: Any, formatter: Any) -> None:
        """Write the end of the help screen."""
        from repomap_fast.cli import help_screen

        help_screen.write_examples(ctx, formatter)
        super().format_epilog(ctx, formatter)

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Convert the arguments before the command."""
        _set_converters(self.get_params(ctx))
        with knowing_context(ctx):
            return super().parse_args(ctx, args)

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """Return name, command and the rest of the arguments."""
        name = args[0]
        if self.get_command(ctx, name) is None and not name.startswith("-") and not ctx.resilient_parsing:
            no_command(name, self.list_commands(ctx), ctx)
        return super().resolve_command(ctx, args)


def _set_converters(options: list[Any]) -> None:
    for option in options:
        if hasattr(option, "get_runtime_param"):
            option.get_runtime_param = partial(_QuickConverter, option)


class _QuickConverter:
    """Converts the values of one option; Typer calls it."""

    def __init__(self, option: Any) -> None:
        self._option = option

    def coerce(self, value: Any, param: Any, ctx: Any) -> Any:
        """Return ``value`` in the type that the option is annotated with."""
        option = self._option
        if value is None:
            return () if option.multiple or option.nargs == -1 else None
        annotation = option.type_descriptor.annotation
        if annotation in (list[str], list[Path]):
            return [_converted(option, one, get_args(annotation)[0], ctx) for one in value]
        return _converted(option, value, annotation, ctx)


def _converted(option: Any, value: Any, annotation: Any, ctx: Any) -> Any:
    """Return ``value`` as ``annotation``. Raises ``usage.Misuse``."""
    if not isinstance(value, str) or annotation is str:
        return value
    if annotation is Path:
        if not value:
            wrong_value(option, value, "a path", ctx=ctx)
        return Path(value)
    if annotation is int:
        if not re.fullmatch(_WHOLE_NUMBER, value):
            wrong_value(option, value, "a whole number of no more than 18 digits", ctx=ctx)
        return int(value)
    if annotation is float:
        if not re.fullmatch(_NUMBER, value):
            wrong_value(option, value, "a number, such as 20 or 0.5", ctx=ctx)
        return float(value)
    choices = [str(member.value) for member in annotation]
    if value not in choices:
        wrong_value(option, value, listed(choices), choices, ctx=ctx)
    return annotation(value)


_WHOLE_NUMBER = r"[+-]?[0-9]{1,18}"
_NUMBER = r"[+-]?([0-9]{1,18}(\.[0-9]{0,18})?|\.[0-9]{1,18})([eE][+-]?[0-9]{1,2})?"
