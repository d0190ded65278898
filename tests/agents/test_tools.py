"""The tools of the server, without a protocol: arguments, budgets, errors that say what to try."""

from __future__ import annotations

import os
import threading
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from repomap_fast import ScanCancelled, ScanOptions
from repomap_fast.agents import tools
from repomap_fast.agents.roots import AnswerError, Root
from repomap_fast.drawing.tokens import estimate_tokens

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "shop"
    (folder / "src").mkdir(parents=True)
    (folder / "src" / "pool.py").write_text("class Pool:\n    def close(self):\n        return 1\n")
    (folder / "main.py").write_text("from src.pool import Pool\n\ndef main():\n    Pool().close()\n")
    return folder


@pytest.fixture
def root(folder: Path, tmp_path: Path) -> Root:
    return Root(folder, ScanOptions(), tmp_path / "cache")


def call(tool: str, /, *roots: Root, **arguments: Any) -> str:
    return tools.call(tool, arguments, roots, progress=None, cancel=threading.Event())


def refusal(tool: str, /, *roots: Root, **arguments: Any) -> str:
    with pytest.raises(AnswerError) as caught:
        call(tool, *roots, **arguments)
    return str(caught.value)


def text_of(tool: str, /, *roots: Root, **arguments: Any) -> str:
    """Return what the model gets: the answer or the error."""
    try:
        return call(tool, *roots, **arguments)
    except AnswerError as error:
        return str(error)


def test_a_map_does_not_begin_with_an_empty_line(root: Root) -> None:
    assert call("repo_map", root, query="close the pool").startswith("main.py:\n")


def test_each_tool_answers_in_plain_text(root: Root) -> None:
    assert "1-3 class Pool\n 2-3 close()\n" in call("repo_map", root, query="close the pool")
    assert call("search_symbols", root, name="close").startswith(
        "src/pool.py:2-3 function Pool.close, 1 reference\n[",
    )
    assert call("read_symbol", root, symbol="Pool.close").startswith(
        "src/pool.py:2-3 function Pool.close\n    def close(self):\n        return 1\n["
    )
    assert "main.py:4 in main: Pool().close()\n" in call("find_references", root, symbol="Pool.close")


def test_an_answer_states_its_budget_and_keeps_it(root: Root, folder: Path) -> None:
    (folder / "many.py").write_text("".join(f"def close_{i}(): close()\n" for i in range(2_000)))
    body = "        work()\n" * 3_000
    (folder / "large.py").write_text(f"class Large:\n    def large(self):\n{body}")
    for name, arguments, budget in (
        ("repo_map", {"tokens": 100}, 100),
        ("repo_map", {"tokens": 1_000, "query": "close"}, 1_000),
        ("search_symbols", {"name": "close", "limit": 200}, 4_000),
        ("read_symbol", {"symbol": "Large.large"}, 8_000),
        ("find_references", {"symbol": "close", "limit": 500}, 4_000),
    ):
        text = call(name, root, **arguments)
        assert estimate_tokens(text) <= budget
        assert text.endswith(f"of at most {budget:,} tokens]\n")


def test_every_answer_is_as_new_as_the_files(root: Root, folder: Path) -> None:
    assert "nothing here has a name like 'reopen'" in call("search_symbols", root, name="reopen")
    (folder / "src" / "pool.py").write_text("class Pool:\n    def reopen(self):\n        return 2\n")
    assert "return 2" in call("read_symbol", root, symbol="Pool.reopen")
    assert "'close' is referred to once here, and defined nowhere" in refusal("read_symbol", root, symbol="Pool.close")


@pytest.mark.skipif(os.geteuid() == 0, reason="root reads every file")
def test_a_file_that_cannot_be_read_is_named_by_permission(root: Root, folder: Path) -> None:
    (folder / "secret.py").write_text("x = 1\n")
    (folder / "secret.py").chmod(0)
    assert "note: 1 file was not read whole: secret.py (unreadable" in call("repo_map", root)


QUESTIONS = [
    ("repo_map", {"query": "close the pool"}),
    ("search_symbols", {"name": "Pool"}),
    ("read_symbol", {"symbol": "Pool.close"}),
    ("find_references", {"symbol": "Pool.close"}),
]
"""One for each tool."""


