"""What users see of imports."""

from __future__ import annotations

from pathlib import Path

import pytest

import repomap_fast
from repomap_fast import OptionError, SymbolError
from support.import_trees import write_files


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return write_files(
        tmp_path,
        {
            "shop/__init__.py": "",
            "shop/till.py": "import os\nfrom shop.db import connect as open_db\n",
            "shop/db.py": "from . import pool\nimport shop.gone\n",
            "shop/pool.py": "from shop.till import *\nfrom shop import db\n",
            "main.py": "from shop import till\n",
        },
    )


def test_a_file_has_what_it_imports_and_what_imports_it(root: Path) -> None:
    found = repomap_fast.imports(root, "shop/till.py", cache=False)
    assert found.text == (
        "shop/till.py: 2 imports: 1 of files here, 1 from outside, 0 not found\n"
        "1: os (outside)\n"
        "2: shop.db connect as open_db → shop/db.py\n"
        "\n"
        "shop/till.py is imported 2 times\n"
        "main.py:1: shop till\n"
        "shop/pool.py:1: shop.till *\n"
        "\n"
        "1 cycle of imports\n"
        "\n"
        "3 files; a shortest way around:\n"
        "shop/till.py:2: shop.db connect as open_db → shop/db.py\n"
        "shop/db.py:1: . pool → shop/pool.py\n"
        "shop/pool.py:1: shop.till * → shop/till.py\n"
    )
    assert (found.n_inside, found.n_outside, found.n_unknown, found.n_importers) == (1, 1, 0, 2)


def test_all_files_have_counts_and_cycles(root: Path) -> None:
    found = repomap_fast.imports(root, cache=False)
    assert found.text == (
        "7 imports in 4 files: 5 of files here, 1 from outside, 1 not found\n"
        "\n"
        "imported by most files:\n"
        "2  shop/db.py\n"
        "2  shop/till.py\n"
        "1  shop/pool.py\n"
        "\n"
        "3 files are in 1 cycle of imports\n"
    )
    (cycle,) = found.cycles
    assert cycle.paths == ("shop/db.py", "shop/pool.py", "shop/till.py")
    assert [step.path for step in cycle.shortest] == ["shop/db.py", "shop/pool.py"]


def test_the_limit_holds(root: Path) -> None:
    found = repomap_fast.imports(root, "shop/till.py", limit=1, cache=False)
    assert (len(found.imports), len(found.importers)) == (1, 1)
    assert found.text.count("… and 1 more\n") == 2
    with pytest.raises(OptionError, match="limit is -1"):
        repomap_fast.imports(root, limit=-1, cache=False)


def test_a_file_is_named_by_any_path_that_means_it(root: Path) -> None:
    for path in ("shop/db.py", "./shop/db.py", "db.py", str(root / "shop" / "db.py")):
        assert repomap_fast.imports(root, path, cache=False).path == "shop/db.py"
    with pytest.raises(SymbolError, match=r"no file 'shop/bd.py' is below .*did you mean 'shop/db.py'"):
        repomap_fast.imports(root, "shop/bd.py", cache=False)


def test_a_file_without_imports(root: Path) -> None:
    found = repomap_fast.imports(root, "shop/__init__.py", cache=False)
    assert found.text == "shop/__init__.py: no imports\n\nshop/__init__.py is imported nowhere\n"


def test_packages_of_go_are_in_cycles_as_folders(tmp_path: Path) -> None:
    write_files(
        tmp_path,
        {
            "go.mod": "module m\n",
            "a/a.go": 'package a\nimport "m/b"\n',
            "b/b.go": "package b\n",
            "b/c.go": 'package b\nimport "m/a"\n',
        },
    )
    (cycle,) = repomap_fast.imports(tmp_path, cache=False).cycles
    assert cycle.paths == ("a", "b")


def test_an_open_repository_answers_as_of_now(root: Path) -> None:
    with repomap_fast.open(root, cache=False) as repository:
        assert repository.imports("main.py").imports[0].targets == ("shop/till.py",)
        (root / "main.py").write_text("from shop import db\n")
        assert repository.imports("main.py").imports[0].targets == ("shop/db.py",)
