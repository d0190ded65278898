"""C, C++, Ruby, PHP: from the path of an included file to the file."""

from __future__ import annotations

from pathlib import Path

import pytest

from repomap_fast import scan
from repomap_fast.resolving import included_files
from repomap_fast.resolving.file_sources import FileSources
from repomap_fast.resolving.resolve import written_at
from repomap_fast.resolving.source_tree import SourceTree
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


def test_a_folder_with_twice_the_files_takes_no_further_search_for_what_they_include(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    searched: list[str] = []
    search = SourceTree.ending_in

    def counted(tree: SourceTree, tail: str) -> list[int]:
        searched.append(tail)
        return search(tree, tail)

    monkeypatch.setattr(SourceTree, "ending_in", counted)
    source = '#include "util.h"\n#include "gone.h"\n#include <shop.h>\n#include <asm/io.h>\n#include <none.h>\n'
    n_searched = []
    for n in (4, 8):
        root = tmp_path / str(n)
        for path, text in {**C_FILES, **{f"src/{i}.c": source for i in range(n)}}.items():
            (root / path).parent.mkdir(parents=True, exist_ok=True)
            (root / path).write_text(text)
        searched.clear()
        result = scan(root, cache=False)
        sources, tree = FileSources(result), SourceTree.of(result)
        both = ("arch/arm/include/asm/io.h", "arch/x86/include/asm/io.h")
        for i in range(n):
            found = sources.included_at(tree.row_of[f"src/{i}.c"])
            expected = (("src/util.h", 0), ("include/shop.h", 2), *((one, 3) for one in both))
            assert [(tree.paths[other], row) for row, other in found] == list(expected)
        n_searched.append(len(searched))
    assert n_searched[0] == n_searched[1] > 0


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
