"""Rust: from a path of ``use`` or ``mod`` to the file of the module that it leads into."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from support.import_trees import resolved

FILES = {
    "Cargo.toml": '[package]\nname = "my-shop"\n\n[dependencies]\nserde = "1"\n[[test]]\nname = "all"\n'
    'path = "tests/all.rs"\n',
    "src/lib.rs": "pub mod till;\npub mod db;\nmod gone;\n",
    "src/till.rs": "mod drawer;\n",
    "src/till/drawer.rs": "",
    "src/db/mod.rs": "mod pool;\n",
    "src/db/pool.rs": "",
    "src/odd.rs": "",
    "crates/util/Cargo.toml": '[package]\nname = "util"\n[lib]\npath = "lib.rs"\n',
    "crates/util/lib.rs": "pub mod text;\n",
    "crates/util/text.rs": "",
    "tests/all.rs": "mod helpers;\nmod cases;\n",
    "tests/helpers.rs": "",
    "tests/cases.rs": "",
}


def leads_of(tmp_path: Path, path: str, source: str | None = None) -> list[tuple[str, list[str]]]:
    files = FILES if source is None else {**FILES, path: source}
    return [found[1:] for found in resolved(tmp_path, files, path)]


def test_mod_declares_files(tmp_path: Path) -> None:
    assert leads_of(tmp_path, "src/lib.rs") == [
        ("inside", ["src/till.rs"]),
        ("inside", ["src/db/mod.rs"]),
        ("unknown", []),
    ]
    assert leads_of(tmp_path, "src/till.rs") == [("inside", ["src/till/drawer.rs"])]
    assert leads_of(tmp_path, "src/db/mod.rs") == [("inside", ["src/db/pool.rs"])]
    assert leads_of(tmp_path, "src/odd.rs", '#[path = "till/drawer.rs"]\nmod other;\n') == [
        ("inside", ["src/till/drawer.rs"])
    ]


def test_paths_lead_into_the_innermost_module(tmp_path: Path) -> None:
    source = (
        "use crate::till::drawer::open;\nuse crate::Item;\nuse super::Thing;\nuse super::pool::Pool;\nuse self::X;\n"
        "use my_shop::db;\nuse util::text::trim;\nuse std::io;\nuse serde::de;\nuse Kind::*;\n"
        "use super::super::till::Till;\n"
    )
    assert leads_of(tmp_path, "src/db/pool.rs", source) == [
        ("inside", ["src/till/drawer.rs"]),
        ("inside", ["src/lib.rs"]),
        ("inside", ["src/db/mod.rs"]),
        ("inside", ["src/db/pool.rs"]),
        ("inside", ["src/db/pool.rs"]),
        ("inside", ["src/db/mod.rs"]),
        ("inside", ["crates/util/text.rs"]),
        ("outside", []),
        ("outside", []),
        # An enum of the file itself.
        ("inside", ["src/db/pool.rs"]),
        ("inside", ["src/till.rs"]),
    ]


def test_the_modules_of_a_test_are_a_crate_of_their_own(tmp_path: Path) -> None:
    assert leads_of(tmp_path, "tests/cases.rs", "use crate::helpers::run;\nuse my_shop::till;\n") == [
        ("inside", ["tests/helpers.rs"]),
        ("inside", ["src/till.rs"]),
    ]


@pytest.mark.parametrize("piece", ["[", "[a", " ", "\t[", "a.", "\n"])
def test_odd_settings_take_little_time(piece: str, tmp_path: Path) -> None:
    text = piece * (200_000 // len(piece)) + "\n" + FILES["Cargo.toml"]
    files = {**FILES, "Cargo.toml": text, "tests/all.rs": "use my_shop::till;\n"}
    start = time.process_time()
    assert [found[1:] for found in resolved(tmp_path, files, "tests/all.rs")] == [("inside", ["src/till.rs"])]
    assert time.process_time() - start < 2
