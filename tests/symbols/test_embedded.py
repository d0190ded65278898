"""Symbols in files with parts in another language: components of Vue, cells of notebooks."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import repomap_fast
from support.repositories import write_files

VUE = """<template>
  <div><my-card :open="a > b" /><SideBar /></div>
</template>

<script setup lang="ts">
import MyCard from './cards/MyCard.vue'
import { total } from '@/total'

// How much there is.
function sum(): number { return total(1) }
</script>
"""
NOTEBOOK = {
    "cells": [
        {"cell_type": "markdown", "source": ["# Totals"]},
        {
            "cell_type": "code",
            "outputs": [{"text": ["total of all\n"]}],
            "source": [
                "%time\n",
                "from lib import total\n",
                "# Of a row.\n",
                "def of_row(é):\n",
                '    return total("a")',
            ],
        },
    ],
    "metadata": {"kernelspec": {"language": "python"}},
}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    files = {
        "src/App.vue": VUE,
        "src/cards/MyCard.vue": "<script>\nexport default { name: 'TheCard' }\n</script>\n",
        "src/SideBar.svelte": "<p/>\n",
        "src/total.ts": "export function total(a: number) { return a }\n",
        "src/start.ts": "import App from './App.vue'\nmount(App)\n",
        "a.ipynb": json.dumps(NOTEBOOK, indent=1),
        "lib.py": "def total(a):\n    return a\n",
        "README.md": "# total\n",
    }
    return write_files(tmp_path, files)


def lines_of(root: Path, symbol: str) -> list[tuple[str, int]]:
    with repomap_fast.open(root, cache=False) as repository:
        return sorted((one.path, one.line) for one in repository.refs(symbol).references)


def test_a_component_is_referred_to_by_its_elements_and_imports(root: Path) -> None:
    assert lines_of(root, "MyCard") == [("src/App.vue", 2), ("src/App.vue", 6)]
    assert lines_of(root, "SideBar") == [("src/App.vue", 2)]
    assert lines_of(root, "App") == [("src/start.ts", 1), ("src/start.ts", 2)]


def test_a_script_in_markup_refers_to_what_a_script_of_its_own_does(root: Path) -> None:
    assert ("src/App.vue", 10) in lines_of(root, "src/total.ts::total")


def test_the_name_that_a_component_gives_itself_is_a_definition(root: Path) -> None:
    with repomap_fast.open(root, cache=False) as repository:
        (found,) = repository.show("TheCard").definitions
        assert (found.path, found.line) == ("src/cards/MyCard.vue", 2)


def test_a_component_is_outlined_as_the_file_that_it_is(root: Path) -> None:
    assert repomap_fast.outline(root / "src" / "App.vue").text.splitlines()[1:] == [
        "1-11 component App",
        "9-10 function sum(): number",
    ]


def test_a_notebook_is_shown_as_the_lines_of_its_cells(root: Path) -> None:
    text = (root / "a.ipynb").read_text().split("\n")
    line = 1 + text.index(next(row for row in text if "def of_row" in row))
    with repomap_fast.open(root, cache=False) as repository:
        assert '# Of a row.\ndef of_row(é):\n    return total("a")' in repository.show("of_row").text
        assert f"{line - 1}-{line + 1} def of_row(é)" in repository.outline("a.ipynb").text
        (call,) = [one for one in repository.refs("lib.py::total").references if one.line == line + 1]
        assert call.source == 'return total("a")'
        assert repository.imports("a.ipynb").imports[0].targets == ("lib.py",)


def test_languages_of_files_choose_them(root: Path) -> None:
    assert {file.path for file in repomap_fast.scan(root, languages=["vue", "jupyter"], cache=False).files} == {
        *("src/App.vue", "src/cards/MyCard.vue", "a.ipynb"),
    }
