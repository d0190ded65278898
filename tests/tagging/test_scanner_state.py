"""External scanners that would disturb each other: no grammar of ours keeps state where two threads share it.

An external scanner is C of the grammar's own. One that remembers something in a static variable gives wrong tokens, or
worse, when two threads parse with it. Such a variable is an object in a writable section of the grammar's library.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from repomap_fast.languages.table import LANGUAGES, Language, find_language
from repomap_fast.tables import FileStatus
from support import hostile
from support.hostile_runs import run
from support.installed import INSTALLED_PARSED
from support.made_scans import scan_files
from support.own_calls import calls_in_circles
from support.scanner_states import ROOM_BYTES, SPARE_BYTES, MeasuredScanner
from support.writable_data import WritableObject, library_of, load_address, writable_objects

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="read from ELF files and /proc")

BINDING = {"completed.0", "__dso_handle", "module", "methods", "slots"}
"""Of the compiler, and of the Python module around the grammar."""
TABLE = re.compile(r".*_character_set_\d+")
"""What the generator of parsers writes for ranges of characters; it leaves the ``const`` out."""
NAME_TABLES = {
    "swift": {"DIRECTIVES", "RESERVED_OPS", "OPERATORS"},
    "scala": {"token_name"},
    "vim": {"keywords"},
    "haskell": {"cpp_tokens_other", "cpp_tokens_else", "cpp_tokens_start"},
    "graphql": {
        *("ts_symbol_map", "ts_parse_actions", "ts_small_parse_table_map", "ts_small_parse_table", "ts_parse_table"),
        *("ts_lex_modes", "ts_symbol_names", "language.0", "ts_alias_sequences", "ts_non_terminal_alias_map"),
    },
}
"""Arrays of texts in scanners, and tables of an old generator of parsers, not ``const`` either, and never written."""
CHECKED_LOOKUPS: frozenset[str] = frozenset()
"""Languages whose scanners look up only characters that they have compared with 255 before."""
NEVER_DEEP = {"markdown": {"scan"}}
"""Functions that call themselves just once: Markdown's looks at a next line as if it were one, and not behind it."""
STATES = ("indents", "openers", "dollars and braces", "hashes and braces", "open braces", "quotes")
"""Hostile sources that fill the states of most scanners."""
CASES = Path(__file__).parents[1] / "tags"


def own_objects(library: Path) -> list[WritableObject]:
    objects = writable_objects(library)
    if objects is None:
        pytest.skip(f"{library.name} does not name its data")
    return [found for found in objects if found.name not in BINDING]


@pytest.mark.parametrize("language", INSTALLED_PARSED, ids=lambda row: row.name)
def test_no_grammar_of_ours_has_a_static_variable(language: Language) -> None:
    tables = NAME_TABLES.get(language.name, set())
    variables = [
        found
        for found in own_objects(library_of(language.grammar))
        if found.name not in tables and not TABLE.fullmatch(found.name)
    ]
    assert not variables, "run its files one at a time, or leave the grammar out"


@pytest.mark.parametrize(
    "language", sorted({path.parent.name for path in CASES.glob("*/*/")} & {row.name for row in INSTALLED_PARSED})
)
def test_parsing_writes_to_none_of_the_tables(language: str, tmp_path: Path) -> None:
    library = library_of(LANGUAGES[find_language(language)].grammar)
    objects = own_objects(library)
    base = load_address(library)
    before = [found.read(base) for found in objects]
    sources = {path.name.encode(): path.read_bytes() for path in (CASES / language).rglob("*") if path.is_file()}
    # Errors, and what only their recovery asks the scanner for.
    sources |= {name + b".broken": source[::-1] for name, source in sources.items()}
    scan_files(tmp_path, sources, language, workers=2)
    assert [found.read(base) for found in objects] == before


def asks_table_of_characters(library: Path) -> bool:
    """Whether a library looks characters up in the C library's table, which ends at 255: ``isdigit`` and its kin."""
    return b"__ctype_b_loc" in library.read_bytes()


@pytest.mark.parametrize("language", INSTALLED_PARSED, ids=lambda row: row.name)
def test_a_scanner_that_looks_characters_up_sees_none_that_has_no_place_in_the_table(language: Language) -> None:
    if asks_table_of_characters(library_of(language.grammar)):
        assert language.bmp_only or language.name in CHECKED_LOOKUPS


def test_a_look_up_of_characters_is_seen() -> None:
    assert asks_table_of_characters(library_of("odin"))
    assert not asks_table_of_characters(library_of("go"))


def test_a_static_variable_is_seen() -> None:
    assert {"level_count", "inside_node", "ending_char"} <= {found.name for found in own_objects(library_of("jsonnet"))}


