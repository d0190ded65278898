"""C, C++, Ruby, PHP: from the path of an included file to the file."""

from __future__ import annotations

from itertools import chain
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reference import includes as reference
from repomap_fast import scan
from repomap_fast.errors import IndexDamagedError
from repomap_fast.resolving import _included_files, included_files
from repomap_fast.resolving.file_sources import FileSources
from repomap_fast.resolving.included_files import IncludedFiles
from repomap_fast.resolving.resolve import written_at
from repomap_fast.resolving.source_tree import SourceTree
from repomap_fast.tables import StringTable
from support.import_trees import resolved, write_files

C_FILES = {
    "src/net/tcp.h": "",
    "src/util.h": "",
    "include/shop/util.h": "",
    "include/shop.h": "",
    "test/compat/string.h": "",
    "arch/arm/include/asm/io.h": "",
    "arch/x86/include/asm/io.h": "",
    "arch/arm/boot.c": "#include <asm/io.h>\n",
}


def test_c_looks_beside_the_file_and_then_at_the_end_of_all_paths(tmp_path: Path) -> None:
    source = (
        '#include "tcp.h"\n#include "util.h"\n#include "shop/util.h"\n#include <shop.h>\n#include "../util.h"\n'
        '#include <string.h>\n#include <vector>\n#include <zlib.h>\n#include "config.h"\n#include <asm/io.h>\n'
    )
    assert resolved(tmp_path, {**C_FILES, "src/net/tcp.c": source}, "src/net/tcp.c") == [
        ("tcp.h", "inside", ["src/net/tcp.h"]),
        ("util.h", "inside", ["src/util.h"]),
        ("shop/util.h", "inside", ["include/shop/util.h"]),
        ("shop.h", "inside", ["include/shop.h"]),
        ("../util.h", "inside", ["src/util.h"]),
        ("string.h", "outside", []),
        ("vector", "outside", []),
        ("zlib.h", "outside", []),
        ("config.h", "unknown", []),
        # Which of them it is only the compiler knows.
        ("asm/io.h", "inside", ["arch/arm/include/asm/io.h", "arch/x86/include/asm/io.h"]),
    ]
    assert resolved(tmp_path, {}, "arch/arm/boot.c")[0][2] == ["arch/arm/include/asm/io.h"]


def test_the_nearest_of_alike_files_is_meant_from_near_and_from_afar(tmp_path: Path) -> None:
    files = ["include/linux/io.h", "tools/include/linux/io.h", "tools/perf/linux/io.h", "io.h"]
    asking = ["drivers/a.c", "fs/b.c", "tools/include/c.c", "tools/perf/util/d.c", "tools/e.c", "f.c", "include/g.c"]
    text = '#include <linux/io.h>\n#include "linux/io.h"\n'
    resolved(tmp_path, dict.fromkeys(files, "") | dict.fromkeys(asking, text), asking[0])
    found = {path: [one[2] for one in resolved(tmp_path, {}, path)] for path in asking}
    tools = ["tools/include/linux/io.h", "tools/perf/linux/io.h"]
    assert found == {
        **dict.fromkeys(("drivers/a.c", "fs/b.c", "f.c", "include/g.c"), [["include/linux/io.h"]] * 2),
        "tools/include/c.c": [tools[:1]] * 2,
        "tools/perf/util/d.c": [tools[1:]] * 2,
        "tools/e.c": [tools] * 2,
    }


@pytest.mark.parametrize("most_known", [1, 3, 100_000])
def test_what_is_remembered_of_a_folder_is_what_each_of_its_files_includes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, most_known: int
) -> None:
    monkeypatch.setattr(included_files, "_MOST_KNOWN", most_known)
    headers = ["include/linux/io.h", "tools/include/linux/io.h", "tools/perf/linux/io.h", "io.h", "include/one.h"]
    folders = ["drivers", "drivers/net", "tools", "tools/include", "tools/perf/util", "include", "include/linux", "."]
    text = '#include <linux/io.h>\n#include "linux/io.h"\n#include "io.h"\n#include <one.h>\n#include <none.h>\n'
    asking = [f"{folder}/{name}.c" for name in "ab" for folder in folders]
    sources = FileSources(scan(write_files(tmp_path, {**dict.fromkeys(headers, ""), **dict.fromkeys(asking, text)})))
    tree = sources.tree
    for path in asking:
        file = tree.row_of[path.removeprefix("./")]
        imports = sources.imports(file)
        expected = [
            (int(imports.rows[i]), other)
            for i in range(len(imports))
            for other in sources.find(file, written_at(imports, i)).files
        ]
        assert sources.included_at(file) == expected
        assert set(sources.included(file)) == {other for _, other in expected}


def test_a_folder_with_twice_the_files_takes_no_further_search_for_what_they_include(tmp_path: Path) -> None:
    source = '#include "util.h"\n#include "gone.h"\n#include <shop.h>\n#include <asm/io.h>\n#include <none.h>\n'
    n_searched = []
    for n in (4, 8):
        root = tmp_path / str(n)
        for path, text in {**C_FILES, **{f"src/{i}.c": source for i in range(n)}}.items():
            (root / path).parent.mkdir(parents=True, exist_ok=True)
            (root / path).write_text(text)
        result = scan(root, cache=False)
        finder, tree = IncludedFiles(result.file_table.paths), SourceTree.of(result)
        both = ("arch/arm/include/asm/io.h", "arch/x86/include/asm/io.h")
        for i in range(n):
            row = tree.row_of[f"src/{i}.c"]
            found = finder.included_at(row, result.imports.records_of(row))
            expected = [(0, ("src/util.h",)), (1, ()), (2, ("include/shop.h",)), (3, both), (4, ())]
            assert [(line, tuple(tree.paths[one] for one in files)) for line, files in found] == expected
        n_searched.append(finder.n_searched)
    assert n_searched[0] == n_searched[1] > 0


