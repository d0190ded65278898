"""``repomap-fast cache``: the upkeep of the indexes."""

from __future__ import annotations

import sys
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from repomap_fast.argument_types import parse_size
from repomap_fast.cli.arguments import CACHE_DIR
from repomap_fast.cli.exit_codes import exit_codes, say
from repomap_fast.cli.quick_types import QuickCommand, QuickGroup
from repomap_fast.cli.text import counted, megabytes, printable
from repomap_fast.errors import EXIT_DAMAGED, OptionError, StoreError

if TYPE_CHECKING:
    from repomap_fast.indexing.upkeep import IndexReport

cache = typer.Typer(
    cls=QuickGroup,
    help="Manage the indexes that are kept.\n\nA scan parses only files that are not in the index.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)

_PATH = typer.Argument(metavar="PATH", help="Folder whose index it is.")
_PATH_OR_ALL = typer.Argument(metavar="PATH", help="Folder whose index it is; this one if not given.")
_ALL = typer.Option("--all", help="All indexes in the cache folder.")
_MAX_TREES = 20
_FORMAT = typer.Option("--format", "-f", help="How to print it.")


class InfoFormat(StrEnum):
    """What ``--format`` of ``cache info`` and ``cache check`` takes."""

    TABLE = "table"
    JSON = "json"


@cache.command(cls=QuickCommand)
def path(
    path: Annotated[Path, _PATH] = Path(),
    cache_dir: Annotated[Path | None, CACHE_DIR] = None,
) -> None:
    """Print the folder of the index of PATH, even if there is none yet.

    All work trees and clones of a repository have one index between them.
    """
    with exit_codes():
        from repomap_fast.indexing.work_tree import WorkTree

        print(printable(WorkTree.at(path).store_folder(cache_dir)))


@cache.command(cls=QuickCommand)
def info(
    path: Annotated[Path | None, _PATH_OR_ALL] = None,
    all: Annotated[bool, _ALL] = False,
    format: Annotated[InfoFormat, _FORMAT] = InfoFormat.TABLE,
    cache_dir: Annotated[Path | None, CACHE_DIR] = None,
) -> None:
    """Print the size and contents of an index."""
    with exit_codes():
        from repomap_fast.indexing.upkeep import report_index

        reports = [report_index(folder) for folder in _folders(path, cache_dir, all=all)]
        if format is InfoFormat.JSON:
            _print_json(reports)
        elif not reports:
            _say_none(path, cache_dir, all=all)
        elif all:
            _print_rows(reports)
        else:
            _print_facts(reports[0])
        sys.stdout.flush()


@cache.command(cls=QuickCommand)
def warm(
    path: Annotated[Path, typer.Argument(metavar="PATH", help="Folder to scan.")] = Path(),
    paths: Annotated[
        list[str] | None,
        typer.Option("--paths", metavar="P", help="Only this file or folder below PATH; may be repeated."),
    ] = None,
    changed_last: Annotated[
        int | None,
        typer.Option("--changed-last", metavar="N", help="Only the N files changed last, by git or by their times."),
    ] = None,
    workers: Annotated[
        int, typer.Option("--workers", "-w", metavar="N", help="Threads; 0: one for each processor.")
    ] = 0,
    cache_dir: Annotated[Path | None, CACHE_DIR] = None,
    no_progress: Annotated[bool, typer.Option("--no-progress", help="No progress bar.")] = False,
) -> None:
    """Parse files in advance, so that the next scan need not.

    All of PATH, as `repomap-fast scan PATH` would; or only some files.
    """
    with exit_codes():
        if paths and changed_last is not None:
            raise OptionError("--paths and --changed-last each choose files; expected one of them")
        if changed_last is not None and changed_last < 1:
            raise OptionError(f"--changed-last is {changed_last}; expected at least 1")
        from repomap_fast.cli.arguments import naming_flags
        from repomap_fast.cli.progress_bar import progress_bar
        from repomap_fast.indexing.index import Index
        from repomap_fast.indexing.warming import at_paths
        from repomap_fast.indexing.warming import changed_last as changed_last_in
        from repomap_fast.store.sqlite_store import SqliteStore

        with naming_flags(), Index.open(path, workers=workers, cache_dir=cache_dir) as index:
            if not isinstance(index.store, SqliteStore):
                raise StoreError(index.store.notes[0])
            with progress_bar(wanted=not no_progress) as progress:
                if paths:
                    stats = index.warm(at_paths(index.root, paths), progress=progress)
                elif changed_last is not None:
                    stats = index.warm(changed_last_in(index.root, changed_last), progress=progress)
                else:
                    stats = index.refresh(progress=progress)
            notes = list(index.store.notes)
            if not index.store.is_writable:
                raise StoreError(notes[-1])
        for note in notes:
            say(f"note: {printable(note)}")
        known = stats.fresh + stats.from_store
        print(f"{counted(stats.files, 'file')} with a language: {known:,} known already, {stats.parsed:,} parsed")


@cache.command(cls=QuickCommand)
def clear(
    path: Annotated[Path | None, _PATH_OR_ALL] = None,
    all: Annotated[bool, _ALL] = False,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
    cache_dir: Annotated[Path | None, CACHE_DIR] = None,
) -> None:
    """Delete an index; the next scan makes it again.

    Other work trees and clones of the repository keep what they need of it.
    """
    with exit_codes():
        from repomap_fast.indexing.upkeep import clear_index, clear_tree

        folders = _folders(path, cache_dir, all=all)
        if not folders:
            _say_none(path, cache_dir, all=all)
            return
        what = f"the index {printable(folders[0])}" if len(folders) == 1 else counted(len(folders), "index", "indexes")
        if not yes and sys.stdin.isatty() and not typer.confirm(f"Delete {what}?"):
            print("Nothing was deleted.")
            return
        if all:
            n_bytes = sum(clear_index(folder) for folder in folders)
        else:
            n_bytes = sum(clear_tree(folder, path or Path()) for folder in folders)
        print(f"Deleted {what}: {megabytes(n_bytes)} MB.")


@cache.command(cls=QuickCommand)
def prune(
    path: Annotated[Path | None, _PATH_OR_ALL] = None,
    all: Annotated[bool, _ALL] = False,
    older_than: Annotated[
        int | None,
        typer.Option("--older-than", metavar="DAYS", help="Remove tags that no scan used for DAYS; 30 if not given."),
    ] = None,
    max_size: Annotated[
        str | None,
        typer.Option("--max-size", metavar="SIZE", help="Then remove the oldest until the rest fits; 4G if not given."),
    ] = None,
    cache_dir: Annotated[Path | None, CACHE_DIR] = None,
) -> None:
    """Remove old tags from an index.

    Tags that a work tree needs are kept, while the work tree is there.
    """
    with exit_codes():
        if older_than is not None and older_than < 0:
            raise OptionError(f"--older-than is {older_than}; expected days, 0 or more")
        from repomap_fast.indexing.upkeep import prune_index
        from repomap_fast.store.store import DEFAULT_MAX_AGE_DAYS, DEFAULT_MAX_BYTES

        max_bytes = DEFAULT_MAX_BYTES if max_size is None else parse_size(max_size, "--max-size")
        folders = _folders(path, cache_dir, all=all)
        if not folders:
            _say_none(path, cache_dir, all=all)
            return
        max_age_days = DEFAULT_MAX_AGE_DAYS if older_than is None else older_than
        n_bytes = sum(prune_index(folder, max_age_days=max_age_days, max_bytes=max_bytes) for folder in folders)
        print(f"Removed {megabytes(n_bytes)} MB from {counted(len(folders), 'index', 'indexes')}.")


@cache.command(cls=QuickCommand)
def check(
    path: Annotated[Path | None, _PATH_OR_ALL] = None,
    all: Annotated[bool, _ALL] = False,
    format: Annotated[InfoFormat, _FORMAT] = InfoFormat.TABLE,
    cache_dir: Annotated[Path | None, CACHE_DIR] = None,
) -> None:
    """Check an index for damage.

    Reads everything that is kept, and changes nothing: a scan repairs what it needs. The exit code is 1 if anything is
    damaged.
    """
    with exit_codes():
        from repomap_fast.indexing.upkeep import index_problems

        folders = _folders(path, cache_dir, all=all)
        n_problems = 0
        if format is InfoFormat.JSON:
            from repomap_fast.cli.formats.document import print_document

            documents = [{"folder": str(folder), "problems": list(index_problems(folder))} for folder in folders]
            n_problems = sum(len(document["problems"]) for document in documents)
            print_document({"indexes": documents})
        elif not folders:
            _say_none(path, cache_dir, all=all)
        else:
            for folder in folders:
                for problem in index_problems(folder):
                    print(printable(problem))
                    n_problems += 1
            what = f"{counted(len(folders), 'index', 'indexes')}"
            print(f"Checked {what}: {counted(n_problems, 'problem') if n_problems else 'no damage'}.")
        sys.stdout.flush()
        if n_problems:
            raise typer.Exit(EXIT_DAMAGED)


def _folders(path: Path | None, cache_dir: Path | None, *, all: bool) -> list[Path]:
    """Return the folders of the indexes that are meant, as far as there are any. Raises StoreError."""
    from repomap_fast.indexing.upkeep import has_index, index_folders
    from repomap_fast.indexing.work_tree import WorkTree
    from repomap_fast.store.cache_folder import check_cache_folder

    if all:
        if path is not None:
            raise OptionError("PATH and --all were both given; expected one of them")
        return index_folders(cache_dir)
    if not check_cache_folder(cache_dir):
        return []
    folder = WorkTree.at(path or Path()).store_folder(cache_dir)
    return [folder] if has_index(folder) else []


def _say_none(path: Path | None, cache_dir: Path | None, *, all: bool) -> None:
    from repomap_fast.store.cache_folder import cache_folder

    of_path = "" if all else f" of {printable((path or Path()).absolute())}"
    print(f"There is no index{of_path} in {printable(cache_folder(cache_dir))}.")


def _print_json(reports: list[IndexReport]) -> None:
    from dataclasses import asdict

    from repomap_fast.cli.formats.document import print_document

    of_trees = ("choices", "files", "tags", "bytes_per_tag")
    documents = [
        {**asdict(report), "folder": str(report.folder), **{name: getattr(report, name) for name in of_trees}}
        for report in reports
    ]
    print_document({"indexes": documents})


def _print_facts(report: IndexReport) -> None:
    from rich.table import Table

    from repomap_fast.cli.reports.summary import print_calmly

    table = Table.grid(padding=(0, 2, 0, 0))
    table.add_column(style="bold", no_wrap=True)
    table.add_column(overflow="fold")
    if report.root is not None:
        table.add_row("Repository", printable(report.root))
    table.add_row("Folder", printable(report.folder))
    if report.damage is None:
        table.add_row("Files", f"{report.files:,} with a language")
        table.add_row("Tags", f"{report.tags:,} · {report.bytes_per_tag:,.0f} bytes each")
        table.add_row("Blocks", f"{report.blocks:,} · {megabytes(report.block_bytes)} MB")
        table.add_row("States", f"{report.choices:,}")
        for number, tree in enumerate(report.trees[:_MAX_TREES]):
            name = f"{printable(tree.root or '?')}{' (a commit)' if tree.of_commit else ''}"
            of_tree = f"{name} · {tree.files:,} files, {tree.tags:,} tags"
            table.add_row("" if number else "Work trees", of_tree)
        if len(report.trees) > _MAX_TREES:
            table.add_row("", f"and {len(report.trees) - _MAX_TREES:,} more; --format json has all")
    table.add_row("On disk", f"{megabytes(report.disk_bytes)} MB")
    table.add_row("Written", _day(report.written_s))
    if report.damage is not None:
        table.add_row("Damaged", printable(report.damage))
    print_calmly(table)


def _print_rows(reports: list[IndexReport]) -> None:
    from rich.table import Table

    from repomap_fast.cli.reports.summary import is_narrow, print_calmly

    narrow = is_narrow()
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="bold")
    table.add_column("Repository", style="cyan", overflow="fold")
    for heading in ("Tags", "MB") if narrow else ("Files", "Tags", "Blocks", "MB", "Written"):
        table.add_column(heading, justify="right", no_wrap=True)
    for report in sorted(reports, key=lambda report: -report.disk_bytes):
        name = printable(report.root or report.folder)
        tags = f"{report.tags:,}" if report.damage is None else "damaged"
        size = megabytes(report.disk_bytes)
        if narrow:
            table.add_row(name, tags, size)
        else:
            table.add_row(name, f"{report.files:,}", tags, f"{report.blocks:,}", size, _day(report.written_s))
    print_calmly(table)
    print(f"\n{counted(len(reports), 'index', 'indexes')}, {megabytes(sum(r.disk_bytes for r in reports))} MB")


def _day(seconds: float) -> str:
    import time

    return time.strftime("%Y-%m-%d %H:%M", time.localtime(seconds)) if seconds else "never"
