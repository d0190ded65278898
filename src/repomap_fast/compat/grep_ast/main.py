"""The command ``grep-ast``: shows the lines of files that match a pattern, and where in the code they are."""

from __future__ import annotations

import argparse
import io
import os
import re
import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from repomap_fast.compat.grep_ast.grep_ast import TreeContext
from repomap_fast.compat.grep_ast.parsers import PARSERS, filename_to_lang
from repomap_fast.compat.source_files import find_src_files
from repomap_fast.errors import EXIT_FINE, EXIT_INTERRUPTED, EXIT_NOTHING_FOUND, EXIT_USAGE
from repomap_fast.options import DEFAULT_MAX_FILE_BYTES
from repomap_fast.safe_files import read_regular


def main(arguments: Sequence[str] | None = None) -> int:
    """Write what is found to standard output; return the exit code."""
    options = _parser().parse_args(arguments)
    if options.languages:
        sys.stdout.write("".join(f"{name}: {language}\n" for name, language in sorted(PARSERS.items())))
        return EXIT_FINE
    if not options.pattern:
        sys.stdout.write("no pattern is given; expected a regular expression to search for\n")
        return EXIT_NOTHING_FOUND
    try:
        re.compile(options.pattern)
    except (re.error, OverflowError, RecursionError) as error:
        sys.stderr.write(f"the pattern {options.pattern!r} cannot be used: {error}; expected a regular expression\n")
        return EXIT_USAGE
    try:
        for path in options.filenames:
            for filename in find_src_files(path, no_ignore=options.no_gitignore):
                process_filename(os.path.normpath(filename), options)
    except KeyboardInterrupt:
        return EXIT_INTERRUPTED
    return EXIT_FINE


def enumerate_files(fnames: Iterable[str | os.PathLike[str]], spec: Any, use_spec: bool = False) -> Iterator[str]:
    """Yield the files at some paths and below the folders among them, without hidden ones.

    spec      its ``match_file`` says which paths are left out: below a folder all, else only with ``use_spec``.

    A folder below another is not entered by a symbolic link, which may lead back to where it is.
    """
    waiting = [(iter(fnames), use_spec, True)]
    while waiting:
        paths, is_asked, is_named = waiting[-1]
        path = next((Path(one) for one in paths), None)
        if path is None:
            waiting.pop()
        elif path.name.startswith(".") or (is_asked and spec.match_file(path)):
            continue
        elif path.is_file():
            yield str(path)
        elif path.is_dir() and (is_named or not path.is_symlink()):
            waiting.append((path.iterdir(), True, False))


def process_filename(filename: str, args: argparse.Namespace) -> None:
    """Write the lines of a file that match ``args.pattern``; nothing of a file that cannot be read as text."""
    if filename_to_lang(filename) is None:
        return
    try:
        contents = io.BytesIO(read_regular(filename, DEFAULT_MAX_FILE_BYTES))
        code = io.TextIOWrapper(contents, args.encoding).read()
        context = TreeContext(filename, code, color=args.color, verbose=args.verbose, line_number=args.line_number)
    except (OSError, ValueError):
        return
    found = context.grep(args.pattern, args.ignore_case)
    if found:
        context.add_lines_of_interest(found)
        context.add_context()
        sys.stdout.write(f"\n{filename}:\n{context.format()}\n")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m repomap_fast.compat.grep_ast",
        description="Show the lines that match a pattern, and where in the code they are, as grep-ast does.",
    )
    add = parser.add_argument
    add("pattern", nargs="?", help="a regular expression of Python's")
    add("filenames", nargs="*", default=["."], help="files and folders (default: the current one)")
    add("--encoding", default="utf8", help="of the files (default: utf8)")
    add("--languages", action="store_true", help="list file names and the languages they tell, and stop")
    add("-i", "--ignore-case", action="store_true", help="let capital and small letters match each other")
    add("--color", action=argparse.BooleanOptionalAction, default=os.isatty(1), help="(default: on a terminal)")
    add("--no-gitignore", action="store_true", help="read ignored files too")
    add("--verbose", action="store_true", help="write the syntax tree of each file")
    add("-n", "--line-number", action="store_true", help="write the number of each line")
    return parser
