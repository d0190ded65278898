"""packages: a first map says what the folders with code are for, within a share of its budget."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import repomap_fast
from repomap_fast import RepoMap
from repomap_fast.drawing.tokens import estimate_tokens


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("packages")
    files = {
        "README.md": "# Shop\n\nSells [things](x) to people. Fast.\n",
        "shop/__init__.py": '"""The *shop* itself."""\n',
        "shop/sale.py": "class Sale:\n    def pay(self):\n        return 1\n",
        "shop/names/__init__.py": '"""Names."""\n',
        "shop/names/all.py": "def name():\n    return 1\n",
        "shop/bare/one.py": "def one():\n    return 1\n",
        "net/conn.go": "package net\n\nfunc Dial() int {\n\treturn 1\n}\n",
        "net/other.go": "// Package net dials.\npackage net\n",
        "tests/__init__.py": '"""Checks it."""\n',
        "tests/test_sale.py": "def test_sale():\n    assert True\n",
    }
    for i in range(60):
        files[f"many/m{i:02}/__init__.py"] = f'"""Does what number {i} is for, and more of it than others do."""\n'
        files[f"many/m{i:02}/one.py"] = f"def one_{i}():\n    return {i}\n"
    for path, text in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text)
    return root


def first_map(root: Path, **options: object) -> RepoMap:
    return repomap_fast.map(root, tokens=8_000, cache=False, exclude=["many"], **options)  # type: ignore[arg-type]


def test_packages_that_say_what_they_are_for_come_first(root: Path) -> None:
    text = first_map(root).text
    assert text.startswith(
        "packages:\n./ Sells things to people.\nnet/ Package net dials.\nshop/ The shop itself.\n\nnet/conn.go:\n"
    )


@pytest.mark.parametrize("options", [{"query": "sale"}, {"mention": "Sale"}, {"focus": "net/conn.go"}])
def test_a_map_for_a_task_has_none(root: Path, options: dict[str, str]) -> None:
    assert "packages" not in first_map(root, **options).text


def test_every_format_but_excerpts_has_them(root: Path) -> None:
    assert json.loads(first_map(root, format="json").text)["packages"][1] == {
        "path": "net",
        "purpose": "Package net dials.",
    }
    assert '<package path="net" purpose="Package net dials."/>' in first_map(root, format="xml").text
    assert "\n## Packages\n\n- `./`: Sells things to people.\n" in first_map(root, format="markdown").text
    assert "dials" not in first_map(root, format="excerpts").text


@pytest.mark.parametrize("tokens", [40, 400, 1_000])
def test_they_take_a_tenth_of_the_budget_at_most(root: Path, tokens: int) -> None:
    made = repomap_fast.map(root, tokens=tokens, cache=False)
    assert made.tokens <= tokens
    assert made.definitions
    head = made.text.partition("\n\n")[0]
    assert ("packages:" in head) == (tokens > 40)
    assert tokens == 40 or estimate_tokens(head) <= tokens / 10


def test_what_is_cut_has_the_mark_of_the_map(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text("def f():\n    return 1\n")
    (tmp_path / "README.md").write_text(f"It is {'very ' * 40}long.\n")
    for is_ascii in (False, True):
        text = repomap_fast.map(tmp_path, cache=False, ascii=is_ascii).text
        assert text.splitlines()[1].endswith("..." if is_ascii else "…")
        assert text.isascii() == is_ascii


def test_a_package_may_say_it_beside_its_source_folder(tmp_path: Path) -> None:
    files = {
        "src/top.ts": "export function top() {}\n",
        "packages/core/package.json": '{"description": "The core of it."}',
        "packages/core/src/a.ts": "export function a() {}\n",
        "packages/core/src/deep/b.ts": "export function b() {}\n",
        "packages/own/README.md": "Not asked.\n",
        "packages/own/src/index.ts": "/** What is inside. */\nexport function c() {}\n",
        "tools/tables/README.rdoc": "= tables\n\nIt makes tables.\n",
        "tools/tables/one.ts": "export function d() {}\n",
        "tools/tables/lib/two.ts": "export function e() {}\n",
    }
    for path, text in files.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(text)
    shown = json.loads(repomap_fast.map(tmp_path, tokens=8_000, cache=False, format="json").text)["packages"]
    assert [(one["path"], one["purpose"]) for one in shown] == [
        ("packages/core", "The core of it."),
        ("packages/own/src", "What is inside."),
        ("tools/tables", "It makes tables."),
    ]


def test_each_package_has_its_own_folder_where_every_file_has_a_language(tmp_path: Path) -> None:
    for name, text in (
        ("a/README.md", "Not asked.\n"),
        ("b/index.ts", "/** What is inside. */\nexport const c = 1;\n"),
    ):
        (tmp_path / name).parent.mkdir()
        (tmp_path / name).write_text(text)
    shown = json.loads(repomap_fast.map(tmp_path, cache=False, format="json").text)["packages"]
    assert shown == [{"path": "b", "purpose": "What is inside."}]
