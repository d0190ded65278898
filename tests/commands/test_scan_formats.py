"""What each exporter writes of tables made by hand, and whether the programs it is meant for can read it."""

from __future__ import annotations

import csv
import io
import json
import os
import shutil
import subprocess
from base64 import b64decode
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from repomap_fast.cli import formats
from repomap_fast.cli.formats import Format, guess_format, runs
from repomap_fast.errors import OptionError
from repomap_fast.joining.result import ScanResult, Tag
from repomap_fast.joining.scopes import MAX_SCOPE_NAMES
from repomap_fast.languages.table import LANGUAGES
from repomap_fast.metrics import ScanMetrics
from repomap_fast.tables import (
    NO_LANGUAGE,
    NO_SCOPE,
    ROLE_DEFINITION,
    ROLE_REFERENCE,
    FileStatus,
    FileTable,
    StringTable,
    TagTable,
)

DEFINITION, REFERENCE = ROLE_DEFINITION, ROLE_REFERENCE
CALL, CLASS, FUNCTION = range(3)
ODD_NAMES = [
    b'say "hi", you',
    b"back\\slash",
    b"tab\there",
    b"line\nfeed",
    b"!bang",
    b"!_TAG_X",
    b" lead",
    "é😀".encode(),
    b"\xff\xfe",
]
ODD_PATHS = [b"a b.py", b'c,"d".py', b"dir/\xffx.py", b"tab\t\\.py", b"\xc3\xa9\n.py"]


def language_id(name: str) -> int:
    return [language.name for language in LANGUAGES].index(name)


def make_result(
    root: Path,
    tags_of_files: Mapping[bytes, list[tuple[bytes, int, int, int, int, int]]],
    skipped: Mapping[bytes, FileStatus] | None = None,
) -> ScanResult:
    """Build a result; a tag is name, role, kind, row, end row, and the row of its scope in the same file."""
    skipped = skipped or {}
    paths = sorted([*tags_of_files, *skipped])
    names: dict[bytes, int] = {}
    rows: list[tuple[int, ...]] = []
    offsets = [0]
    for path in paths:
        first = len(rows)
        for name, role, kind, row, end_row, scope in tags_of_files.get(path, []):
            name_id = names.setdefault(name, len(names))
            rows.append((name_id, role, kind, row, 4, end_row, scope if scope == NO_SCOPE else first + scope))
        offsets.append(len(rows))
    columns = np.array(rows, np.int64).reshape(-1, 7).T
    statuses = [skipped.get(path, FileStatus.TAGGED) for path in paths]
    unreadable = np.array(statuses) == FileStatus.UNREADABLE
    files = FileTable(
        paths=StringTable.from_strings(paths),
        language_ids=np.array(
            [NO_LANGUAGE if s is FileStatus.UNKNOWN_LANGUAGE else language_id("python") for s in statuses], np.uint16
        ),
        sizes_bytes=np.full(len(paths), 100_000_000, np.int64),
        mtimes_ns=np.zeros(len(paths), np.int64),
        ctimes_ns=np.zeros(len(paths), np.int64),
        inodes=np.zeros(len(paths), np.uint64),
        statuses=np.array(statuses, np.uint8),
        errnos=np.where(unreadable, 13, 0).astype(np.int32),
        tag_offsets=np.array(offsets, np.uint64),
        definition_counts=np.array(
            [sum(role == ROLE_DEFINITION for _, role, *_ in tags_of_files.get(path, [])) for path in paths], np.uint32
        ),
    )
    tags = TagTable(
        name_ids=columns[0].astype(np.uint32),
        roles=columns[1].astype(np.uint8),
        kind_ids=columns[2].astype(np.uint8),
        rows=columns[3].astype(np.uint32),
        columns=columns[4].astype(np.uint32),
        end_rows=columns[5].astype(np.uint32),
        scope_tag_ids=columns[6].astype(np.int32),
        names=StringTable.from_strings(list(names)),
        kinds=("call", "class", "function"),
        name_slots=np.zeros(0, np.uint32),
        name_seed=0,
    )
    metrics = ScanMetrics(elapsed_s=2.0, stages_s={"tag": 1.5}, source_bytes=8_000_000, workers=2)
    return ScanResult(root, files, tags, notes=("A note.",), metrics=metrics)


@pytest.fixture
def made_result(tmp_path: Path) -> ScanResult:
    """Some ordinary tags, every odd name in every odd path, and a file of each way to be skipped."""
    ordinary = [
        (b"Shape", DEFINITION, CLASS, 0, 9, NO_SCOPE),
        (b"area", DEFINITION, FUNCTION, 1, 3, 0),
        (b"inner", DEFINITION, FUNCTION, 2, 3, 1),
        (b"area", REFERENCE, CALL, 2, 2, 2),
        (b"area", REFERENCE, CALL, 10, 10, NO_SCOPE),
    ]
    odd = [(name, i % 2, FUNCTION, i, i, NO_SCOPE) for i, name in enumerate(ODD_NAMES * 2)]
    odd += [(name, DEFINITION, FUNCTION, 90 + i, 90 + i, i * 2) for i, name in enumerate(ODD_NAMES)]
    skipped = {
        b"skipped/%d" % status: status for status in FileStatus if status not in (FileStatus.TAGGED, FileStatus.NO_TAGS)
    }
    return make_result(tmp_path, {b"shape.py": ordinary, b"empty.py": [], **dict.fromkeys(ODD_PATHS, odd)}, skipped)


