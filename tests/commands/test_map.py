"""``repomap-fast map`` as its users meet it: whole processes, in pipes and in terminals."""

from __future__ import annotations

import json
import os
import pty
import re
import select
import shutil
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest

import repomap_fast
from repomap_fast.errors import EXIT_FINE, EXIT_NOTHING_FOUND, EXIT_USAGE
from support.command_runs import COMMAND, environment, loaded_modules, run

# The map


def test_a_map_in_a_pipe(shop: Path) -> None:
    done = run("map", shop)
    assert (done.returncode, done.stderr) == (EXIT_FINE, "")
    assert done.stdout.startswith("# Map of 4 files, as of ")
    assert "\ntill.py:\n1-3 class Till\n 2-3 count_money()\n" in done.stdout
    assert "\ntill.py:\n│class Till:\n│    def count_money(self):\n" in run("map", shop, "-f", "excerpts").stdout


def test_what_is_printed_is_what_the_library_gives(shop: Path) -> None:
    for form in ("text", "markdown", "excerpts", "json", "xml"):
        done = run("map", shop, "--format", form, "--no-header", "--tokens", "500")
        assert done.stdout == repomap_fast.map(shop, format=form, tokens=500).text


def test_a_map_in_a_file(shop: Path, tmp_path: Path) -> None:
    file = tmp_path / "map.md"
    done = run("map", shop, "-o", file, "--no-header")
    assert (done.returncode, done.stdout) == (EXIT_FINE, "")
    assert re.fullmatch(r"repomap-fast: wrote 4 definitions of 4 files, \d+ tokens, to .*map\.md\n", done.stderr)
    assert file.read_text("utf-8") == repomap_fast.map(shop, format="markdown").text


@pytest.mark.parametrize(("name", "start"), [("a.json", "{"), ("a.xml", "<map"), ("a.txt", "# Map"), ("a", "# Map")])
def test_the_name_of_the_file_says_the_format(shop: Path, tmp_path: Path, name: str, start: str) -> None:
    assert run("map", shop, "-o", tmp_path / name).returncode == EXIT_FINE
    assert (tmp_path / name).read_text("utf-8").startswith(start)


def test_the_formats_are_well_formed(shop: Path) -> None:
    files = [file["path"] for file in json.loads(run("map", shop, "-f", "json").stdout)["files"]]
    assert files == ["README.md", "counter.py", "street.py", "till.py"]
    assert [one.get("path") for one in ElementTree.fromstring(run("map", shop, "-f", "xml").stdout)] == files


def test_an_encoding_without_the_marks_gets_others(shop: Path) -> None:
    done = run("map", shop, "-f", "excerpts", PYTHONIOENCODING="ascii", PYTHONUTF8="0")
    assert done.returncode == EXIT_FINE
    assert done.stdout.isascii()
    assert "|class Till:" in done.stdout
    assert "\\u" not in done.stdout


def test_ascii_on_demand(shop: Path) -> None:
    assert run("map", shop, "--ascii", "-f", "excerpts").stdout.isascii()
    (shop / "till.py").write_text(f"def count_money({', '.join(f'coin_{i}' for i in range(20))}): pass\n")
    assert "coin_4, …)\n" in run("map", shop).stdout
    assert "coin_4, ...)\n" in run("map", shop, "--ascii").stdout


def test_an_empty_folder_gives_an_empty_map(tmp_path: Path) -> None:
    done = run("map", tmp_path)
    assert (done.returncode, done.stdout) == (EXIT_FINE, "")
    assert done.stderr == "repomap-fast: note: the map is empty: there are no source files\n"
    assert run("map", tmp_path, "-q").stderr == ""


def test_a_document_of_nothing_is_a_document(shop: Path) -> None:
    for tokens in ("1", "5", "1000"):
        empty = run(
            "map", shop, "--focus", "till.py", "--include", "till.py", "-t", tokens, "-f", "json", "--no-header"
        )
        assert json.loads(empty.stdout) == {"schema": 2, "index": None, "files": []}
        empty = run("map", shop, "--focus", "till.py", "--include", "till.py", "-t", tokens, "-f", "xml", "--no-header")
        assert ElementTree.fromstring(empty.stdout).tag == "map"
        assert "the map is empty" in empty.stderr


