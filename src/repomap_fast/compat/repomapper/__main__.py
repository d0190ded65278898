"""RepoMapper's command line: the map goes to the standard output, all else to the standard error output."""

from __future__ import annotations

import argparse
import os
import sys
from functools import partial

from repomap_fast.compat.repomapper.repo_map import RepoMap
from repomap_fast.compat.repomapper.sources import count_tokens
from repomap_fast.compat.source_files import find_src_files
from repomap_fast.errors import EXIT_FINE, EXIT_INTERRUPTED, EXIT_USAGE, RepoMapError


def main(arguments: list[str] | None = None) -> int:
    """Print a map; return the exit code."""
    options = _parser().parse_args(arguments)
    root = os.path.realpath(options.root)
    others = options.other_files or options.paths or [root]
    tell = partial(print, file=sys.stderr)
    try:
        repo_map = RepoMap(
            map_tokens=options.map_tokens,
            root=root,
            token_counter_func=partial(count_tokens, model_name=options.model),
            output_handler_funcs={
                "info": tell,
                "warning": lambda message: tell(f"Warning: {message}"),
                "error": lambda message: tell(f"Error: {message}"),
            },
            verbose=options.verbose,
            max_context_window=options.max_context_window,
            exclude_unranked=options.exclude_unranked,
        )
        text, report = repo_map.get_repo_map(
            chat_files=options.chat_files or [],
            other_files=[path for spec in others for path in find_src_files(spec)],
            mentioned_fnames=options.mentioned_files or None,
            mentioned_idents=options.mentioned_idents or None,
            force_refresh=options.force_refresh,
        )
    except KeyboardInterrupt:
        tell("Interrupted by user")
        return EXIT_INTERRUPTED
    except (RepoMapError, OSError) as error:
        tell(f"Error generating repository map: {error}")
        return EXIT_USAGE
    if options.verbose:
        tell(
            f"{report.total_files_considered} files, {report.definition_matches} definitions, "
            f"{report.reference_matches} references"
        )
    if text is None:
        tell("No repository map generated.")
    else:
        print(text, end="")
    return EXIT_FINE


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m repomap_fast.compat.repomapper", description="Print a map of a repository, as RepoMapper does."
    )
    add = parser.add_argument
    add("paths", nargs="*", help="files and folders to map (default: the root)")
    add("--root", default=".", help="folder of the repository (default: the current one)")
    add("--map-tokens", type=int, default=8192, help="the most tokens that the map may have (default: 8192)")
    add("--chat-files", nargs="*", help="files that are being edited")
    add("--other-files", nargs="*", help="files and folders to map, in place of the paths")
    add("--mentioned-files", nargs="*", help="files that were mentioned")
    add("--mentioned-idents", nargs="*", help="names that were mentioned")
    add("--verbose", action="store_true", help="say more, on the standard error output")
    add("--model", default="gpt-4", help="whose tokens to count (default: gpt-4)")
    add("--max-context-window", type=int, help="the most tokens that fit into the model's context")
    add("--force-refresh", action="store_true", help="parse all files anew")
    add("--exclude-unranked", action="store_true", help="leave out files whose rank is nothing")
    return parser


if __name__ == "__main__":
    sys.exit(main())