@pytest.mark.skipif(shutil.which("objdump") is None, reason="calls are read by objdump")
@pytest.mark.parametrize("language", INSTALLED_PARSED, ids=lambda row: row.name)
def test_a_scanner_that_calls_itself_is_stopped_before_the_stack_ends(language: Language, tmp_path: Path) -> None:
    if calls_in_circles(library_of(language.grammar)) <= NEVER_DEEP.get(language.name, set()):
        return
    path = tmp_path / "source"
    statuses = set()
    for name, source in hostile.sources(language.name):
        if name not in hostile.ANY:
            path.write_bytes(source())
            statuses.add(run(path, name, language.name, timeout_s=5, memory_bytes=2**30).status)
    assert FileStatus.TOO_DEEP in statuses


@pytest.mark.skipif(shutil.which("objdump") is None, reason="calls are read by objdump")
def test_a_function_that_calls_itself_is_seen() -> None:
    assert calls_in_circles(library_of("fortran")) == {"scan_int"}
    assert not calls_in_circles(library_of("python"))


@pytest.mark.slow
@pytest.mark.parametrize("language", INSTALLED_PARSED, ids=lambda row: row.name)
def test_no_scanner_writes_more_state_in_a_step_than_there_is_room(language: Language, tmp_path: Path) -> None:
    scanner = MeasuredScanner(language.name)
    if not scanner.has_scanner:
        return
    path = tmp_path / "source"
    for name, source in hostile.sources(language.name):
        if name in STATES or name not in hostile.ANY:
            path.write_bytes(source())
            run(path, name, language.name, timeout_s=0.2, memory_bytes=2**28, queries=scanner.queries)
    # A scanner whose state fills its room is not called again, so what is behind it was written in one step.
    assert scanner.most_bytes <= ROOM_BYTES + SPARE_BYTES // 2


def test_state_behind_the_room_of_a_scanner_is_seen(tmp_path: Path) -> None:
    scanner = MeasuredScanner("yaml")
    name = "keys of YAML"
    path = tmp_path / "source"
    path.write_bytes(dict(hostile.sources("yaml"))[name]())
    done = run(path, name, "yaml", timeout_s=5, memory_bytes=2**28, queries=scanner.queries)
    assert done.status == FileStatus.TOO_DEEP
    assert ROOM_BYTES < scanner.most_bytes < ROOM_BYTES + SPARE_BYTES


DIRTY_MEMORY = """
#include <stdlib.h>
#include <string.h>
extern void *__libc_calloc(size_t n, size_t size);
/* As C libraries other than GNU's may: no byte is cleared that was not asked for. */
void *calloc(size_t n, size_t size) {
  if (n && size) return __libc_calloc(n, size);
  void *block = malloc(16);
  return block ? memset(block, 0x55, 16) : NULL;
}
"""
PRINT_TAGS = """
import sys
from pathlib import Path
from support.made_scans import columns, scan_files

for folder in map(Path, sys.argv[2:]):
    sources = {path.name.encode(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    sources |= {name + b".reversed": source[::-1] for name, source in sources.items()}
    print(folder.name, columns(scan_files(Path(sys.argv[1]), sources, folder.name)))
"""


@pytest.mark.skipif(shutil.which("cc") is None, reason="there is no C compiler")
@pytest.mark.skipif("asan" in os.environ.get("LD_PRELOAD", ""), reason="the sanitizer has an allocator of its own")
def test_no_tag_hangs_on_memory_that_nobody_wrote(tmp_path: Path) -> None:
    raw = tmp_path / "raw" / "swift" / "raw.swift"
    raw.parent.mkdir(parents=True)
    raw.write_text('let a = #"x"#\nfunc f() { g() }\nlet b = #"y"#\nclass C { func m() {} }\n')
    library, source = tmp_path / "dirty.so", tmp_path / "dirty.c"
    source.write_text(DIRTY_MEMORY)
    subprocess.run(["cc", "-shared", "-fPIC", "-fno-builtin", "-o", library, source], check=True)
    folders = [raw.parent, *sorted(CASES.iterdir())]
    command = [sys.executable, "-c", PRINT_TAGS, str(tmp_path), *map(str, folders)]

    def tags(**variables: str) -> list[str]:
        environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[1]), **variables}
        done = subprocess.run(command, capture_output=True, text=True, env=environment, check=True)
        return done.stdout.splitlines()

    clean = tags()
    assert len(clean) == len(folders)
    assert tags(LD_PRELOAD=str(library), MALLOC_PERTURB_="170") == clean
