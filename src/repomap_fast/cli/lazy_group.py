"""A group of commands, each of which is imported and built when it is asked for.

Typer builds every command of a group, with all options, before it looks at the arguments, so that each new command
would make all others slower: thirty options cost a tenth of what ``--version`` takes.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any, ClassVar

import typer
from typer.core import TyperCommand

from repomap_fast.cli.quick_types import QuickCommand, QuickGroup


class _Late(TyperCommand):
    """Stands in the group's table for a command that nobody has asked for."""


class LazyGroup(QuickGroup):
    """A group of Typer's, for ``Typer(cls=…)``; a subclass says which commands there are."""

    modules: ClassVar[dict[str, str]] = {}
    """The module of each command, in the order of the help text; a function or a group in it has the command's name.

    A ``COMMAND`` in the module is the class of its command, where that is not ``QuickCommand``.
    """
    settings: ClassVar[dict[str, Any]] = {}
    """``context_settings`` of the commands."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        for name in self.modules:
            self.commands[name] = _Late(name)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """Return the command of that name, built; None if there is none."""
        if isinstance(self.commands.get(cmd_name), _Late):
            self.commands[cmd_name] = self._build(cmd_name)
        return super().get_command(ctx, cmd_name)

    def _build(self, name: str) -> Any:
        module = import_module(self.modules[name])
        found = getattr(module, name)
        if not isinstance(found, typer.Typer):
            app = typer.Typer(add_completion=False, rich_markup_mode=None, context_settings=self.settings)
            app.command(name, cls=getattr(module, "COMMAND", QuickCommand))(found)
            found = app
        command = typer.main.get_command(found)
        command.name = name
        return command