def test_what_was_mentioned_in_vain_is_said(shop: Path) -> None:
    done = run("map", shop, "-m", "zzz", "-m", "Til", "-m", "Till", "-m", "tils.py", "-m", "street.py", "--no-header")
    assert done.stderr.splitlines() == [
        "repomap-fast: note: nothing here is called 'zzz'",
        "repomap-fast: note: nothing here is called 'Til'; did you mean 'Till'?",
        "repomap-fast: note: nothing here is called 'tils.py'; did you mean 'till.py'?",
    ]
    assert "note" not in done.stdout
    assert run("map", shop, "-m", "zzz", "-q").stderr == ""
    document = json.loads(run("map", shop, "-m", "zzz", "-f", "json").stdout)
    assert document["notes"] == ["nothing here is called 'zzz'"]
    tree = ElementTree.fromstring(run("map", shop, "-m", "<&>", "-f", "xml").stdout)
    assert [note.text for note in tree.iter("note")] == ["nothing here is called '<&>'"]
    explained = run("explain", "Till", shop, "-m", "zzz")
    assert explained.stderr == "repomap-fast: note: nothing here is called 'zzz'\n"


def test_a_query_that_finds_nothing_is_said(shop: Path) -> None:
    note = "repomap-fast: note: no word of the query stands in a file here\n"
    assert run("map", shop, "--query", "qqq zzz").stderr == note
    assert run("map", shop, "--query", "fix the bug").stderr == note
    for query in ("money", "Till", "street.py", "tills", " "):
        assert run("map", shop, "--query", query).stderr == ""


def test_a_budget_too_small_for_anything(shop: Path) -> None:
    done = run("map", shop, "--tokens", "2")
    assert (done.returncode, done.stdout) == (EXIT_FINE, "")
    assert "the map is empty: nothing of 4 source files fits into 2 tokens" in done.stderr


def test_a_budget_of_ten_and_of_a_million(shop: Path) -> None:
    assert run("map", shop, "--tokens", "10").stdout == "also: README.md\n"
    everything = run("map", shop, "--tokens", "1000000", "--no-header").stdout
    assert [line for line in everything.splitlines() if line.rstrip(":").endswith((".md", ".py"))] == [
        *("counter.py:", "street.py:", "till.py:", "also: README.md")
    ]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--tokens", "0"], "--tokens is 0; expected at least 1"),
        (["--tokens", "2147483648"], "tokens is 2147483648; expected 1 to 2147483647"),
        (["--tokens", "many"], "--tokens"),
        (["--deadline", "0"], "--deadline is 0; expected seconds above 0"),
        (["--deadline", "-3"], "--deadline is -3; expected seconds above 0"),
        (["--deadline", "nan"], "--deadline is 'nan'; expected a number"),
        (["--format", "yaml"], "yaml"),
        (["--focus", "."], "--focus is '.', which is all of"),
        (["--focus", "/"], "--focus is '/', which is not below"),
        (["--focus", ".."], "--focus is '..', which is not below"),
        (["--tokenizer", "abacus"], "abacus"),
        (["--fromat", "json"], "--format"),
        (["--max-memory", "1M"], "--max-memory is 1048576 bytes"),
        (["-o", "/nowhere/at/all/map.md"], "there is no folder"),
        (["nowhere"], "there is no"),
    ],
)
def test_what_cannot_be_done_is_said(shop: Path, arguments: list[str], message: str) -> None:
    done = subprocess.run(
        [*COMMAND, "map", *arguments], cwd=shop, capture_output=True, text=True, env=environment(), check=False
    )
    assert (done.returncode, done.stdout) == (EXIT_USAGE, "")
    assert message in done.stderr
    assert "Traceback" not in done.stderr


def test_settings_that_make_no_sense_are_named(shop: Path) -> None:
    (shop / ".repomap-fast.toml").write_text("[weights]\ndampign = 0.5\n")
    done = run("map", shop)
    assert done.returncode == EXIT_USAGE
    assert (
        ".repomap-fast.toml: there is no setting 'weights.dampign'\nrepomap-fast: hint: did you mean 'damping'?"
        in done.stderr
    )


def test_a_reader_that_goes_away_is_fine(tmp_path: Path) -> None:
    for i in range(200):
        (tmp_path / f"file{i}.py").write_text("".join(f"def function_{i}_{j}():\n    pass\n" for j in range(50)))
    command = [*COMMAND, "map", tmp_path, "--tokens", "200000"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment()) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.read(1)
        process.stdout.close()
        assert process.wait(timeout=60) == EXIT_FINE
        assert process.stderr.read() == b""


