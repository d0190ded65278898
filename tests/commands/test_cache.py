"""``repomap-fast cache`` as its users meet it, and the library's half of it."""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from repomap_fast.cli.app import app
from repomap_fast.errors import EXIT_DAMAGED, EXIT_FINE, EXIT_USAGE, OptionError, StoreError
from repomap_fast.indexing import upkeep as maintenance
from repomap_fast.indexing.index import Index
from repomap_fast.indexing.warming import at_paths, changed_last
from repomap_fast.store.cache_folder import store_folder
from repomap_fast.store.sqlite_store import SqliteStore


@pytest.fixture
def cache(tmp_path: Path) -> Path:
    return tmp_path / "cache"


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    root = tmp_path / "repository"
    for name in ("top.py", "package/one.py", "package/two.py", "package-two/three.py"):
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(f"def of_{Path(name).stem}():\n    return call()\n")
    (root / "notes.txt").write_text("nothing\n")
    return root


def run(cache: Path, *arguments: str | Path, stdin: str | None = None) -> Result:
    words = [str(argument) for argument in arguments]
    return CliRunner().invoke(app, ["cache", *words, "--cache-dir", str(cache)], input=stdin)


def parsed_by_next_scan(root: Path, cache: Path) -> tuple[int, int]:
    with Index.open(root, cache_dir=cache) as index:
        stats = index.refresh()
    return stats.parsed, stats.from_store + stats.fresh


def make_index(root: Path, cache: Path) -> Path:
    with Index.open(root, cache_dir=cache) as index:
        index.refresh()
    return store_folder(root, cache)


def git(root: Path, *arguments: str, date: str = "2024-01-01T00:00:00") -> None:
    names = dict.fromkeys(("GIT_AUTHOR_NAME", "GIT_COMMITTER_NAME", "GIT_AUTHOR_EMAIL", "GIT_COMMITTER_EMAIL"), "x")
    dates = {"GIT_AUTHOR_DATE": date, "GIT_COMMITTER_DATE": date}
    subprocess.run(["git", *arguments], cwd=root, check=True, capture_output=True, env={**os.environ, **names, **dates})


# Where it is, and how much


def test_path_is_where_a_scan_keeps_its_index(repository: Path, cache: Path) -> None:
    done = run(cache, "path", repository)
    assert not cache.exists()
    assert Path(done.stdout.strip()) == make_index(repository, cache)
    assert (Path(done.stdout.strip()) / "tags.sqlite3").is_file()


def test_info_counts_what_is_there(repository: Path, cache: Path) -> None:
    folder = make_index(repository, cache)
    (found,) = json.loads(run(cache, "info", repository, "-f", "json").stdout)["indexes"]
    assert found["root"] == str(repository)
    assert (found["folder"], found["files"], found["blocks"], found["choices"]) == (str(folder), 4, 4, 1)
    assert found["tags"] == 8
    assert found["disk_bytes"] >= found["block_bytes"] > 0
    assert found["bytes_per_tag"] == found["disk_bytes"] / 8
    assert found["damage"] is None


def test_info_of_a_change_counts_the_overlay(repository: Path, cache: Path) -> None:
    make_index(repository, cache)
    (repository / "four.py").write_text("def four(): pass\n")
    make_index(repository, cache)
    (found,) = json.loads(run(cache, "info", repository, "-f", "json").stdout)["indexes"]
    assert (found["files"], found["tags"]) == (5, 9)


@pytest.mark.parametrize(
    "arguments", [["info"], ["info", "--all"], ["prune"], ["check"], ["clear"], ["clear", "--all"]]
)
def test_where_nothing_is_kept_that_is_said(repository: Path, cache: Path, arguments: list[str]) -> None:
    done = run(cache, *arguments, *([] if "--all" in arguments else [repository]))
    assert (done.exit_code, done.stdout.split()[:4]) == (EXIT_FINE, ["There", "is", "no", "index"])
    assert not cache.exists()


def test_info_for_people(repository: Path, cache: Path) -> None:
    make_index(repository, cache)
    one, every = run(cache, "info", repository).stdout, run(cache, "info", "--all").stdout
    assert "4 with a language" in one
    assert "8 · " in one
    assert str(repository) in every
    assert "1 index, " in every