def records_of(includes: list[tuple[bytes, bool]]) -> bytes:
    """Return the records of a file that includes paths, one on each row, each of them local or not."""
    texts = (
        b"".join((bytes((4 + is_local, number > 0, len(path))), path, b"\0\0"))
        for number, (path, is_local) in enumerate(includes)
    )
    return b"".join(texts)


@given(
    st.sets(st.lists(st.sampled_from(["a", "b", "src", "include"]), max_size=4).map("/".join), min_size=1, max_size=6),
    st.lists(
        st.tuples(
            st.lists(st.sampled_from(["..", ".", "", "a", "b", "src", "x.h", "y", "string.h"]), min_size=1, max_size=4),
            st.booleans(),
        ),
        max_size=8,
    ),
    st.integers(1, 12),
)
def test_includes_mean_what_the_reference_says(
    folders: set[str], includes: list[tuple[list[str], bool]], most_known: int
) -> None:
    names = ("x.h", "y", "string.h", "c.c")
    paths = sorted(f"{folder}/{name}".lstrip("/").encode() for folder in folders for name in names)
    written = [("/".join(parts).encode(), is_local) for parts, is_local in includes]
    table = StringTable.from_strings(paths)
    finder = _included_files.IncludeFinder(
        table.offsets,
        table.data,
        outside=reference.OUTSIDE,
        folders_of_headers=reference.FOLDERS_OF_HEADERS,
        most_known=most_known,
    )
    for row, path in [*enumerate(paths)] * 2:
        expected = [reference.included(paths, path, one, is_local=is_local) for one, is_local in written]
        assert [files for _, files in finder.included_at(row, records_of(written))] == expected
        assert [finder.find(row, one, is_local) for one, is_local in written] == expected
        assert finder.included(row, records_of(written)) == tuple(dict.fromkeys(chain.from_iterable(expected)))


def test_of_very_many_files_that_are_as_near_the_first_are_meant() -> None:
    headers = [b"a/%03d/x.h" % i for i in range(150)]
    paths = sorted([*headers, b"a/one.c", b"b/two.c", b"a/149/three.c"])
    finder = IncludedFiles(StringTable.from_strings(paths))
    records = records_of([(b"x.h", False)])
    first = tuple(paths.index(one) for one in headers[:100])
    assert finder.included(paths.index(b"a/one.c"), records) == first
    assert finder.included(paths.index(b"b/two.c"), records) == first
    assert finder.included(paths.index(b"a/149/three.c"), records) == (paths.index(headers[149]),)


def test_damaged_records_and_files_that_are_not_there_are_refused() -> None:
    finder = IncludedFiles(StringTable.from_strings([b"a.c", b"a.h"]))
    sound = records_of([(b"a.h", True)])
    assert finder.included(0, sound) == (1,)
    assert finder.included(0, b"") == ()
    for damaged in (sound[:-1], b"\xff" + sound, sound + b"\4"):
        with pytest.raises(IndexDamagedError):
            finder.included(0, damaged)
        with pytest.raises(IndexDamagedError):
            finder.included_at(0, damaged)
    with pytest.raises(IndexError):
        finder.included(2, sound)
    nothing = IncludedFiles(StringTable.from_strings([]))
    with pytest.raises(IndexError):
        nothing.included(0, sound)


@pytest.mark.parametrize("offsets", [[], [0, 3, 2], [0, 9]])
def test_paths_that_do_not_fit_their_offsets_are_refused(offsets: list[int]) -> None:
    data = np.frombuffer(b"a.c", np.uint8)
    with pytest.raises(ValueError, match="do not fit"):
        IncludedFiles(StringTable(np.array(offsets, np.uint64), data))


def test_ruby_finds_what_is_below_lib_and_beside_the_file(tmp_path: Path) -> None:
    files = {
        "lib/shop/till.rb": "",
        "lib/shop/util.rb": "",
        "test/helper.rb": "",
        "lib/shop.rb": "require 'shop/till'\nrequire_relative 'shop/util.rb'\nrequire 'json'\n"
        "require_relative 'gone'\n",
        "test/test_till.rb": "require 'helper'\n",
    }
    assert [found[1:] for found in resolved(tmp_path, files, "lib/shop.rb")] == [
        ("inside", ["lib/shop/till.rb"]),
        ("inside", ["lib/shop/util.rb"]),
        ("outside", []),
        ("unknown", []),
    ]
    assert resolved(tmp_path, {}, "test/test_till.rb")[0][2] == ["test/helper.rb"]


def test_php_finds_paths_beside_the_file(tmp_path: Path) -> None:
    files = {
        "inc/db.php": "<?php\n",
        "index.php": "<?php\nrequire 'inc/db.php';\nrequire __DIR__ . '/inc/db.php';\ninclude 'gone.php';\n",
    }
    assert [found[1:] for found in resolved(tmp_path, files, "index.php")] == [
        ("inside", ["inc/db.php"]),
        ("inside", ["inc/db.php"]),
        ("outside", []),
    ]