@pytest.mark.parametrize("task", [[], ["--query", "who counts money", "--mention", "walk"]])
def test_a_map_of_what_is_known_loads_no_more_than_it_needs(task: list[str], shop: Path) -> None:
    run("map", shop)
    modules = loaded_modules(["map", str(shop), *task])
    assert "repomap_fast.drawing.render" in modules
    heavy = {"rich", "pydantic", "tomllib", "rapidfuzz", "numpy.ma", "urllib.request", "email"}
    assert not modules & {*heavy, "repomap_fast.ranking.search"}


def test_a_scan_loads_nothing_of_the_map(shop: Path) -> None:
    modules = loaded_modules(["scan", str(shop)])
    assert not modules & {f"repomap_fast.{name}" for name in ("repo_map", "render", "forms", "choose", "lookup")}


# In a terminal


def in_terminal(arguments: list[str | Path], *, columns: int = 80, **variables: str) -> str:
    """Return what a terminal of so many columns gets to see of a command, stdout and stderr."""
    leader, follower = pty.openpty()
    try:
        with subprocess.Popen(
            [*COMMAND, *arguments],
            stdin=follower,
            stdout=follower,
            stderr=follower,
            env=environment(COLUMNS=str(columns), TERM="xterm-256color", **variables),
        ) as process:
            os.close(follower)
            seen = b""
            while select.select([leader], [], [], 60)[0]:
                try:
                    piece = os.read(leader, 65536)
                except OSError:
                    break
                if not piece:
                    break
                seen += piece
            assert process.wait(timeout=60) in (EXIT_FINE, EXIT_NOTHING_FOUND)
        return seen.decode("utf-8").replace("\r\n", "\n")
    finally:
        os.close(leader)


needs_terminal = pytest.mark.skipif(sys.platform == "win32", reason="there are no pseudo-terminals")


@needs_terminal
@pytest.mark.parametrize(
    "arguments", [["map"], ["map", "-f", "excerpts"], ["map", "--no-progress"], ["map", "--ascii"]]
)
def test_a_terminal_gets_what_a_pipe_gets(shop: Path, arguments: list[str]) -> None:
    """The map's own marks among it: while there is a progress bar, something else may stand for the terminal."""
    seen = in_terminal([*arguments, shop])
    printed = run(*arguments, shop).stdout
    assert "│" in printed or "excerpts" not in arguments
    plain = re.sub(r"\x1b\[[\d;?]*[a-zA-Z]|\r", "", seen)
    assert plain.endswith(printed.replace("\r", ""))
    in_colour = re.sub(r"\x1b\[[0-2]m", "", seen)
    assert in_colour.endswith(printed)
    assert ("\x1b[1mtill.py:\x1b[0m\n" in seen) == ("excerpts" not in arguments)
    assert in_terminal([*arguments, shop], NO_COLOR="1").endswith(printed)


@needs_terminal
def test_a_terminal_whose_encoding_lacks_the_marks_gets_others(shop: Path) -> None:
    seen = in_terminal(["map", shop, "-f", "excerpts"], PYTHONIOENCODING="ascii")
    assert "\n|class Till:\n" in seen
    assert "│" not in seen


@needs_terminal
def test_sources_cannot_steer_the_terminal(shop: Path) -> None:
    (shop / "evil.py").write_bytes(b"def evil(a='\x1b]0;owned\x07 \xe2\x80\xae'): pass\n\nevil()\n")
    for form, shown in (("text", "1 evil(a="), ("excerpts", "def evil(a=")):
        seen = in_terminal(["map", shop, "--no-progress", "-f", form], NO_COLOR="1")
        assert f"{shown}'\\x1b]0;owned\\x07 \\u202e')" in seen
        assert "\x1b" not in seen
        assert "\x07" not in seen


@needs_terminal
def test_a_narrow_terminal_gets_a_table_that_fits(shop: Path) -> None:
    seen = in_terminal(["search", "count_money", shop, "--no-progress"], columns=40, NO_COLOR="1")
    plain = re.sub(r"\x1b\[[0-9;]*m", "", seen)
    assert all(len(line) <= 40 for line in plain.splitlines())
    assert "till.py:2" in plain


@pytest.mark.parametrize("command", ["map", "search"])
def test_every_option_has_help(command: str) -> None:
    done = run(command, "--help")
    assert done.returncode == EXIT_FINE
    options = re.findall(r"^ +(?:-\w, )?--[\w-]+.*\n", done.stdout, re.MULTILINE)
    assert len(options) > 10
    for option in options:
        assert re.search(r"(  \S)|(>|[A-Z\]])\n$", option), option


@pytest.mark.parametrize("command", ["map", "search"])
def test_help_loads_nothing_large(command: str) -> None:
    modules = loaded_modules([command, "--help"])
    assert not modules & {"numpy", "rich", "repomap_fast.api", "rapidfuzz"}
    assert not [name for name in modules if name.startswith("repomap_fast._")]