def written(result: ScanResult, format: Format, folder: Path | None = None) -> bytes:
    out = io.BytesIO()
    formats.write_tags(result, format, out, folder=folder or result.root)
    return out.getvalue()


def as_tag(entry: dict[str, object]) -> Tag:
    if "path_bytes" in entry:
        entry = {**entry, "path": os.fsdecode(b64decode(str(entry["path_bytes"])))}
        del entry["path_bytes"]
    return Tag(**{"end_line": None, "scope": None, **entry})  # type: ignore[arg-type]


def expected_tags(result: ScanResult) -> list[Tag]:
    return [tag if tag.role == "definition" else replace(tag, scope=None) for tag in result.tags]


def test_jsonl_says_what_the_tags_say(made_result: ScanResult) -> None:
    lines = written(made_result, Format.JSONL).decode().split("\n")
    assert lines.pop() == ""
    entries = [json.loads(line) for line in lines]
    assert [as_tag(entry) for entry in entries] == expected_tags(made_result)
    for entry in entries:
        assert ("end_line" in entry) == ("scope" in entry) == (entry["role"] == "definition")


def test_jsonl_keeps_the_bytes_of_paths(made_result: ScanResult) -> None:
    lines = written(made_result, Format.JSONL).decode().splitlines()
    paths = {os.fsencode(as_tag(json.loads(line)).path) for line in lines}
    assert paths == {b"shape.py", *ODD_PATHS}
    with_bytes = {json.loads(line)["path"] for line in lines if "path_bytes" in json.loads(line)}
    assert with_bytes == {"dir/\N{REPLACEMENT CHARACTER}x.py"}


def refuse_surrogates(document: object) -> None:
    """Fail as a strict reader of JSON does on a text that is no Unicode."""
    json.dumps(document, ensure_ascii=False).encode("utf-8", "strict")


@pytest.mark.parametrize("format", [Format.JSON, Format.JSONL, Format.CSV, Format.CTAGS])
def test_every_text_is_utf_8(format: Format, made_result: ScanResult) -> None:
    made_result.notes = ("A note on \udcff.",)
    text = written(made_result, format).decode("utf-8", "strict")
    match format:
        case Format.JSON:
            document = json.loads(text)
            refuse_surrogates(document)
            assert document["notes"] == ["A note on \N{REPLACEMENT CHARACTER}."]
        case Format.JSONL:
            for line in text.splitlines():
                refuse_surrogates(json.loads(line))
        case Format.CSV:
            rows = list(csv.DictReader(io.StringIO(text, newline=""), strict=True))
            assert "dir/\N{REPLACEMENT CHARACTER}x.py" in {row["path"] for row in rows}
        case Format.CTAGS:
            assert "\t" + r"dir/\xffx.py" + "\t" in text
            assert "!_TAG_FILE_ENCODING\tutf-8\t" in text


def test_jsonl_does_not_escape_what_is_utf_8(made_result: ScanResult) -> None:
    assert '"name":"é😀"'.encode() in written(made_result, Format.JSONL)


def test_jsonl_of_nothing_is_nothing(tmp_path: Path) -> None:
    assert written(make_result(tmp_path, {}), Format.JSONL) == b""


