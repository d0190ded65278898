"""Characters that steer a terminal or hide in a text: escaped on every terminal, and in every form that has escapes."""

from __future__ import annotations

import csv
import io
import json
import re
import unicodedata
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import repomap_fast
from commands.test_map import in_terminal, needs_terminal
from repomap_fast.unseen import escaped_for_xml, json_string, shown_text
from support.command_runs import run

STEERING = "\x1b]0;owned\x07\x1b[2J\r\x08\x7f\x85\x9b31m\u061c\u200b\u200e\u202e\u2028\u2066\ufeff\U000e0041"
RAW = re.compile("[\0-\x08\x0b-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff\U000e0041]")
TABLES_OWN = re.compile(r"\x1b\[[0-9;]*m")
FORMULA = "=cmd|calc!A0.py"


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder whose paths and lines would steer a terminal."""
    folder = tmp_path_factory.mktemp("odd")
    line = f"class Task:  # {STEERING}\n    def run(self): pass\n\nTask()\n".replace("\r", "")
    for name in (f"a{STEERING}.py", FORMULA, "b\nc.py"):
        (folder / name).write_text(line)
    return folder


@given(st.text())
def test_nothing_that_steers_is_left(text: str) -> None:
    assert not RAW.search(shown_text(text))
    left = [c for c in shown_text(text) if unicodedata.category(c) == "Cc" or unicodedata.bidirectional(c) in BIDI]
    assert set(left) <= {"\t", "\n"}


BIDI = {"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"}


@given(st.text())
def test_escapes_of_json_and_xml_give_back_the_text(text: str) -> None:
    assert json.loads(json_string(text)) == text
    assert not RAW.search(json_string(text))
    fit = "".join(c for c in text if c in "\t\n" or (c >= " " and c not in "<&\ufffe\uffff"))
    written = f"<a>{escaped_for_xml(fit)}</a>"
    assert ElementTree.fromstring(written).text == (fit or None)
    assert not RAW.search(written)


def test_plain_text_stays_as_it_is() -> None:
    plain = "naïve 名前 \N{FAMILY}\u200d\N{BOY}\tx\n"
    assert shown_text(plain) == plain
    assert json.loads(json_string(plain)) == plain
    assert json_string("naïve") == '"naïve"'


COMMANDS = [
    ["scan"],
    ["scan", "-vv"],
    *(["scan", "-f", form] for form in ("json", "jsonl", "csv", "ctags")),
    *(["map", "-t", "4000", "-f", form] for form in ("text", "markdown", "excerpts", "json", "xml")),
    ["search", "Task", "-r"],
    ["explain", "Task"],
]


@needs_terminal
@pytest.mark.parametrize("arguments", COMMANDS, ids=" ".join)
def test_no_command_lets_a_repository_steer_the_terminal(arguments: list[str], root: Path) -> None:
    words = [*arguments[:2], root] if arguments[0] in ("search", "explain") else [arguments[0], root]
    seen = TABLES_OWN.sub("", in_terminal([*words, *arguments[len(words) - 1 :], "--no-progress", "--no-cache"]))
    assert seen
    assert not RAW.search(seen), RAW.search(seen)


def test_machine_forms_are_exact_in_a_pipe(root: Path) -> None:
    odd = f"a{STEERING}.py"
    lines = [json.loads(line) for line in run("scan", root, "-f", "jsonl", "--no-cache").stdout.split("\n")[:-1]]
    assert {line["path"] for line in lines} == {odd, FORMULA, "b\nc.py"}
    done = run("scan", root, "-f", "json", "--no-cache").stdout
    assert {tag["path"] for tag in json.loads(done)["tags"]} == {odd, FORMULA, "b\nc.py"}
    assert not RAW.search(done)
    text = repomap_fast.map(root, tokens=4000, format="json", cache=False).text
    assert not RAW.search(text)
    assert {file["path"] for file in json.loads(text)["files"]} == {odd, FORMULA, "b\nc.py"}
    excerpts = repomap_fast.map(root, tokens=4000, format="excerpts", cache=False).text
    assert STEERING.replace("\r", "").replace("\n", "") in excerpts
    assert not RAW.search(repomap_fast.map(root, tokens=4000, cache=False).text)


def test_csv_in_a_pipe_has_the_paths_as_they_are(root: Path, tmp_path: Path) -> None:
    file = tmp_path / "tags.csv"
    assert run("scan", root, "-o", file, "--no-cache", "--quiet").returncode == 0
    rows = list(csv.DictReader(io.StringIO(file.read_bytes().decode(), newline="")))
    assert {row["path"] for row in rows} == {f"a{STEERING}.py", FORMULA, "b\nc.py"}