# The work at hand


def first_names(shop: Path, *arguments: str) -> list[str]:
    document = json.loads(run("map", shop, "-f", "json", *arguments).stdout)
    found = [one for file in document["files"] for one in file["definitions"]]
    return [one["name"] for one in sorted(found, key=lambda one: -one["score"])]


def test_files_in_focus_are_left_out_and_what_they_refer_to_comes_first(shop: Path) -> None:
    names = first_names(shop, "--focus", "street.py")
    assert names[0] == "open_counter"
    assert "walk" not in names
    assert "walk" in first_names(shop, "--focus", "street.py", "--show-focus")


def test_a_focus_that_does_not_exist_is_named_with_what_is_near(shop: Path) -> None:
    done = run("map", shop, "--focus", "stret.py")
    assert (done.returncode, done.stdout) == (EXIT_USAGE, "")
    assert "--focus is 'stret.py', and no file of" in done.stderr
    assert "did you mean 'street.py'?" in done.stderr


def test_nothing_beside_the_focus_is_said(tmp_path: Path) -> None:
    (tmp_path / "alone.py").write_text("def alone():\n    pass\n")
    done = run("map", tmp_path, "--focus", "alone.py")
    assert (done.returncode, done.stdout) == (EXIT_FINE, "")
    assert "the map is empty: nothing beside the files in focus fits into 1,024 tokens" in done.stderr


def test_a_focus_may_be_typed_from_where_one_is(shop: Path) -> None:
    (shop / "deep").mkdir()
    (shop / "deep" / "inner.py").write_text("def inner():\n    pass\n")
    done = subprocess.run(
        [*COMMAND, "map", "..", "--focus", "inner.py", "--no-header"],
        cwd=shop / "deep",
        capture_output=True,
        text=True,
        env=environment(),
        check=True,
    )
    assert "inner.py" not in done.stdout
    assert "till.py" in done.stdout


def test_a_query_moves_the_map(shop: Path) -> None:
    assert first_names(shop, "--query", "count_money is wrong")[0] == "count_money"
    assert first_names(shop, "--mention", "count_money")[0] == "count_money"


needs_git = pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")


@needs_git
def test_changed_stands_with_and_without_a_revision(shop: Path) -> None:
    def git(*arguments: str) -> None:
        identity = ("-c", "user.name=a", "-c", "user.email=a@b")
        subprocess.run(["git", *identity, *arguments], cwd=shop, check=True, capture_output=True)

    git("init", "-q")
    git("add", "-A")
    git("commit", "-qm", "one")
    with (shop / "street.py").open("a") as street:
        street.write("\n# changed\n")
    git("commit", "-qam", "two")
    since_last = run("map", shop, "--changed", "--no-header", "-f", "json").stdout
    plain = json.loads(run("map", shop, "--no-header", "-f", "json").stdout)
    assert json.loads(since_last) == {"notes": ["no file changed since HEAD"], **plain}
    since_first = run("map", shop, "--changed", "HEAD~1", "--no-header", "-f", "json").stdout
    assert since_first == run("map", "--changed=HEAD~1", shop, "--no-header", "-f", "json").stdout != since_last
    assert run("map", "--changed", shop, "--no-header", "-f", "json").stdout == since_last
    done = run("map", shop, "--changed", "HEAD~7")
    assert (done.returncode, done.stdout) == (EXIT_USAGE, "")
    assert "--changed is 'HEAD~7', which git does not know" in done.stderr
    assert "commit" in run("map", shop, "--tokens", "4000").stdout.splitlines()[0]


@needs_git
def test_changed_outside_a_work_tree_says_so(shop: Path) -> None:
    done = run("map", shop, "--changed")
    assert (done.returncode, done.stdout) == (EXIT_USAGE, "")
    assert "in no git work tree" in done.stderr


def test_a_deadline_that_is_kept_changes_nothing(shop: Path) -> None:
    plain = run("map", shop, "--query", "street", "--no-cache")
    timed = run("map", shop, "--query", "street", "--no-cache", "--deadline", "60")
    assert (timed.stdout, timed.stderr) == (plain.stdout, plain.stderr)


def test_a_note_says_what_was_read_until_a_deadline(shop: Path) -> None:
    timed = run("map", shop, "--query", "street", "--no-cache", "--deadline", "0.0001")
    assert re.search(r"note: until the deadline \d of 4 files were read, and \d parsed; a call without", timed.stderr)
    assert "street.py" in timed.stdout