@pytest.mark.parametrize("command", ["info", "prune", "check", "clear"])
def test_a_path_and_all_are_too_much(repository: Path, cache: Path, command: str) -> None:
    done = run(cache, command, repository, "--all")
    assert (done.exit_code, "expected one of them" in done.stderr) == (EXIT_USAGE, True)


# Warming


def test_warming_all_is_a_scan(repository: Path, cache: Path) -> None:
    done = run(cache, "warm", repository)
    assert done.stdout == "4 files with a language: 0 known already, 4 parsed\n"
    assert parsed_by_next_scan(repository, cache) == (0, 4)


def test_warming_paths(repository: Path, cache: Path) -> None:
    done = run(cache, "warm", repository, "--paths", "package", "--paths", repository / "top.py")
    assert done.stdout == "3 files with a language: 0 known already, 3 parsed\n"
    assert parsed_by_next_scan(repository, cache) == (1, 3)


def test_warming_leaves_the_index_as_it_is(repository: Path, cache: Path) -> None:
    make_index(repository, cache)
    (repository / "top.py").write_text("def changed(): pass\n")
    with Index.open(repository, cache_dir=cache) as index:
        stats = index.warm(at_paths(index.root, ["top.py", "package"]))
        assert (stats.files, stats.fresh + stats.from_store, stats.parsed, stats.joined) == (3, 2, 1, False)
        stats = index.refresh()
        assert (stats.files, stats.parsed) == (4, 0)
        assert index.find("changed")
        assert index.find("of_three")


@pytest.mark.parametrize("wrong", ["packag", "../repository-2", "package/", "top.py/"])
def test_a_path_without_files_is_a_typing_error(repository: Path, cache: Path, wrong: str) -> None:
    done = run(cache, "warm", repository, "--paths", wrong)
    is_right = wrong in ("package/", "top.py/")
    assert done.exit_code == (EXIT_FINE if is_right else EXIT_USAGE)
    assert (wrong in done.stderr) is not is_right


def test_changed_last_by_time(repository: Path, cache: Path) -> None:
    for second, name in enumerate(("package/two.py", "top.py", "notes.txt", "package/one.py", "package-two/three.py")):
        os.utime(repository / name, (1_700_000_000 - second, 1_700_000_000 - second))
    with Index.open(repository, cache_dir=cache) as index:
        index.warm(changed_last(index.root, 2))
        folder = store_folder(repository, cache)
    assert maintenance.report_index(folder).blocks == 2
    (repository / "package-two/three.py").unlink()
    (repository / "package/one.py").unlink()
    assert parsed_by_next_scan(repository, cache) == (0, 2)


def test_changed_last_by_commits_goes_before_times(repository: Path, cache: Path) -> None:
    git(repository, "init", "-q")
    for day, name in enumerate(("package-two/three.py", "top.py", "package/two.py", "notes.txt"), 1):
        git(repository, "add", name)
        git(repository, "commit", "-qm", name, date=f"2024-01-0{day}T00:00:00")
        os.utime(repository / name, (1_700_000_000 - day, 1_700_000_000 - day))
    done = run(cache, "warm", repository, "--changed-last", "2")
    assert done.stdout == "2 files with a language: 0 known already, 2 parsed\n"
    (repository / "package-two/three.py").unlink()
    (repository / "package/one.py").unlink()
    assert parsed_by_next_scan(repository, cache) == (0, 2)
    # No commit changed one.py, so it is chosen last.
    (repository / "package/one.py").write_text("def new(): pass\n")
    assert run(cache, "warm", repository, "--changed-last", "9").stdout.startswith("3 files")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--changed-last", "0"], "--changed-last is 0; expected at least 1"),
        (["--changed-last", "2", "--paths", "a"], "expected one of them"),
    ],
)
def test_warming_by_nonsense(repository: Path, cache: Path, arguments: list[str], message: str) -> None:
    done = run(cache, "warm", repository, *arguments)
    assert (done.exit_code, message in done.stderr) == (EXIT_USAGE, True)