@pytest.mark.parametrize(("name", "arguments"), QUESTIONS)
def test_each_answer_names_files_that_were_not_read_whole(
    folder: Path, tmp_path: Path, name: str, arguments: dict[str, Any]
) -> None:
    (folder / "broken.py").write_text("def open():\n    return 1\n\ndef (:\n")
    for i in range(7):
        (folder / f"large{i}.py").write_text("x = 1\n" * 1_000)
    text = call(name, Root(folder, ScanOptions(max_file_size=1_000), tmp_path / "cache"), **arguments)
    assert "\nnote: 8 files were not read whole: broken.py (line 4), large0.py (too large: 5.9 KiB, limit 1000" in text
    assert text.count("not read whole") == 1
    assert " and 3 more\n" in text


@pytest.mark.parametrize(("name", "arguments"), QUESTIONS)
def test_an_answer_with_files_that_were_not_read_whole_is_within_its_budget(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, arguments: dict[str, Any]
) -> None:
    for i in range(7):
        (folder / f"{i}{'x' * 200}.py").write_text("def (:\n")
    tool = tools.TOOLS[name]
    monkeypatch.setitem(tools.TOOLS, name, replace(tool, tokens=150))
    given = arguments | ({"tokens": 150} if "tokens" in tool.properties else {})
    text = call(name, Root(folder, ScanOptions(), tmp_path / "cache"), **given)
    assert estimate_tokens(text) <= 150
    assert text.endswith(" of at most 150 tokens]\n")
    assert "Pool" in text


