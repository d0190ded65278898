"""``repomap-fast hook``: what Claude Code runs when a session or a sub-agent starts. ``init`` adds it."""

from __future__ import annotations

import sys
import time
from typing import Annotated, Any

import typer

from repomap_fast.cli.exit_codes import say
from repomap_fast.cli.quick_types import QuickCommand


class HookCommand(QuickCommand):
    """A command that no argument can make fail."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Take any arguments: what is no event is ignored."""
        if any(one in ("--help", "-h") for one in args):
            return super().parse_args(ctx, args)
        ctx.params = {"event": next((one for one in args if not one.startswith("-")), "SessionStart")}
        return []


COMMAND = HookCommand


def hook(
    event: Annotated[str, typer.Argument(metavar="EVENT", help="SessionStart or SubagentStart.")] = "SessionStart",
) -> None:
    """Print a map for a hook of Claude Code: text, or JSON for SubagentStart.

    Reads the hook's input from the standard input, and prints at most 9,000 characters. Whatever goes wrong, the exit
    code is 0, with one line on stderr, within two seconds.
    """
    try:
        _run(event)
    except BaseException as error:
        say(f"no map: {' '.join(str(error).split())[:300] or type(error).__name__}")


def _run(event: str) -> None:
    from repomap_fast.agents import hook as hooks

    def end() -> None:
        sys.stdout.write(hooks.answer(event, hooks.without_map()))
        sys.stdout.flush()
        say("the map took too long; the session goes on without it")

    until = time.monotonic() + hooks.LIMIT_S - hooks.age_s()
    with hooks.guard(max(0.2, until - time.monotonic()), end):
        document = b"" if sys.stdin.isatty() else sys.stdin.buffer.read(hooks.MAX_INPUT_BYTES)
        text = hooks.text_for(hooks.root_of(document), seconds=until - time.monotonic())
    sys.stdout.write(hooks.answer(event, text))
    sys.stdout.flush()
