"""A list of many parts takes little memory while it is parsed; each part gives the tags that it has in a short one."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from repomap_fast.tables import FileStatus
from support.made_scans import queries_folder, scan_source

N = 3_000
"""Parts of 60 bytes or so: some looks at the list, which are 64 kB of text apart."""

LISTS = {
    # by language: what is before a list, a part, what is behind the list
    "declarators": ("c", "int first", ", *{name}", ";\nint last;\n"),
    "initial values": ("c", "int first", ", {name} = f({i})", ";\nint last;\n"),
    "constants": ("c", "enum e {{ first", ", {name} = {i}", "}};\nint last;\n"),
    "fields and comments": ("c", "struct s {{", " int {name}; /* {i} */ // \n", "}};\n"),
    "variables": ("javascript", "var first", ", {name} = {i}", ";\nvar last;\n"),
    "a pattern": ("javascript", "const {{ first", ", {name}", "}} = a;\nb({{ first", ", {name}", "}});\n"),
    "members and comments": ("javascript", "const a = {{ first() {{}}", ", // {i}\n {name}() {{}}", "}};\n"),
    "exports": ("typescript", "export {{ first", ", {name} as b{i}", "}} from 'c';\n"),
    "imports": ("python", "from a import first", ", {name} as b{i}", "\n"),
    "methods": ("java", "class A {{", " void {name}() {{}}\n", "}}\n"),
    "fields": ("go", "package a\ntype A struct {{\n", "\t{name} int // {i}\n", "}}\n"),
    "variants": ("rust", "enum A {{ First", ", {name}", "}}\n"),
    "constants of PHP": ("php", "<?php\nconst FIRST = 1", ", {name} = {i}", ";\n"),
}


def source(n: int, head: str, *parts_and_tails: str) -> bytes:
    text = head.format()
    for part, tail in zip(parts_and_tails[::2], parts_and_tails[1::2], strict=True):
        names = [f"of_some_things_that_all_have_a_long_name_{i}" for i in range(n)]
        text += "".join(part.format(i=i, name=name) for i, name in enumerate(names)) + tail.format()
    return text.encode()


def tags_by_number(root: Path, language: str, text: bytes) -> dict[str, list[tuple[object, ...]]]:
    """Return the tags of each part, by its number, the number left out of the name."""
    result = scan_source(root, text, language, queries_alone=True)
    assert result.file_table.statuses[0] == FileStatus.TAGGED
    found: dict[str, list[tuple[object, ...]]] = {}
    for tag in result.tags:
        number = re.search("[0-9]+|$", tag.name)
        assert number is not None
        said = (tag.name.replace(number[0], "#") if number[0] else tag.name, tag.role, tag.kind, tag.scope)
        found.setdefault(number[0], []).append(said)
    return found


@pytest.mark.parametrize("name", LISTS)
def test_each_part_of_a_long_list_gives_the_tags_of_a_part_of_a_short_one(tmp_path: Path, name: str) -> None:
    language, *texts = LISTS[name]
    many, few = source(N, *texts), source(3, *texts)
    assert len(many) > 2 * 64 << 10
    found, expected = (tags_by_number(tmp_path, language, text) for text in (many, few))
    assert expected["1"]
    assert [found[str(i)] for i in range(N - 1)] == [expected["1"]] * (N - 1)
    assert found[str(N - 1)] == expected["2"]
    assert {tag[:3] for tag in found.get("", [])} == {tag[:3] for tag in expected.get("", [])}
    assert len(found) == N + len(expected) - 3


@pytest.mark.parametrize(
    ("query", "n"),
    [
        ("(declaration declarator: (identifier) @name) @definition.variable", N + 2),
        ("(declaration type: (_) declarator: (identifier) @name) @definition.variable", N + 2),
        ("(declaration declarator: (identifier) @name .) @definition.variable", 2),
        ("(declaration declarator: (identifier) declarator: (identifier) @name) @definition.variable", N),
        ("(declaration !value declarator: (identifier) @name) @definition.variable", N + 2),
        ("(declaration !declarator (identifier) @name) @definition.variable", 0),
        ("(declaration (identifier) . (identifier) @name) @definition.variable", N),
    ],
)
def test_a_query_asks_for_fields_and_neighbours_in_a_long_list(tmp_path: Path, query: str, n: int) -> None:
    text = source(N, "int first", ", {name}", ";\nint last;\n")
    folder = queries_folder(tmp_path, c=query)
    result = scan_source(tmp_path, text, "c", queries=folder, queries_alone=True)
    assert len({tag.name for tag in result.tags}) == n


def test_a_part_of_a_long_list_takes_little_memory(tmp_path: Path) -> None:
    for n in (20_000, 40_000, 80_000):
        text = ("int first" + "".join(f", v{i}" for i in range(n)) + ";").encode()
        result = scan_source(tmp_path, text, "c", max_file_memory=(8 << 20) + 350 * n)
        assert result.file_table.statuses[0] == FileStatus.TAGGED
