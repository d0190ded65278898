"""Python: from a module's name to its file."""

from __future__ import annotations

from pathlib import Path

from support.import_trees import resolved

FILES = {
    "src/shop/__init__.py": "",
    "src/shop/till.py": "",
    "src/shop/db/__init__.py": "def connect(): pass\n",
    "src/shop/db/pool.py": "",
    "src/shop/typing.py": "",
    "tests/helpers.py": "",
    "stubs/till.pyi": "",
    "pyproject.toml": "",
}


def check(tmp_path: Path, path: str, lines: dict[str, tuple[str, list[str]]], **more: str) -> None:
    found = resolved(tmp_path, {**FILES, **more, path: "".join(f"{line}\n" for line in lines)}, path)
    assert [(leads, targets) for _, leads, targets in found] == list(lines.values())


def test_absolute_names_begin_in_the_folder_that_holds_the_package(tmp_path: Path) -> None:
    check(
        tmp_path,
        "src/shop/db/query.py",
        {
            "import shop.till": ("inside", ["src/shop/till.py"]),
            "from shop.db import pool": ("inside", ["src/shop/db/pool.py"]),
            "from shop.db import connect": ("inside", ["src/shop/db/__init__.py"]),
            "from shop.db.pool import *": ("inside", ["src/shop/db/pool.py"]),
            "import shop.gone": ("unknown", []),
            "import requests": ("outside", []),
        },
    )


def test_relative_names_begin_in_the_folder_of_the_file(tmp_path: Path) -> None:
    check(
        tmp_path,
        "src/shop/db/query.py",
        {
            "from . import pool": ("inside", ["src/shop/db/pool.py"]),
            "from . import connect": ("inside", ["src/shop/db/__init__.py"]),
            "from ..till import Till": ("inside", ["src/shop/till.py"]),
            "from .. import db": ("inside", ["src/shop/db/__init__.py"]),
            "from .gone import x": ("unknown", []),
            "from ........ import x": ("unknown", []),
        },
    )


def test_a_module_of_a_package_does_not_hide_the_standard_library(tmp_path: Path) -> None:
    check(
        tmp_path,
        "src/shop/other.py",
        {"import typing": ("outside", []), "from .typing import x": ("inside", ["src/shop/typing.py"])},
    )


def test_tests_find_the_package_and_their_own_modules(tmp_path: Path) -> None:
    check(
        tmp_path,
        "tests/test_till.py",
        {
            "from shop import till": ("inside", ["src/shop/till.py"]),
            "import helpers": ("inside", ["tests/helpers.py"]),
        },
    )


def test_a_folder_that_has_the_name_of_a_library_is_no_package_for_others(tmp_path: Path) -> None:
    check(
        tmp_path,
        "tests/test_till.py",
        {"import pydantic": ("outside", [])},
        **{"examples/pydantic/__init__.py": "", "examples/celery/app.py": ""},
    )


def test_a_folder_without_an_init_file_holds_modules(tmp_path: Path) -> None:
    check(
        tmp_path,
        "run.py",
        {"from plugins import csv_reader": ("inside", ["plugins/csv_reader.py"])},
        **{"plugins/csv_reader.py": ""},
    )


def test_the_root_may_be_a_package_itself(tmp_path: Path) -> None:
    (tmp_path / "shop").mkdir()
    files = {
        "__init__.py": "",
        "till.py": "from shop.db import pool\nimport shop\nimport db\nimport shop.gone\n",
        "db/__init__.py": "",
        "db/pool.py": "",
    }
    assert [found[1:] for found in resolved(tmp_path / "shop", files, "till.py")] == [
        ("inside", ["db/pool.py"]),
        ("inside", ["__init__.py"]),
        ("outside", []),
        ("unknown", []),
    ]