def test_long_files_are_cut_into_runs(made_result: ScanResult, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = {format: written(made_result, format) for format in (Format.JSONL, Format.CSV, Format.CTAGS)}
    for module in ("runs", "ctags"):
        monkeypatch.setattr(f"repomap_fast.cli.formats.{module}.MAX_RUN_TAGS", 3)
    monkeypatch.setattr(runs, "MAX_KEPT_TEXTS", 2)
    for format, text in whole.items():
        assert written(made_result, format) == text


def test_scopes_deeper_than_any_program_are_cut(tmp_path: Path) -> None:
    depth = 5000
    tags = [(b"f%d" % i, DEFINITION, FUNCTION, i, i, i - 1 if i else NO_SCOPE) for i in range(depth)]
    text = written(make_result(tmp_path, {b"deep.js": tags}), Format.JSONL)
    assert len(text) < depth * 1000
    scope = json.loads(text.splitlines()[-1])["scope"].split(".")
    assert scope == [f"f{i}" for i in range(depth - 1 - MAX_SCOPE_NAMES, depth - 1)]


def test_csv_is_read_back_by_the_csv_module(made_result: ScanResult) -> None:
    text = written(made_result, Format.CSV).decode()
    rows = list(csv.DictReader(io.StringIO(text, newline=""), strict=True))
    tags = expected_tags(made_result)
    assert len(rows) == len(tags)
    for row, tag in zip(rows, tags, strict=True):
        assert row["path"] == os.fsencode(tag.path).decode("utf-8", "replace")
        assert (row["name"], row["role"], row["kind"], row["language"]) == (tag.name, tag.role, tag.kind, tag.language)
        assert (int(row["line"]), int(row["column"])) == (tag.line, tag.column)
        assert row["end_line"] == ("" if tag.end_line is None else str(tag.end_line))
        assert row["scope"] == (tag.scope or "")


def test_csv_lines_end_as_the_rfc_says(made_result: ScanResult) -> None:
    text = written(made_result, Format.CSV)
    assert text.startswith(b"path,language,name,role,kind,line,column,end_line,scope\r\n")
    assert text.endswith(b"\r\n")


def test_json_is_one_object(made_result: ScanResult) -> None:
    document = json.loads(written(made_result, Format.JSON))
    assert document["root"] == str(made_result.root)
    assert [as_tag(entry) for entry in document["tags"]] == expected_tags(made_result)
    assert document["files"]["total"] == len(made_result.file_table)
    assert document["files"]["tagged"] == 2 + len(ODD_PATHS)
    (python,) = document["languages"]
    assert python["name"] == "python"
    assert python["files"] == 2 + len(ODD_PATHS)
    roles = [tag.role for tag in made_result.tags]
    assert python["definitions"] == roles.count("definition")
    assert python["references"] == roles.count("reference")
    assert document["metrics"]["mb_per_s"] == pytest.approx(4.0)
    assert document["notes"] == ["A note."]
    assert document["budgets"] == {
        "max_file_bytes": 64 * 2**20,
        "file_timeout_s": 20.0,
        "max_file_memory_bytes": 2 * 2**30,
    }
    assert sum(document["identifier_classes"].values()) == len(made_result.tag_table.names)


def test_json_names_every_skipped_file(made_result: ScanResult) -> None:
    skipped = {entry["status"]: entry for entry in json.loads(written(made_result, Format.JSON))["skipped"]}
    assert skipped["too_large"]["reason"] == "too large: 95.4 MiB, limit 64 MiB"
    assert skipped["out_of_time"]["reason"] == "out of time: 20 s"
    assert skipped["out_of_memory"]["reason"] == "out of memory: 2 GiB"
    assert skipped["too_deep"]["reason"] == "nested too deeply"
    assert skipped["unreadable"] == {
        "path": f"skipped/{FileStatus.UNREADABLE:d}",
        "status": "unreadable",
        "reason": f"unreadable: {os.strerror(13)}",
    }
    assert "no_tags" not in skipped
    assert len(skipped) == len(FileStatus) - 2


def test_json_of_nothing_is_an_object(tmp_path: Path) -> None:
    document = json.loads(written(make_result(tmp_path, {}), Format.JSON))
    assert document["tags"] == document["skipped"] == document["languages"] == []


def test_npz_holds_every_column(made_result: ScanResult) -> None:
    with np.load(io.BytesIO(written(made_result, Format.NPZ)), allow_pickle=False) as columns:
        tags, files = made_result.tag_table, made_result.file_table
        for name in ("name_ids", "roles", "kind_ids", "rows", "columns", "end_rows", "scope_tag_ids"):
            np.testing.assert_array_equal(columns[f"tag_{name}"], getattr(tags, name))
        for name in ("language_ids", "sizes_bytes", "mtimes_ns", "ctimes_ns", "inodes", "statuses", "errnos"):
            np.testing.assert_array_equal(columns[f"file_{name}"], getattr(files, name))
        np.testing.assert_array_equal(columns["file_tag_offsets"], files.tag_offsets)
        names = StringTable(columns["names_offsets"], columns["names_data"])
        paths = StringTable(columns["file_paths_offsets"], columns["file_paths_data"])
        assert list(names) == list(tags.names)
        assert list(paths) == list(files.paths)
        assert columns["kinds"].tolist() == ["call", "class", "function"]
        assert columns["roles"].tolist() == ["definition", "reference"]
        assert columns["languages"][files.language_ids[0]] == "python"
        assert columns["statuses"][FileStatus.OUT_OF_TIME] == "out_of_time"


def test_npz_of_nothing_can_be_loaded(tmp_path: Path) -> None:
    with np.load(io.BytesIO(written(make_result(tmp_path, {}), Format.NPZ)), allow_pickle=False) as columns:
        assert len(columns["tag_rows"]) == 0


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
    ("name", "format"),
    [
        ("a.json", Format.JSON),
        ("a.JSONL", Format.JSONL),
        ("a.csv", Format.CSV),
        ("a.npz", Format.NPZ),
        ("tags", Format.CTAGS),
        (".tags", Format.CTAGS),
        ("a.txt", Format.TABLE),
    ],
)
def test_the_name_of_the_file_says_the_format(name: str, format: Format) -> None:
    assert guess_format(Path("some.dir", name)) is format


def test_a_name_that_says_no_format_is_an_error() -> None:
    with pytest.raises(OptionError, match=r"'a\.xyz'.*--format"):
        guess_format(Path("a.xyz"))
