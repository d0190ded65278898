"""named: the files and definitions that a text and mentions name."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from unittest.mock import patch

import numpy as np
import pytest

import repomap_fast
from repomap_fast.joining.result import ScanResult
from repomap_fast.ranking.members import ScopedTags
from repomap_fast.ranking.named import FILE_ALONE, Named, Values, find_named
from repomap_fast.ranking.query_text import read_text
from support.repositories import copy_cases

_FILES = {
    "app/task.py": (
        "class Task:\n    def retry(self):\n        return self.apply_async()\n\n"
        "    def apply_async(self):\n        return 1\n"
    ),
    "app/group.py": "class Group:\n    def apply_async(self):\n        pass\n\n\ndef helper():\n    return 2\n",
    "app/__init__.py": "LIMIT = 3\n",
    "tests/test_task.py": "def apply_async():\n    a = 1\n    b = 2\n    c = 3\n    return a + b + c\n",
    "web/src/save.ts": "export function saveAll(x: number) {\n  return x;\n}\n",
    "lib/org/Store.java": "package org;\nclass Store {\n  int load(int key) {\n    return key;\n  }\n}\n",
}


@pytest.fixture(scope="module")
def result(tmp_path_factory: pytest.TempPathFactory) -> ScanResult:
    root = tmp_path_factory.mktemp("named")
    for name, text in _FILES.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)
    return repomap_fast.scan(root, cache=False)


def _find(result: ScanResult, query: str = "", mention: Sequence[str] = ()) -> Named:
    return find_named(read_text(query, mention), mention, result)


def _path(result: ScanResult, file_id: int) -> str:
    return os.fsdecode(result.graph.paths[file_id])


def _by_place(result: ScanResult, values: Values) -> dict[tuple[str, int], float]:
    return {
        (_path(result, file_id), row): round(value, 3)
        for file_id, row, _, value in zip(*(column.tolist() for column in values), strict=True)
    }


def _promised(result: ScanResult, named: Named) -> list[tuple[str, int]]:
    return [(_path(result, file_id), row) for file_id, row in named.promised]


def _of_files(result: ScanResult, column: np.ndarray[tuple[int], np.dtype[np.float64]]) -> dict[str, float]:
    return {_path(result, file_id): round(float(column[file_id]), 3) for file_id in np.flatnonzero(column).tolist()}


def test_a_mentioned_name_is_promised_where_it_is_defined_tests_last(result: ScanResult) -> None:
    promised = _promised(result, _find(result, mention=["apply_async"]))
    assert promised == [("app/group.py", 1), ("app/task.py", 4), ("tests/test_task.py", 0)]


@pytest.mark.parametrize(
    ("mention", "expected"),
    [
        ("Task.apply_async", ("app/task.py", 4)),
        ("app.task.Task.retry", ("app/task.py", 1)),
        ("app/task.py:3", ("app/task.py", 1)),
        ("task.py:3", ("app/task.py", 1)),
        ("web/src/save.ts(2,3)", ("web/src/save.ts", 0)),
        ("app/task.py#L3-L4", ("app/task.py", 1)),
        ("app/group.py", ("app/group.py", FILE_ALONE)),
        ("saveAll", ("web/src/save.ts", 0)),
        ("Store.load", ("lib/org/Store.java", 2)),
        ("LIMIT", ("app/__init__.py", 0)),
    ],
)
def test_mentions_in_all_their_forms(result: ScanResult, mention: str, expected: tuple[str, int]) -> None:
    found = _find(result, mention=[mention])
    assert _promised(result, found)[0] == expected
    assert not found.missing


def test_the_parts_of_a_path_and_of_a_module_are_no_names_that_were_mentioned(tmp_path: Path) -> None:
    (tmp_path / "web" / "db").mkdir(parents=True)
    (tmp_path / "web" / "db" / "query.py").write_text("class Query:\n    def run(self):\n        return 1\n")
    (tmp_path / "other.py").write_text("def web(): ...\ndef db(): ...\ndef query(): ...\n")
    result = repomap_fast.scan(tmp_path, cache=False)
    for text in ("web/db/query.py:2", "web.db.query.Query.run"):
        assert _promised(result, _find(result, mention=[text]))[0] == ("web/db/query.py", 1)
        for found in (_find(result, mention=[text]), _find(result, query=f"T\n\nIn `{text}`.")):
            assert {path for path, _ in _promised(result, found)} == {"web/db/query.py"}
    both = _find(result, query="T\n\nIn `web/db/query.py`, `web` is wrong.")
    assert ("other.py", 0) in _promised(result, both)


def test_methods_beside_their_type_are_its_members(tmp_path: Path) -> None:
    files = {
        "http/server.go": "package http\n\ntype Server struct{}\n",
        "http/run.go": "package http\n\nfunc (s *Server) Run() int {\n\treturn 1\n}\n",
        "other/run.go": "package other\n\nfunc (s *Other) Run() int {\n\treturn 1\n}\n",
        "core/a.cc": "class A {\n  int f();\n};\n\nint A::g() {\n  return 1;\n}\n",
        "crates/my-app/src/work.rs": "struct Job { a: u8 }\n\nimpl Job {\n    fn start(&self) {\n    }\n}\n",
        "lib/tools.lua": "local M = {}\n\nfunction M.open()\nend\n\nreturn M\n",
        "bin/go.sh": "my-task() {\n  :\n}\n",
    }
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    result = repomap_fast.scan(tmp_path, cache=False)
    for mention, expected in {
        "Server.Run": ("http/run.go", 2),
        "http.Server": ("http/server.go", 2),
        "A::g": ("core/a.cc", 4),
        "my_app::work::Job": ("crates/my-app/src/work.rs", 0),
        "crate::work::Job::start": ("crates/my-app/src/work.rs", 3),
        "M.open": ("lib/tools.lua", 2),
        "my-task": ("bin/go.sh", 0),
        "work.rs:4": ("crates/my-app/src/work.rs", 3),
    }.items():
        found = _find(result, mention=[mention])
        assert _promised(result, found)[:1] == [expected], mention
        assert not found.missing


def test_a_function_of_a_namespace_is_no_method_that_stands_in_it(tmp_path: Path) -> None:
    (tmp_path / "a.cpp").write_text("namespace ui {\n\nvoid Button::draw() {\n  paint();\n  flush();\n}\n}\n")
    (tmp_path / "b.cpp").write_text("namespace ui {\n\n\nvoid draw() {}\n}\n")
    result = repomap_fast.scan(tmp_path, cache=False)
    assert _promised(result, _find(result, mention=["ui::draw"]))[0] == ("b.cpp", 3)
    assert _promised(result, _find(result, mention=["Button::draw"]))[0] == ("a.cpp", 2)


@pytest.mark.parametrize(
    ("mention", "expected"),
    [
        ("State.Closed", ("a.ts", 0)),
        ("Colour.RED", ("b.kt", 0)),
        ("point_t.x", ("c.h", 1)),
        ("Cart.total", ("d.py", 1)),
    ],
)
def test_members_are_found_by_what_they_stand_in(tmp_path: Path, mention: str, expected: tuple[str, int]) -> None:
    """In the row of their type, before its name, or with the name of a function elsewhere."""
    (tmp_path / "a.ts").write_text("enum State { Open, Closed }\n")
    (tmp_path / "b.kt").write_text("enum class Colour { RED, GREEN }\n")
    (tmp_path / "c.h").write_text("typedef struct {\n  int x;\n} point_t;\n")
    (tmp_path / "d.py").write_text("class Cart:\n    total = 0\n")
    (tmp_path / "e.py").write_text("def x(): pass\ndef total(): pass\n")
    result = repomap_fast.scan(tmp_path, cache=False)
    named = _find(result, mention=[mention])
    assert (_promised(result, named)[0], named.missing) == (expected, ())


_ODD_NAMES = {
    "retry.rb": "class Retry\n  def last?\n  end\n\n  def last\n  end\n\n  def <<(job)\n  end\nend\n",
    "pool.ts": "class Pool {\n  #size = 0;\n  size() {\n    return this.#size;\n  }\n}\n",
    "less.cpp": "struct Less {\n  bool operator()(int a) {\n    return a;\n  }\n  ~Less() {\n  }\n};\n",
    "shop.ex": "defmodule Shop.Cart do\n  def add(a) do\n    a\n  end\nend\n",
    "cart.ex": "defmodule Cart do\n  def add(a) do\n    a\n  end\nend\n",
}


@pytest.mark.parametrize(
    ("mention", "expected"),
    [
        ("Retry.last?", ("retry.rb", 1)),
        ("Retry#last?", ("retry.rb", 1)),
        ("Retry.last", ("retry.rb", 4)),
        ("Retry#<<", ("retry.rb", 7)),
        ("last?", ("retry.rb", 1)),
        ("Pool.#size", ("pool.ts", 1)),
        ("Pool.size()", ("pool.ts", 2)),
        ("Less::operator()", ("less.cpp", 1)),
        ("Less::~Less", ("less.cpp", 4)),
        ("Shop.Cart.add", ("shop.ex", 1)),
        ("Shop.Cart", ("shop.ex", 0)),
        ("Cart.add", ("cart.ex", 1)),
    ],
)
def test_names_that_are_more_than_words_are_found(tmp_path: Path, mention: str, expected: tuple[str, int]) -> None:
    for name, text in _ODD_NAMES.items():
        (tmp_path / name).write_text(text)
    result = repomap_fast.scan(tmp_path, cache=False)
    named = _find(result, mention=[mention])
    assert (_promised(result, named)[0], named.missing) == (expected, ())
    in_query = _find(result, f"It fails\n\nsince `{mention}` was called\n")
    assert (_promised(result, in_query)[0], in_query.unknown) == (expected, ())


@pytest.mark.parametrize("mention", ["Props.theme", "Rat.String"])
def test_a_member_is_found_where_very_many_files_define_its_name_and_its_class(tmp_path: Path, mention: str) -> None:
    for number in range(120):
        folder = tmp_path / f"m{number:03}"
        folder.mkdir()
        (folder / "a.ts").write_text("type Props = { size: number };\nclass Skin {\n  theme() {}\n}\n")
        (folder / "a.go").write_text("package a\n\ntype Rat struct{}\n\nfunc (d *Day) String() {}\n")
    deep = tmp_path / "w" / "x" / "y"
    deep.mkdir(parents=True)
    (deep / "one.ts").write_text("type Props = {\n  theme: number;\n};\n")
    (deep / "rat.go").write_text("package y\n\ntype Rat struct{}\n")
    (deep / "conv.go").write_text("package y\n\nfunc (x *Rat) String() {}\n")
    result = repomap_fast.scan(tmp_path, cache=False)
    named = _find(result, mention=[mention])
    expected = {"Props.theme": ("w/x/y/one.ts", 1), "Rat.String": ("w/x/y/conv.go", 2)}[mention]
    assert (_promised(result, named)[0], named.missing) == (expected, ())


def test_a_member_is_found_where_more_files_define_its_name_and_its_class_than_are_looked_at_for_a_text(
    tmp_path: Path,
) -> None:
    for number in range(600):
        (tmp_path / f"m{number:03}.ts").write_text("type Props = { size: number };\nclass Skin {\n  theme() {}\n}\n")
    deep = tmp_path / "w" / "x"
    deep.mkdir(parents=True)
    (deep / "one.ts").write_text("type Props = {\n  theme: number;\n};\n")
    result = repomap_fast.scan(tmp_path, cache=False)
    named = _find(result, mention=["Props.theme"])
    assert (_promised(result, named)[0], named.missing) == (("w/x/one.ts", 1), ())


def test_all_of_very_many_mentions_are_promised_the_best_of_each_first(tmp_path: Path) -> None:
    """Of 300 mentions in files of their own, 42 were said to be nothing here; of 1,000 all."""
    n = 700
    for number in range(n):
        text = f"class Shop{number}:\n    def sell(self): pass\n    def price_{number}(self): pass\n"
        (tmp_path / f"m{number:03}.py").write_text(text)
    result = repomap_fast.scan(tmp_path, cache=False)
    for mention in ("Shop{}.sell", "price_{}", "Shop{}.price_{}", "m{:03}.py:2"):
        named = _find(result, mention=[mention.format(number, number) for number in range(n)])
        row = 2 if "price" in mention else 1
        assert (_promised(result, named)[:n], named.missing) == ([(f"m{i:03}.py", row) for i in range(n)], ())


def test_files_looked_at_for_mentions_grow_with_their_number(tmp_path: Path) -> None:
    for number in range(200):
        (tmp_path / f"m{number:03}.py").write_text(f"class Shop{number}:\n    def sell(self): pass\n")
    result = repomap_fast.scan(tmp_path, cache=False)
    counts = []
    for n in (50, 100):
        with patch.object(ScopedTags, "has_member", autospec=True, side_effect=ScopedTags.has_member) as asked:
            _find(result, mention=[f"Shop{number}.sell" for number in range(n)])
        counts.append(asked.call_count)
    assert counts == [50, 100]


def test_every_member_of_the_cases_of_all_languages_is_found_by_its_class(tmp_path: Path) -> None:
    copy_cases(tmp_path)
    result = repomap_fast.scan(tmp_path, cache=False)
    members = {
        f"{tag.scope.rpartition('.')[2] if owner is None else owner}.{tag.name}"
        for tag in result.tags
        if tag.role == "definition" and tag.scope
        for owner in (None, tag.scope)
    }
    assert len(members) > 500
    missing = [one for one in sorted(members) if _find(result, mention=[one]).missing]
    assert missing == []


def test_a_line_means_what_is_named_in_it_before_what_ends_in_it(tmp_path: Path) -> None:
    (tmp_path / "rules.mk").write_text("FLAGS = -g\nclean:\n\trm -f app\n")
    result = repomap_fast.scan(tmp_path, cache=False)
    assert _promised(result, _find(result, mention=["rules.mk:2"]))[0] == ("rules.mk", 1)


def test_a_name_of_very_many_files_is_promised_in_a_few_no_tests(tmp_path: Path) -> None:
    for number in range(120):
        folder = tmp_path / ("tests" if number < 60 else "app") / f"m{number:03}"
        folder.mkdir(parents=True)
        (folder / "views.py").write_text("def index():\n    return 1\n")
    result = repomap_fast.scan(tmp_path, cache=False)
    found = _find(result, mention=["index"])
    assert [path.partition("/")[0] for path, _ in _promised(result, found)] == ["app"] * 3
    assert not found.missing


def test_a_mentioned_folder_counts_for_its_files(result: ScanResult) -> None:
    for mention in ("app", "app/", "./app"):
        found = _find(result, mention=[mention])
        assert not found.missing
        assert set(_of_files(result, found.files)) == {"app/__init__.py", "app/group.py", "app/task.py"}


def test_frames_are_promised_the_innermost_first(result: ScanResult) -> None:
    frames = '  File "/x/app/task.py", line 3, in retry\n  File "/x/app/group.py", line 7, in helper\n'
    found = _find(result, f"Crash\n\nTraceback (most recent call last):\n{frames}ValueError: no\n")
    assert _promised(result, found)[:2] == [("app/group.py", 5), ("app/task.py", 1)]


@pytest.mark.parametrize("mention", ["lib/$Odd$ Name.java", "lib/$Odd$ Name.java:2", "$Odd$ Name.java:2"])
def test_a_path_of_odd_characters_is_found(tmp_path: Path, mention: str) -> None:
    (tmp_path / "lib").mkdir()
    (tmp_path / "lib/$Odd$ Name.java").write_text("class Odd {\n  int load() { return 1; }\n}\n")
    result = repomap_fast.scan(tmp_path, cache=False)
    found = _find(result, mention=[mention])
    assert not found.missing
    assert _promised(result, found)[0] == ("lib/$Odd$ Name.java", 1 if mention.endswith(":2") else FILE_ALONE)


def test_a_mention_of_nothing_is_missing(result: ScanResult) -> None:
    found = _find(result, mention=["apply_asink", "retry", "no/such/file.py", "Task.nothing"])
    assert found.missing == ("apply_asink", "no/such/file.py", "Task.nothing")


def test_inline_code_that_names_nothing_is_unknown(result: ScanResult) -> None:
    wrong = "`Task.retri`, `apply_asink()`, `app/tusk.py`"
    found = _find(result, f"T\n\n{wrong}, but `task.retry`, `helper()`, `x + 1`, `app/`")
    assert found.unknown == ("Task.retri", "apply_asink()", "app/tusk.py")


def test_code_within_a_query_is_promised(result: ScanResult) -> None:
    found = _find(result, "Lost tasks\n\n`Task.retry` loses it, and helper() too; the word retry alone does not.\n")
    assert _promised(result, found) == [("app/task.py", 1), ("app/task.py", 0), ("app/group.py", 5)]


def test_plain_words_are_not_promised(result: ScanResult) -> None:
    assert _promised(result, _find(result, "the helper could load or retry\n\nhelper and load")) == []


def test_a_path_names_the_file_that_has_most_of_its_parts(result: ScanResult) -> None:
    assert _of_files(result, _find(result, "T\n\nin /home/me/app/task.py").files) == {"app/task.py": 1.0}


def test_a_traceback_names_its_frames_the_innermost_most(result: ScanResult) -> None:
    query = (
        "Crash\n\nTraceback (most recent call last):\n"
        '  File "/x/app/task.py", line 3, in retry\n    return\n'
        '  File "/x/app/group.py", line 7, in helper\n    return\nValueError: no\n'
    )
    found = _find(result, query)
    assert _of_files(result, found.files) == {"app/task.py": 0.7, "app/group.py": 0.7}
    assert _of_files(result, found.last_frame) == {"app/group.py": 1.0}
    assert _by_place(result, found.places) == {("app/group.py", 5): 1.0, ("app/task.py", 1): 0.7}


def test_a_dotted_name_names_the_member_and_less_its_class(result: ScanResult) -> None:
    found = _find(result, "T\n\n`app.task.Task.retry`")
    assert _by_place(result, found.places) == {("app/task.py", 0): 0.7, ("app/task.py", 1): 1.0}
    assert _of_files(result, found.defined) == {"app/task.py": 1.0}


def test_names_count_by_their_zone_and_by_how_many_define_them(result: ScanResult) -> None:
    found = _by_place(result, _find(result, "apply_async fails\n\nhelper").mentioned)
    assert found[("app/task.py", 4)] == pytest.approx(1 / 3**0.5, abs=1e-3)
    assert found[("app/group.py", 5)] == pytest.approx(0.3 * 0.5)


def test_an_empty_repository_has_nothing(tmp_path: Path) -> None:
    named = _find(repomap_fast.scan(tmp_path, cache=False), "`a.b` in x.py:3", ["c"])
    assert not named.promised
    assert named.missing == ("c",)


_AT_ROOT = {
    "tx.go": "package bolt\n\nfunc (tx *Tx) Inspect() int {\n\treturn 1\n}\n",
    "server.js": "module.exports = function start() {\n  return 1;\n};\nfunction stop() {\n  return 2;\n}\n",
    "main.py": "def main():\n    return 1\n",
    "other/main.py": "def main():\n    return 2\n",
}
_FRAMES_AT_ROOT = [
    ("goroutine 1 [running]:\nexample.com/bolt.(*Tx).Inspect(0x1)\n\t/home/me/bolt/tx.go:4 +0x1f\n", ("tx.go", 2)),
    ("TypeError: no\n    at stop (/srv/app/server.js:5:3)\n", ("server.js", 3)),
    ('Traceback (most recent call last):\n  File "/srv/app/main.py", line 2, in main\n', ("main.py", 0)),
]


@pytest.mark.parametrize(("trace", "place"), _FRAMES_AT_ROOT)
def test_a_frame_in_a_file_at_the_root_is_known_by_its_function(
    tmp_path: Path, trace: str, place: tuple[str, int]
) -> None:
    for name, text in _AT_ROOT.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text)
    here = repomap_fast.scan(tmp_path, cache=False)
    assert _promised(here, _find(here, f"Crash\n\n{trace}"))[:1] == [place]
    elsewhere = trace.replace("Inspect", "Look").replace("stop", "halt").replace("in main", "in walk")
    found = _find(here, f"Crash\n\n{elsewhere}")
    assert (_promised(here, found), _by_place(here, found.places), found.files.any()) == ([], {}, False)


def test_of_definitions_of_one_name_that_around_the_line_of_a_frame_is_first(tmp_path: Path) -> None:
    classes = [f"class C{i}:\n    def run(self):\n        return {i}\n" for i in range(9)]
    (tmp_path / "app").mkdir()
    (tmp_path / "app" / "a.py").write_text("".join(classes))
    here = repomap_fast.scan(tmp_path, cache=False)
    for i in range(9):
        frame = f'  File "/x/app/a.py", line {3 * i + 3}, in run\n'
        found = _find(here, f"Crash\n\nTraceback (most recent call last):\n{frame}ValueError: no\n")
        assert _promised(here, found)[0] == ("app/a.py", 3 * i + 1)