def test_the_library_too_refuses_to_choose_nothing(repository: Path) -> None:
    with pytest.raises(OptionError, match="n_files is 0"):
        changed_last(repository, 0)


def test_warming_without_a_place_to_keep_is_an_error(repository: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    done = run(tmp_path / "file", "warm", repository)
    assert (done.exit_code, "no place to keep the index" in done.stderr) == (EXIT_USAGE, True)


# Deleting


def test_clear_deletes_one_index_or_all(repository: Path, cache: Path, tmp_path: Path) -> None:
    first, second = make_index(repository, cache), make_index(repository / "package", cache)
    assert run(cache, "clear", repository).exit_code == EXIT_FINE
    assert (first.exists(), second.exists()) == (False, True)
    assert run(cache, "clear", "--all").exit_code == EXIT_FINE
    assert not second.exists()


def test_clear_deletes_nothing_of_others(repository: Path, cache: Path) -> None:
    folder = make_index(repository, cache)
    (folder / "thesis.txt").write_text("years of work")
    done = run(cache, "clear", repository, "--yes")
    assert (done.exit_code, "'thesis.txt' in it is not ours" in done.stderr) == (EXIT_USAGE, True)
    assert (folder / "tags.sqlite3").exists()
    (folder / "thesis.txt").unlink()
    (cache / "CACHEDIR.TAG").write_text("Signature: 8a477f597d28d172789f06886806bc55\n# of another program\n")
    with pytest.raises(StoreError, match="was not made by repomap-fast"):
        maintenance.clear_index(folder)
    assert (folder / "tags.sqlite3").exists()


def test_clear_follows_no_link(repository: Path, cache: Path, tmp_path: Path) -> None:
    folder = make_index(repository, cache)
    (folder / "columns").rename(tmp_path / "columns")
    (folder / "columns").symlink_to(tmp_path / "columns")
    assert run(cache, "clear", repository).exit_code == EXIT_USAGE
    assert list((tmp_path / "columns").iterdir())


@pytest.mark.skipif(sys.platform == "win32", reason="there is no pty")
@pytest.mark.parametrize(("answer", "is_deleted"), [(b"y\n", True), (b"n\n", False), (b"\n", False)])
def test_clear_asks_on_a_terminal(repository: Path, cache: Path, answer: bytes, is_deleted: bool) -> None:
    import pty

    folder = make_index(repository, cache)
    controller, terminal = pty.openpty()
    command = [sys.executable, "-m", "repomap_fast", "cache", "clear", str(repository), "--cache-dir", str(cache)]
    try:
        os.write(controller, answer)
        done = subprocess.run(command, stdin=terminal, capture_output=True, text=True, timeout=60, check=False)
    finally:
        os.close(terminal)
        os.close(controller)
    assert "Delete" in done.stdout
    assert folder.exists() is not is_deleted


def age(folder: Path, days: int) -> None:
    with sqlite3.connect(folder / "tags.sqlite3") as database:
        database.execute("UPDATE blocks SET day = day - ?", (days,))
    database.close()


def test_prune_keeps_what_the_last_scan_found(repository: Path, cache: Path) -> None:
    folder = make_index(repository, cache)
    (repository / "top.py").write_text("def changed(): pass\n")
    make_index(repository, cache)
    age(folder, 5)
    assert run(cache, "prune", repository).exit_code == EXIT_FINE
    assert maintenance.report_index(folder).blocks == 5
    age(folder, 5)
    assert "from 1 index." in run(cache, "prune", repository, "--older-than", "3").stdout
    assert maintenance.report_index(folder).blocks == 4
    (folder / "columns").rename(folder / "gone")
    assert parsed_by_next_scan(repository, cache) == (0, 4)


def test_prune_by_size(repository: Path, cache: Path) -> None:
    folder = make_index(repository, cache)
    size = maintenance.report_index(folder).block_bytes
    assert run(cache, "prune", "--all", "--max-size", str(size // 2)).exit_code == EXIT_FINE
    assert 0 < maintenance.report_index(folder).block_bytes <= size // 2


@pytest.mark.parametrize("arguments", [["--older-than", "-1"], ["--max-size", "some"]])
def test_prune_by_nonsense(repository: Path, cache: Path, arguments: list[str]) -> None:
    assert run(cache, "prune", repository, *arguments).exit_code == EXIT_USAGE


# Checking


def test_check_finds_nothing_wrong_with_what_is_right(repository: Path, cache: Path) -> None:
    make_index(repository, cache)
    (repository / "top.py").write_text("def changed(): pass\n")
    (repository / "package" / "one.py").unlink()
    make_index(repository, cache)
    done = run(cache, "check", repository)
    assert (done.exit_code, done.stdout) == (EXIT_FINE, "Checked 1 index: no damage.\n")


def flip(path: Path, position: int) -> None:
    data = bytearray(path.read_bytes())
    data[position] ^= 0x40
    path.write_bytes(bytes(data))


def damage_column(folder: Path) -> None:
    flip(next((folder / "columns").rglob("name_ids")), 0)


def shorten_column(folder: Path) -> None:
    column = next((folder / "columns").rglob("rows"))
    column.write_bytes(column.read_bytes()[:-1])


def run_sql(folder: Path, statement: str) -> None:
    with sqlite3.connect(folder / "tags.sqlite3") as database:
        database.execute(statement)
    database.close()


def damage_block(folder: Path) -> None:
    run_sql(folder, "UPDATE blocks SET data = zeroblob(length(data)) WHERE rowid = 1")


def swap_blocks(folder: Path) -> None:
    run_sql(folder, "UPDATE blocks SET data = (SELECT data FROM blocks WHERE rowid = 1)")


def damage_state(folder: Path) -> None:
    run_sql(folder, "UPDATE states SET data = x'7b7d' || substr(data, 3) WHERE name LIKE 'base:%'")


def lose_kinds(folder: Path) -> None:
    run_sql(folder, "DELETE FROM states WHERE name LIKE 'query:%'")


def write_nonsense(folder: Path) -> None:
    token = "base:nonsense"
    store = SqliteStore(folder)
    store.write_state(token, {"token": "a", "columns": 3})
    store.close()


def spoil_database(folder: Path) -> None:
    (folder / "tags.sqlite3").write_bytes(b"this is no database " * 100)


def change_format(folder: Path) -> None:
    run_sql(folder, "PRAGMA user_version = 99")


@pytest.mark.parametrize(
    "damage",
    [
        damage_column,
        shorten_column,
        damage_block,
        swap_blocks,
        damage_state,
        lose_kinds,
        write_nonsense,
        spoil_database,
        change_format,
    ],
)
def test_check_finds_damage_and_mends_nothing(repository: Path, cache: Path, damage: object) -> None:
    folder = make_index(repository, cache)
    assert callable(damage)
    damage(folder)
    for _ in range(2):
        done = run(cache, "check", repository)
        assert done.exit_code == EXIT_DAMAGED, done.stdout
        assert str(folder) in done.stdout
        assert "no damage" not in done.stdout
        (checked,) = json.loads(run(cache, "check", repository, "-f", "json").stdout)["indexes"]
        assert checked["folder"] == str(folder)
        assert checked["problems"] == done.stdout.splitlines()[:-1]
    assert run(cache, "info", repository).exit_code == EXIT_FINE


def test_check_finds_an_overlay_that_does_not_fit(repository: Path, cache: Path) -> None:
    folder = make_index(repository, cache)
    (repository / "top.py").write_text("def changed(): pass\n")
    make_index(repository, cache)
    store = SqliteStore(folder)
    (name,) = [name for name in store.state_names() if name.startswith("overlay:")]
    overlay = store.read_state(name)
    overlay["rows"][0]["base_rows"] = 77
    store.write_state(name, overlay)
    store.close()
    assert run(cache, "check", repository).exit_code == EXIT_DAMAGED


def test_a_mistyped_command_is_answered(cache: Path) -> None:
    done = run(cache, "chek")
    assert (done.exit_code, "check" in done.stderr) == (EXIT_USAGE, True)
