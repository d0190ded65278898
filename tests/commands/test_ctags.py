"""Tags files, by our own reading, by readtags and by vim."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from repomap_fast.cli.formats import Format
from repomap_fast.cli.formats.ctags import escape
from repomap_fast.joining.result import ScanResult
from repomap_fast.tables import (
    NO_SCOPE,
    ROLE_DEFINITION,
)
from support.made_results import CLASS, DEFINITION, FUNCTION, make_result, written


def test_ctags_lines_are_sorted_definitions(made_result: ScanResult) -> None:
    lines = written(made_result, Format.CTAGS).split(b"\n")
    assert lines.pop() == b""
    header = [line for line in lines if line.startswith(b"!_TAG_")]
    entries = lines[len(header) :]
    assert b"!_TAG_FILE_SORTED\t1\t/0=unsorted, 1=sorted, 2=foldcase/" in header
    names = [entry.split(b"\t")[0] for entry in entries]
    assert not any(name.startswith(b"!_") for name in names), "they would pass for the header"
    assert names == sorted(names)
    assert len(entries) == sum(tag.role == "definition" and tag.name != "!_TAG_X" for tag in made_result.tags)
    assert b'inner\tshape.py\t3;"\tfunction\tline:3\tlanguage:python\tscope:function:Shape.area\tend:4' in entries


def test_ctags_paths_are_relative_to_the_tags_file(made_result: ScanResult) -> None:
    root = made_result.root
    (root / "elsewhere").mkdir()
    assert b"\nShape\tshape.py\t" in written(made_result, Format.CTAGS, root)
    assert b"\nShape\t../shape.py\t" in written(made_result, Format.CTAGS, root / "elsewhere")
    assert f"\nShape\t{root.name}/shape.py\t".encode() in written(made_result, Format.CTAGS, root.parent)


@pytest.mark.skipif(shutil.which("readtags") is None, reason="readtags is not installed")
def test_readtags_finds_every_definition(made_result: ScanResult) -> None:
    tags_file = made_result.root / "tags"
    tags_file.write_bytes(written(made_result, Format.CTAGS))
    names = [
        made_result.tag_table.names[name_id].decode("utf-8", "replace").encode()
        for name_id in definition_name_ids(made_result)
    ]
    for name in set(names) - {b"!_TAG_X"}:
        found = subprocess.run(["readtags", "-t", tags_file, "-E", "-e", "-", name], capture_output=True, check=True)
        assert found.stdout.count(b"\n") == names.count(name), name


def definition_name_ids(result: ScanResult) -> list[int]:
    table = result.tag_table
    ids: list[int] = table.name_ids[table.roles == ROLE_DEFINITION].tolist()
    return ids


@pytest.mark.skipif(shutil.which("vim") is None, reason="vim is not installed")
def test_vim_jumps_to_a_definition(tmp_path: Path) -> None:
    source = "class Shape:\n    x = 1\n\n    def area(self):\n        return 2\n"
    (tmp_path / "shape.py").write_text(source)
    result = make_result(
        tmp_path,
        {
            b"shape.py": [
                (b"Shape", DEFINITION, CLASS, 0, 4, NO_SCOPE),
                (b"area", DEFINITION, FUNCTION, 3, 4, 0),
            ]
        },
    )
    (tmp_path / "tags").write_bytes(written(result, Format.CTAGS))
    subprocess.run(
        [
            "vim",
            "-u",
            "NONE",
            "-es",
            "-n",
            "-t",
            "area",
            "-c",
            "call writefile([expand('%'), line('.')], 'at')",
            "-c",
            "q!",
        ],
        cwd=tmp_path,
        stdin=subprocess.DEVNULL,
        timeout=30,
        check=False,
    )
    assert (tmp_path / "at").read_text().split() == ["shape.py", "4"]


@pytest.mark.parametrize(
    ("text", "escaped"),
    [
        (b"plain", b"plain"),
        (b"a\tb", rb"a\tb"),
        (b"a\nb\r", rb"a\nb\r"),
        (b"back\\slash", rb"back\\slash"),
        (b"\x00\x1b\x7f", rb"\x00\x1b\x7f"),
        ("é".encode(), "é".encode()),
    ],
)
def test_control_characters_are_escaped_as_universal_ctags_does(text: bytes, escaped: bytes) -> None:
    assert escape(text) == escaped


def test_a_tags_file_of_nothing_is_its_header(tmp_path: Path) -> None:
    lines = written(make_result(tmp_path, {}), Format.CTAGS).decode().splitlines()
    assert len(lines) == 8
    assert all(line.startswith("!_TAG_") for line in lines)
