"""Symbols: what each way of writing one means, and what is said where it means nothing."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import repomap_fast
from repomap_fast import OptionError, ScanResult, SymbolError
from repomap_fast.joining.sparse_tags import number_of_name
from repomap_fast.symbols import names
from repomap_fast.symbols.names import MAX_CHARACTERS, find_symbol, qualified
from support.repositories import copy_cases

FILES = {
    "src/pool.py": (
        "import threading\n"
        "\n"
        "class Pool:\n"
        "    size = 1\n"
        "\n"
        "    @property\n"
        "    # How many are free.\n"
        "    def free(self):\n"
        "        return self.size\n"
        "\n"
        "    def close(self):\n"
        "        def close_one(one):\n"
        "            one.close()\n"
        "        list(map(close_one, self))\n"
    ),
    "src/file.py": "class File:\n    def close(self): pass\n\nclass Pool: pass\n",
    "tests/pool.py": "class Pool:\n    def close(self): pass\n",
    "net/pool.go": "package net\n\nfunc (p *Conn) Close() error {\n\treturn nil\n}\n\nfunc (b Box) Close() {}\n",
    "include/ring.cpp": "int Ring::take(int n) { return n; }\nint Other::take() { return 0; }\n",
    "odd name.py": "def only(): undefined_name()\n",
}


@pytest.fixture(scope="module")
def result(tmp_path_factory: pytest.TempPathFactory) -> ScanResult:
    root = tmp_path_factory.mktemp("names")
    for path, text in FILES.items():
        (root / path).parent.mkdir(exist_ok=True)
        (root / path).write_text(text)
    return repomap_fast.scan(root, cache=False)


def found(result: ScanResult, symbol: str) -> list[str]:
    tags = map(result.tag, find_symbol(result, symbol).rows.tolist())
    return [f"{tag.path}:{tag.line} {qualified(tag)}" for tag in tags]


@pytest.mark.parametrize(
    ("symbol", "expected"),
    [
        ("Pool", ["src/file.py:4 Pool", "src/pool.py:3 Pool", "tests/pool.py:1 Pool"]),
        ("  Pool ", ["src/file.py:4 Pool", "src/pool.py:3 Pool", "tests/pool.py:1 Pool"]),
        ("Pool.close", ["src/pool.py:11 Pool.close", "tests/pool.py:1 Pool.close"]),
        ("Pool::close", ["src/pool.py:11 Pool.close", "tests/pool.py:1 Pool.close"]),
        ("Pool#close", ["src/pool.py:11 Pool.close", "tests/pool.py:1 Pool.close"]),
        ("Pool.close.close_one", ["src/pool.py:12 Pool.close.close_one"]),
        ("close.close_one", ["src/pool.py:12 Pool.close.close_one"]),
        ("src/pool.py::Pool.close", ["src/pool.py:11 Pool.close"]),
        ("src/pool.py::close", ["src/pool.py:11 Pool.close"]),
        ("./src/pool.py::close", ["src/pool.py:11 Pool.close"]),
        ("src::Pool", ["src/file.py:4 Pool", "src/pool.py:3 Pool"]),
        ("pool.py::Pool", ["src/pool.py:3 Pool", "tests/pool.py:1 Pool"]),
        ("src.pool.Pool", ["src/pool.py:3 Pool"]),
        ("pool.Pool.close", ["src/pool.py:11 Pool.close", "tests/pool.py:1 Pool.close"]),
        ("Conn.Close", ["net/pool.go:3 Conn.Close"]),
        ("net.Box.Close", ["net/pool.go:7 Box.Close"]),
        ("Ring::take", ["include/ring.cpp:1 Ring.take"]),
        ("src/pool.py:3", ["src/pool.py:3 Pool"]),
        ("src/pool.py:4", ["src/pool.py:4 Pool.size"]),
        ("src/pool.py:5", ["src/pool.py:3 Pool"]),
        ("src/pool.py:9", ["src/pool.py:8 Pool.free"]),
        ("src/pool.py:13", ["src/pool.py:12 Pool.close.close_one"]),
        ("src/pool.py:13:12", ["src/pool.py:12 Pool.close.close_one"]),
        ("src/pool.py:11-14", ["src/pool.py:11 Pool.close"]),
        ("src/pool.py:12-13", ["src/pool.py:12 Pool.close.close_one"]),
        ("src/pool.py:3-14", ["src/pool.py:3 Pool"]),
        ("odd name.py:1", ["odd name.py:1 only"]),
    ],
)
def test_each_way_to_write_a_symbol(result: ScanResult, symbol: str, expected: list[str]) -> None:
    assert [one.replace("tests/pool.py:2", "tests/pool.py:1") for one in found(result, symbol)] == expected


def test_a_line_of_a_decorator_means_the_definition_below(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text("import x\n\n@x.y(\n    1,\n)\n# why\ndef f():\n    pass\n")
    scanned = repomap_fast.scan(tmp_path, cache=False)
    assert [found(scanned, f"a.py:{line}") for line in (3, 4, 6, 7)] == [["a.py:7 f"]] * 4
    with pytest.raises(SymbolError, match=r"no definition is at a\.py:1; the nearest is f at a\.py:7-8"):
        find_symbol(scanned, "a.py:1")


def test_absolute_paths_are_understood(result: ScanResult) -> None:
    assert found(result, f"{result.root}/src/pool.py:4") == ["src/pool.py:4 Pool.size"]
    assert found(result, f"{result.root}/src/pool.py::free") == ["src/pool.py:8 Pool.free"]


@pytest.mark.parametrize(
    ("symbol", "message"),
    [
        ("Pol", "nothing here is called 'Pol'"),
        (
            "src/file.py",
            "nothing here is called 'src/file.py'; a file is: write 'src/file.py::NAME' or 'src/file.py:LINE'",
        ),
        ("close_", "nothing here is called 'close_'; did you mean 'close' or 'Close' or 'close_one'?"),
        ("clos", "nothing here is called 'clos'; did you mean 'close' or 'Close' or 'close_one'?"),
        ("Pool.clos", "nothing here is called 'Pool.clos'; did you mean 'close' or 'Close' or 'close_one'?"),
        ("Ring.close", "nothing here is called 'Ring.close'; did you mean 'File.close' or 'Pool.close'?"),
        ("src/pol.py:3", "no file 'src/pol.py' is below {root}; did you mean 'src/pool.py'"),
        ("src/pol.py::Pool", "no file 'src/pol.py' is below {root}; did you mean 'src/pool.py'"),
        ("../etc/passwd:1", "no file '../etc/passwd' is below {root}"),
        ("/etc/passwd:1", "no file '/etc/passwd' is below {root}"),
        ("src/pool.py:999", "no definition is at src/pool.py:999; the nearest is Pool.close.close_one at"),
        ("undefined_name", "'undefined_name' is referred to once here, and defined nowhere"),
        ("\0\x1b[2J", "nothing here is called '\\x00\\x1b[2J'"),
        ("\ud800", "nothing here is called '\\ud800'"),
    ],
)
def test_what_is_not_there_is_answered_with_what_is_near(result: ScanResult, symbol: str, message: str) -> None:
    with pytest.raises(SymbolError) as caught:
        find_symbol(result, symbol)
    assert str(caught.value).startswith(message.replace("{root}", repr(str(result.root))))


@pytest.mark.parametrize("symbol", ["", "  ", "\n", "x" * (MAX_CHARACTERS + 1)])
def test_a_symbol_has_a_length(result: ScanResult, symbol: str) -> None:
    with pytest.raises(OptionError, match="symbol"):
        find_symbol(result, symbol)


def test_the_cost_of_a_symbol_is_linear_in_its_parts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a.js").write_text("function f(){" * 250 + "}" * 250)
    scanned = repomap_fast.scan(tmp_path, cache=False)
    n_looked_up = 0

    def counted(*arguments: Any) -> Any:
        nonlocal n_looked_up
        n_looked_up += 1
        return number_of_name(*arguments)

    monkeypatch.setattr(names, "number_of_name", counted)
    counts = []
    for n in (100, 200):
        n_looked_up = 0
        assert len(find_symbol(scanned, ".".join("f" * n)).rows) == 251 - n
        counts.append(n_looked_up)
    assert counts[1] <= 2.2 * counts[0]


def test_a_name_that_is_only_referred_to_has_references(result: ScanResult) -> None:
    named = find_symbol(result, "undefined_name", or_references=True)
    assert (named.name, len(named.rows)) == ("undefined_name", 0)


@settings(max_examples=150, deadline=None)
@given(symbol=st.text(min_size=1, max_size=40) | st.from_regex(r"[a-zP./:#0-9-]{1,20}", fullmatch=True))
def test_any_text_names_something_or_nothing(result: ScanResult, symbol: str) -> None:
    try:
        named = find_symbol(result, symbol)
    except (SymbolError, OptionError):
        return
    assert len(named.rows)


def test_every_definition_of_the_cases_of_all_languages_is_found_by_its_qualified_name(tmp_path: Path) -> None:
    """Names with dots, hashes and blanks in them, and scopes that have them, too."""
    copy_cases(tmp_path)
    result = repomap_fast.scan(tmp_path, cache=False)
    definitions = [tag for tag in result.tags if tag.role == "definition"]
    assert len(definitions) > 2_000
    for tag in definitions:
        places = {(one.path, one.line) for one in map(result.tag, find_symbol(result, qualified(tag)).rows.tolist())}
        assert (tag.path, tag.line) in places, qualified(tag)


_DOTTED_SCOPES = {
    "net.md": "# Net::Http\n\n## Use\n",
    "shop.ex": "defmodule Shop.Cart do\n  def add(a) do\n    a\n  end\nend\n",
    "store.ex": "defmodule Store.Cart do\n  def add(a) do\n    a\n  end\nend\n",
    "news.md": "# News\n\n## 3.2.5 {#version-3-2-5}\n\n### Fixes\n\n## 3.3\n\n### Fixes\n",
}


@pytest.mark.parametrize(
    ("symbol", "expected"),
    [
        ("Shop.Cart.add", ["shop.ex:2"]),
        ("Store.Cart.add", ["store.ex:2"]),
        ("Cart.add", ["shop.ex:2", "store.ex:2"]),
        ("News.3.2.5 {#version-3-2-5}.Fixes", ["news.md:5"]),
        ("3.3.Fixes", ["news.md:9"]),
        ("Net::Http.Use", ["net.md:3"]),
    ],
)
def test_a_scope_may_have_separators_in_its_own_name(tmp_path: Path, symbol: str, expected: list[str]) -> None:
    for name, text in _DOTTED_SCOPES.items():
        (tmp_path / name).write_text(text)
    result = repomap_fast.scan(tmp_path, cache=False)
    assert [place.partition(" ")[0] for place in found(result, symbol)] == expected


def test_a_private_member_of_javascript_is_not_the_public_one(tmp_path: Path) -> None:
    (tmp_path / "a.js").write_text("class Pool {\n  #size = 1;\n  size() {}\n}\n")
    result = repomap_fast.scan(tmp_path, cache=False)
    assert found(result, "Pool.#size") == ["a.js:2 Pool.#size"]
    assert found(result, "Pool#size") == ["a.js:3 Pool.size"]
