"""How a command ends: errors, Ctrl-C and closed pipes become a line on stderr and an exit code."""

from __future__ import annotations

import errno
import io
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import typer

from repomap_fast.errors import (
    EXIT_FINE,
    EXIT_INTERRUPTED,
    EXIT_NOTHING_FOUND,
    EXIT_USAGE,
    RepoMapError,
    SymbolError,
)

PROGRAM = "repomap-fast"
_SHOWN_OF_PATH = 60
"""Characters of a path that is too long."""


def say(message: str) -> None:
    """Print one line for the user on stderr. A stderr that is closed is no failure."""
    try:
        print(f"{PROGRAM}: {message}", file=sys.stderr, flush=True)
    except BrokenPipeError:
        silence(sys.stderr)


def say_error(message: str, hint: str | None = None) -> None:
    """Print an error and a hint on stderr. Characters that would move a terminal's cursor are escaped."""
    from repomap_fast.unseen import shown_text

    say(f"error: {shown_text(message)}")
    if hint:
        say(f"hint: {shown_text(hint)}")


def say_misuse(error: Exception) -> None:
    """Print Typer's error on stderr; the help screen if there were no arguments."""
    if type(error).__name__ == "NoArgsIsHelpError":
        print(error, file=sys.stderr)
        return
    from repomap_fast.cli.usage import as_misuse

    misuse = as_misuse(error)
    say_error(misuse.format_message(), misuse.hint)


@contextmanager
def exit_codes() -> Iterator[None]:
    """Turn what is raised in the block into ``typer.Exit`` with the code that ``errors`` gives for it."""
    try:
        yield
    except BrokenPipeError:
        silence(sys.stdout)
        raise typer.Exit(EXIT_FINE) from None
    except KeyboardInterrupt:
        say("interrupted")
        raise typer.Exit(EXIT_INTERRUPTED) from None
    except RepoMapError as error:
        message, is_meant, meant = str(error).partition("; did you mean ")
        say_error(message, f"did you mean {meant}" if is_meant else None)
        raise typer.Exit(EXIT_NOTHING_FOUND if isinstance(error, SymbolError) else EXIT_USAGE) from None


def run(app: typer.Typer) -> None:
    """Run ``app`` and flush what it printed, so that no error is left for the interpreter's own shutdown."""
    try:
        try:
            app(prog_name=PROGRAM)
        finally:
            sys.stdout.flush()
    except BrokenPipeError:
        silence(sys.stdout)
        sys.exit(EXIT_FINE)
    except SystemExit as leaving:
        # Typer takes a closed pipe while it prints a help text for a failure.
        if not isinstance(leaving.__context__, BrokenPipeError):
            raise
        silence(sys.stdout)
        sys.exit(EXIT_FINE)
    except FileNotFoundError as error:
        if error.filename is not None:
            raise
        say("error: the working folder is gone; expected absolute paths, or a start in a folder that exists")
        sys.exit(EXIT_USAGE)
    except OSError as error:
        if error.errno == errno.ENAMETOOLONG:
            say_error(f"the path {str(error.filename)[:_SHOWN_OF_PATH]!r}… is too long for this system")
            sys.exit(EXIT_USAGE)
        # Trouble with a file names the file; only a stream that is already open, such as one to a full disk, does not.
        if error.filename is not None:
            raise
        say(f"error: cannot write to the standard output: {error.strerror or error}")
        silence(sys.stdout)
        sys.exit(EXIT_USAGE)


def silence(stream: object) -> None:
    """Point the descriptor of ``stream`` at the null device, since the interpreter flushes it once more at its end."""
    try:
        descriptor = stream.fileno() if isinstance(stream, io.TextIOBase) else -1
    except (OSError, ValueError):
        return
    if descriptor >= 0:
        null = os.open(os.devnull, os.O_WRONLY)
        os.dup2(null, descriptor)
        os.close(null)


def make_streams_tolerant() -> None:
    """Escape text that the terminal's encoding lacks, where Python would raise. Replace streams that are None because
    the parent process closed them."""
    # They live as long as the process. The replacement of the standard output cannot be written to, so that output that
    # is lost is an error. Each takes the number of its descriptor, so that no other file gets it.
    if sys.stdin is None:
        sys.stdin = Path(os.devnull).open()  # noqa: SIM115
    if sys.stdout is None:
        sys.stdout = os.fdopen(os.open(os.devnull, os.O_RDONLY), "w")
    if sys.stderr is None:
        sys.stderr = Path(os.devnull).open("w")  # noqa: SIM115
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
