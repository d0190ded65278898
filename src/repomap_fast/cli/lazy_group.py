"""A group of commands, each of which is imported and built only when it is needed.

Typer builds every command of a group, with all options, before it looks at the arguments. Then each new command would
make all others slower: thirty options cost a tenth of the time of ``--version``. The list of commands in the help
screen builds none of them.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any, ClassVar

import typer
from typer.core import TyperCommand

from repomap_fast.cli.quick_types import QuickCommand, QuickGroup


class _Late(TyperCommand):
    """Placeholder for a command that is not loaded yet."""


class LazyGroup(QuickGroup):
    """A group of Typer, for ``Typer(cls=…)``; a subclass lists the commands."""

    package: ClassVar[str] = ""
    """The package with a module for each command. A function or a group in it has the name of the command.

    ``COMMAND`` in the module is the class of its command, where that is not ``QuickCommand``.
    """
    sentences: ClassVar[dict[str, str]] = {}
    """What each command does, in the order of the help screen."""
    settings: ClassVar[dict[str, Any]] = {}
    """``context_settings`` of the commands."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        for name in self.sentences:
            self.commands[name] = _Late(name)

    def summaries(self) -> dict[str, str]:
        """Return a sentence for each command; none of them is built for it."""
        return self.sentences

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """Return the command of that name, built; None if there is none."""
        if isinstance(self.commands.get(cmd_name), _Late):
            self.commands[cmd_name] = self._build(cmd_name)
        return super().get_command(ctx, cmd_name)

    def _build(self, name: str) -> Any:
        module = import_module(f"{self.package}.{name}")
        found = getattr(module, name)
        if not isinstance(found, typer.Typer):
            app = typer.Typer(add_completion=False, rich_markup_mode=None, context_settings=self.settings)
            app.command(name, cls=getattr(module, "COMMAND", QuickCommand))(found)
            found = app
        command = typer.main.get_command(found)
        command.name = name
        return command