def test_several_roots_are_asked_alike(root: Root, folder: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    (other / "b.py").write_text("def only_here(): pass\n")
    roots = (root, Root(other, ScanOptions(), tmp_path / "cache"))
    text = call("repo_map", *roots, tokens=500)
    assert f"# {folder}\n" in text
    assert f"# {other}\n" in text
    assert estimate_tokens(text) <= 500
    assert call("read_symbol", *roots, symbol="only_here").startswith(f"# {other}\nb.py:1-1 function only_here\n")
    assert "nothing here is called 'nowhere'" in refusal("read_symbol", *roots, symbol="nowhere")


def test_an_error_says_what_to_try(root: Root) -> None:
    message = refusal("read_symbol", root, symbol="Pool.clsoe")
    assert message == (
        "nothing here is called 'Pool.clsoe'; did you mean 'close'?\nTry search_symbols with a part of the name."
    )
    assert "expected one such as class, " in refusal("search_symbols", root, name="Pool", kind="klass")
    assert refusal("read_symbol", root) == (
        "read_symbol needs symbol: name, Class.method, path:line or path::Class.method"
    )
    assert refusal("read_symbol", root, symbl="x") == ("read_symbol has no argument 'symbl'; expected symbol, context")
    assert refusal("nothing", root).startswith("there is no tool 'nothing'; expected repo_map, ")


@pytest.mark.parametrize(
    ("name", "arguments", "message"),
    [
        ("repo_map", {"tokens": -1}, "tokens is -1; expected 100 to 20,000"),
        ("repo_map", {"tokens": 10**40}, "tokens is out of range; expected 100 to 20,000"),
        ("repo_map", {"tokens": 1.5}, "tokens is 1.5; expected a whole number"),
        ("repo_map", {"tokens": True}, "tokens is True; expected a whole number"),
        ("repo_map", {"tokens": float("nan")}, "tokens is nan; expected a whole number"),
        ("repo_map", {"query": 3}, "query is 3; expected a string"),
        ("repo_map", {"query": "x" * 1_000_000}, "query has 1,000,000 characters; expected at most 100,000"),
        ("repo_map", {"focus": ["a"] * 101}, "focus has 101 items; expected at most 100"),
        ("repo_map", {"focus": {"a": 1}}, "focus is of type dict; expected a string"),
        ("repo_map", {"focus": ["x" * 2_000]}, "focus has 2,000 characters"),
        ("search_symbols", {"name": "x" * 1_000_000}, "name has 1,000,000 characters"),
        ("search_symbols", {"name": "a", "limit": 0}, "limit is 0; expected 1 to 200"),
        ("search_symbols", {"name": "  "}, "search_symbols needs name"),
        ("read_symbol", {"symbol": None}, "read_symbol needs symbol"),
        ("read_symbol", {"symbol": "Pool", "context": -5}, "context is -5; expected 0 to 200"),
        ("find_references", {"symbol": ["Pool"]}, "symbol is of type list; expected a string"),
    ],
)
def test_hostile_arguments_are_refused(root: Root, name: str, arguments: dict[str, Any], message: str) -> None:
    found = refusal(name, root, **arguments)
    assert found.startswith(message)
    assert len(found) < 300


OUTSIDE = ["/etc/passwd", "../secret.py", "src/../../secret.py", "link.py", "folder/secret.py", "~/.ssh/id_rsa"]


@pytest.mark.parametrize("path", OUTSIDE)
def test_nothing_outside_of_the_root_is_read(root: Root, folder: Path, path: str) -> None:
    (folder.parent / "elsewhere").mkdir()
    for secret in (folder.parent / "secret.py", folder.parent / "elsewhere" / "secret.py"):
        secret.write_text("def secret_function():\n    return 'hidden'\n")
    (folder / "link.py").symlink_to("../secret.py")
    (folder / "folder").symlink_to(folder.parent / "elsewhere")
    for symbol in (f"{path}:1", f"{path}::secret_function", "secret_function"):
        assert "hidden" not in refusal("read_symbol", root, symbol=symbol)
        assert "hidden" not in refusal("find_references", root, symbol=symbol)
    text = call("search_symbols", root, name="secret_function", path=path)
    assert "secret.py:" not in text
    for arguments in ({"focus": path}, {"query": path}, {"query": f"see {path}"}):
        assert "secret_function" not in text_of("repo_map", root, **arguments)


def test_a_missing_and_an_existing_path_outside_are_answered_alike(root: Root, folder: Path) -> None:
    (folder.parent / "there.py").write_text("x = 1\n")
    messages = [
        refusal("repo_map", root, focus=f"../{name}.py").replace(f"{name}.py", "NAME") for name in ("there", "missing")
    ]
    assert messages[0] == messages[1]


def test_numbers_may_come_as_texts_and_nulls_are_left_out(root: Root) -> None:
    assert call("search_symbols", root, name="close", limit="1", kind=None, path="") == call(
        "search_symbols", root, name="close", limit=1.0
    )
    assert "class Pool" in call("repo_map", root, focus="main.py", tokens="500", changed="false", query=None)


def test_control_characters_are_not_passed_on(root: Root, folder: Path) -> None:
    (folder / "steer.py").write_bytes(b"def steer():\n    return '\x1b[2J\xe2\x80\xae'\n")
    text = call("read_symbol", root, symbol="steer")
    assert "\x1b" not in text
    assert "\\x1b[2J\\u202e" in text
    for symbol in ("\0", "\x1b[2J", "a\nb", "\u202e"):
        assert "\x1b" not in refusal("read_symbol", root, symbol=symbol)


def test_a_name_of_megabytes_is_cut(root: Root, folder: Path) -> None:
    name = "n" * 200_000
    (folder / "long.py").write_text(f"def {name}(): pass\n{name}()\n")
    assert estimate_tokens(call("search_symbols", root, name="nnnn")) <= 4_000
    assert estimate_tokens(call("read_symbol", root, symbol="long.py:1")) <= 8_000


def test_a_call_that_is_cancelled_ends(root: Root) -> None:
    cancel = threading.Event()
    cancel.set()
    with pytest.raises(ScanCancelled):
        tools.call("repo_map", {}, [root], progress=None, cancel=cancel)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(name=st.sampled_from([*tools.TOOLS]), arguments=st.dictionaries(
    st.sampled_from(["query", "focus", "changed", "tokens", "name", "kind", "path", "limit", "symbol", "context", "x"]),
    JSON, max_size=4))  # fmt: skip
def test_any_arguments_are_answered_or_refused(root: Root, name: str, arguments: dict[str, Any]) -> None:
    text = text_of(name, root, **arguments)
    assert text
    assert estimate_tokens(text) <= tools.MAX_TOKENS
