"""JSON documents: what each command prints is what its schema in the package describes."""

from __future__ import annotations

import json
from importlib import resources
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from repomap_fast.cli.app import app
from repomap_fast.cli.formats import csv_rows
from support.json_schema import find_violations, read_schema

NAMES = sorted(Path(str(file)).stem for file in (resources.files("repomap_fast.cli.formats") / "schemas").iterdir())


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    root = tmp_path / "shop"
    (root / "tests").mkdir(parents=True)
    (root / "README.md").write_text("# Shop\n")
    (root / "till.py").write_text("class Till:\n    total = 0\n    def add(self, price): self.total += price\n")
    (root / "main.py").write_text("from till import Till\n\ndef main(): Till().add(1)\n")
    (root / "tests" / "test_till.py").write_text("from till import Till\ndef test_add(): Till().add(2)\n")
    (root / "big.py").write_text("x = 1\n" * 20_000)
    (root / "binary.py").write_bytes(b"\0")
    (root / "odd\udcff.py").write_text("def odd(): main()\n")
    return root


def run(tmp_path: Path, *arguments: str | Path) -> str:
    words = [str(argument) for argument in arguments]
    done = CliRunner().invoke(app, words, env={"REPOMAP_FAST_CACHE_DIR": str(tmp_path / "cache")})
    assert done.exit_code == 0, done.output
    return done.stdout


def documents(shop: Path, tmp_path: Path, name: str) -> list[Any]:
    """Return outputs of the command whose schema has that name."""
    history = tmp_path / "history.jsonl"
    commands: dict[str, list[list[str | Path]]] = {
        "scan": [["scan", shop, "--max-file-size", "100K"], ["scan", shop / "tests", "--no-cache"]],
        "map": [
            ["map", shop, "--query", "add price", "-m", "zzz"],
            ["map", shop, "--no-header"],
            ["map", shop, "--tokens", "1"],
        ],
        "search": [["search", "till", shop, "--references"], ["search", "tlil", shop]],
        "explain": [["explain", "Till", shop, "--query", "add till"], ["explain", "till.py", shop, "-F", "main.py"]],
        "show": [["show", "Till", shop, "-C", "1"], ["show", "Till", shop, "-t", "40"], ["show", "odd", shop]],
        "refs": [["refs", "Till", shop], ["refs", "Till.add", shop, "-n", "1"], ["refs", "main", shop]],
        "callers": [["callers", "Till", shop, "-d", "2"]],
        "callees": [["callees", "main", shop]],
        "impact": [["impact", "till.py", shop]],
        "unused": [["unused", shop]],
        "report": [["report", shop], ["report", shop / "tests"]],
        "imports": [["imports", shop], ["imports", "main.py", shop], ["imports", "till.py", shop, "-n", "1"]],
        "outline": [["outline", shop / "till.py", shop / "README.md"], ["outline", shop / "main.py", "-l", "ruby"]],
        "languages": [["languages"]],
        "bench": [["bench", shop, "-n", "1", "--history", history, "--alert-memory", "1M", *more] for more in
                  ([], ["--compare", "last"])],
        "dashboard": [["dashboard", "--history", history]],
        "cache-info": [["cache", "info", shop], ["cache", "info", "--all"], ["cache", "info", shop / "tests"]],
        "cache-check": [["cache", "check", shop], ["cache", "check", "--all"]],
    }  # fmt: skip
    if name == "tag":
        return [json.loads(line) for line in run(tmp_path, "scan", shop, "-f", "jsonl").splitlines()]
    if name == "dashboard":
        run(tmp_path, "bench", shop, "-n", "1", "--operation", "scan", "--history", history)
    if name.startswith("cache"):
        run(tmp_path, "scan", shop)
    return [json.loads(run(tmp_path, *command, "--format", "json")) for command in commands[name]]


@pytest.mark.parametrize("name", NAMES)
def test_what_is_printed_is_what_the_schema_describes(name: str, shop: Path, tmp_path: Path) -> None:
    schema = read_schema(name)
    found = documents(shop, tmp_path, name)
    assert found
    assert [find_violations(document, schema) for document in found] == [[] for _ in found]
    if name != "tag":
        assert {next(iter(document.items())) for document in found} == {
            ("schema", schema["properties"]["schema"]["const"])
        }


def test_a_violation_is_found() -> None:
    schema = read_schema("cache-check")
    assert find_violations({"schema": 2, "indexes": [{"folder": 1, "more": 0}]}, schema) == [
        "$.schema is 2; expected 1",
        "$.indexes[0] has no problems",
        "$.indexes[0].folder is 1; expected string",
        "$.indexes[0].more is not described",
    ]


def test_every_field_of_a_schema_has_a_description() -> None:
    def properties(schema: dict[str, Any]) -> list[tuple[str, Any]]:
        own = list(schema.get("properties", {}).items())
        return own + [pair for inner in schema.get("$defs", {}).values() for pair in properties(inner)]

    missing = [
        f"{name}.{field}" for name in NAMES for field, of in properties(read_schema(name)) if not of.get("description")
    ]
    assert missing == []


def test_csv_has_the_fields_of_a_tag() -> None:
    assert list(csv_rows.COLUMNS) == [name for name in read_schema("tag")["properties"] if name != "path_bytes"]
