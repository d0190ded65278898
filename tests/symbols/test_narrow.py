"""A narrowed scan gives the same answers as a whole one."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

import repomap_fast
from repomap_fast import Index
from repomap_fast.joining import lazy_tags, sparse_tags
from repomap_fast.joining.uses import FileUses
from repomap_fast.ranking import search
from repomap_fast.ranking.similar_names import Likeness
from repomap_fast.symbols import narrow, use_counts
from repomap_fast.symbols.filters import TagFilter


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Index]:
    root, chance = tmp_path_factory.mktemp("narrow"), random.Random(1)
    names = [f"name_{i}" for i in range(30)]
    for i in range(40):
        folder = root / ("tests" if i % 5 == 0 else f"part{i % 3}")
        folder.mkdir(exist_ok=True)
        methods = "".join(
            f"    def {chance.choice(names)}(self):\n        {chance.choice(names)}()\n"
            for _ in range(chance.randrange(6))
        )
        calls = "".join(f"{chance.choice(names)}()\n" for _ in range(chance.randrange(20)))
        (folder / f"file{i}.py").write_text(
            f"class Class{i % 7}:\n    x = 1\n{methods}\n{calls}Class{i % 9}()\n"
            f"def lonely_{i % 20}():\n    unknown_{i % 20}()\n"
        )
    with Index.open(root, cache_dir=tmp_path_factory.mktemp("cache")) as opened:
        opened.refresh()
        yield opened


SYMBOLS = [
    *(f"name_{i}" for i in range(30)),
    *(f"Class{i}" for i in range(7)),
    *("lonely_3", "lonely_4", "Class1.lonely_3", "file3.py::lonely_3", "unknown_3"),
    *(f"Class{i}.name_{j}" for i in range(7) for j in range(0, 30, 7)),
    *(f"part{i}::Class{j}" for i in range(3) for j in range(3)),
    "part1/file1.py:1",
    "file7.py:5",
    "part1.file1.Class1",
    "file1.py::Class1.x",
    "part1/file1.py::nothing",
    "name_99",
    "none/file.py:1",
]


def answer(index: Index, symbol: str, limit: int) -> list[object]:
    answers: list[object] = []
    for call, keywords in ((repomap_fast.show, {"tokens": 400}), (repomap_fast.refs, {"limit": limit})):
        try:
            answers.append(call(index, symbol, **keywords))  # type: ignore[operator]
        except repomap_fast.SymbolError as error:
            answers.append(str(error))
    return answers


@pytest.mark.parametrize("limit", [1, 3, 10, 1_000])
def test_a_narrowed_scan_gives_the_same_answers(index: Index, limit: int, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = [answer(index, symbol, limit) for symbol in SYMBOLS]
    narrowed: list[int] = []
    true_tag_files = Index.tag_files

    def count(self: Index, paths: list[bytes], **keywords: object) -> repomap_fast.ScanResult:
        narrowed.append(len(paths))
        return true_tag_files(self, paths, **keywords)  # type: ignore[arg-type]

    monkeypatch.setattr(sparse_tags, "FEW_TAGS", 0)
    monkeypatch.setattr(Index, "tag_files", count)
    for symbol, expected in zip(SYMBOLS, whole, strict=True):
        assert answer(index, symbol, limit) == expected, symbol
    assert len(narrowed) > len(SYMBOLS)
    assert min(narrowed) < 5


def test_a_small_scan_is_read_as_a_whole(index: Index) -> None:
    assert narrow.definers(index, "Class1", None) is None
    assert narrow.users(index, "Class1", 5, None) == (None, None)


SEARCHES: list[tuple[str, dict[str, object]]] = [
    *((f"name_{i}", {}) for i in range(0, 30, 5)),
    ("name", {}),
    *((letter, {}) for letter in "ae_N"),
    ("e", {"path": "part1"}),
    ("ame_1", {"match": "substring"}),
    ("NAME_1", {"match": "case"}),
    ("nmae_12", {}),
    ("class", {"kind": "class"}),
    ("a", {"kind": ["class", "field"]}),
    ("name_2", {"path": "part1"}),
    ("name", {"path": ["*/file1*.py", "tests"]}),
    ("name", {"kind": "method"}),
    ("name", {"scope": "Class1"}),
    ("name", {"references": True}),
    ("nothing_like_it", {}),
]


@pytest.mark.parametrize("limit", [1, 4, 20, 1_000])
def test_a_narrowed_search_gives_the_same_answers(index: Index, limit: int, monkeypatch: pytest.MonkeyPatch) -> None:
    # A narrowed search counts references by name, without uses as values.
    monkeypatch.setattr(use_counts, "_MOST_FILES", -1)
    monkeypatch.setattr(FileUses, "counts", lambda _, names: [0] * len(names))
    whole = [repomap_fast.search(index, word, limit=limit, **more) for word, more in SEARCHES]  # type: ignore[arg-type]
    narrowed: list[int] = []
    true_tag_files = Index.tag_files

    def count(self: Index, paths: list[bytes], **keywords: object) -> repomap_fast.ScanResult:
        narrowed.append(len(paths))
        return true_tag_files(self, paths, **keywords)  # type: ignore[arg-type]

    monkeypatch.setattr(sparse_tags, "FEW_TAGS", 0)
    monkeypatch.setattr(Index, "tag_files", count)
    for (word, more), expected in zip(SEARCHES, whole, strict=True):
        n_before = len(narrowed)
        found = repomap_fast.search(index, word, limit=limit, **more)  # type: ignore[arg-type]
        said = {one.counted_by for one in found.found}
        assert said <= ({"tags"} if len(narrowed) > n_before else {"name"}), (word, more)
        found = replace(found, found=tuple(replace(one, counted_by="name") for one in found.found))
        assert found == expected, (word, more)
    assert len(narrowed) >= len(SEARCHES) - 5
    assert limit > 20 or min(narrowed) < 10


@pytest.mark.parametrize("few", [0, 3, 1_000_000])
def test_a_search_in_small_pieces_gives_the_same_answers(
    index: Index, few: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sparse_tags, "FEW_TAGS", 0)
    whole = [repomap_fast.search(index, word, limit=7, **more) for word, more in SEARCHES]  # type: ignore[arg-type]
    monkeypatch.setattr(lazy_tags, "_TAGS_AT_A_TIME", 11)
    monkeypatch.setattr(lazy_tags, "_NAMES_AT_A_TIME", 5)
    monkeypatch.setattr(lazy_tags, "_FEW_OF_PIECE", few)
    for (word, more), expected in zip(SEARCHES, whole, strict=True):
        assert repomap_fast.search(index, word, limit=7, **more) == expected, (word, more)  # type: ignore[arg-type]


def test_a_search_without_a_limit_reads_the_rows_that_it_finds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a.py").write_text(
        "class Pool:\n    def close(self):\n        close_all()\n\ndef close_all():\n    pass\n"
    )
    (tmp_path / "b.py").write_text("from a import Pool\nPool().close()\n")
    asked: list[dict[str, object]] = [
        *({}, {"match": "exact"}, {"references": True}),
        *({"kind": "method"}, {"path": "b.py", "references": True}, {"scope": "Pool"}, {"kind": "variable"}),
    ]
    words = "close", "Pool", "clos_al", "nothing_so"
    with Index.open(tmp_path, cache_dir=tmp_path / "cache") as index:
        index.refresh()
    with Index.open(tmp_path, cache_dir=tmp_path / "cache") as index:
        index.refresh()
        whole = [repomap_fast.search(index, word, **more) for more in asked for word in words]  # type: ignore[arg-type]
    monkeypatch.setattr(sparse_tags, "FEW_TAGS", 0)
    with Index.open(tmp_path, cache_dir=tmp_path / "cache") as index:
        index.refresh()
        assert [repomap_fast.search(index, word, **more) for more in asked for word in words] == whole  # type: ignore[arg-type]
        assert "tag_table" not in index.result.__dict__
        monkeypatch.setattr(search, "_MANY_TAGS", 1)
        assert [repomap_fast.search(index, word, **more) for more in asked for word in words] == whole  # type: ignore[arg-type]
        assert "tag_table" in index.result.__dict__


def test_of_what_a_letter_finds_the_closest_is_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lines = ["def a(): pass", "def A(): pass", *(f"def a{i}(): pass\ndef xa{i}(): a{i}()" for i in range(500))]
    (tmp_path / "a.py").write_text("\n".join(lines))
    monkeypatch.setattr(lazy_tags, "_TAGS_AT_A_TIME", 100)
    with Index.open(tmp_path, cache=False) as index:
        index.refresh()
        kept = [
            narrow._best_definitions(index.result, index.graph, "a", Likeness.FUZZY, limit, TagFilter())
            for limit in (1, 2, 20, 600)
        ]
    assert {one.n_found for one in kept} == {1_002}
    assert [len(one.files) for one in kept] == [1, 2, 502, 1_002]


def test_a_letter_is_found_in_changed_files_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for i in range(5):
        (tmp_path / f"f{i}.py").write_text(f"def load_{i}():\n    pass\n")
    monkeypatch.setattr(sparse_tags, "FEW_TAGS", 0)
    with Index.open(tmp_path, cache_dir=tmp_path / "cache") as index:
        index.refresh()
        (tmp_path / "f1.py").write_text("def d_newest():\n    pass\n")
        index.refresh()
        found = repomap_fast.search(index, "d", limit=2)
        assert [one.tag.name for one in found.found] == ["d_newest", "load_0"]
        assert found.n_definitions == 5
        assert [one.tag.name for one in repomap_fast.search(index, "d_nweest", limit=1).found] == ["d_newest"]


def test_a_changed_file_is_searched_as_well(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for i in range(5):
        (tmp_path / f"f{i}.py").write_text(f"def load_{i}():\n    pass\n\nload_{i - 1}()\n")
    monkeypatch.setattr(sparse_tags, "FEW_TAGS", 0)
    with Index.open(tmp_path, cache_dir=tmp_path / "cache") as index:
        index.refresh()
        (tmp_path / "f1.py").write_text("def load_new():\n    pass\n\ndef load_1():\n    load_new()\n")
        (tmp_path / "f2.py").unlink()
        index.refresh()
        found = repomap_fast.search(index, "load", limit=3)
        assert [(one.tag.name, one.tag.line, one.n_references) for one in found.found] == [
            ("load_3", 1, 1),
            ("load_new", 1, 1),
            ("load_0", 1, 0),
        ]
        assert found.n_definitions == 5


@pytest.mark.parametrize("symbol", ["Leaf.run", "leaf.py::Leaf.run"])
def test_a_member_of_a_base_is_found_without_reading_all(
    symbol: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "root.py").write_text("class Root:\n    def run(self):\n        pass\n")
    (tmp_path / "mid.py").write_text("from root import Root\nclass Mid(Root):\n    pass\n")
    (tmp_path / "leaf.py").write_text("from mid import Mid\nclass Leaf(Mid):\n    pass\n\nLeaf().run()\n")
    (tmp_path / "other.py").write_text("class Other:\n    def run(self):\n        pass\n")
    for i in range(9):
        (tmp_path / f"more{i}.py").write_text(f"def more_{i}():\n    pass\n")
    monkeypatch.setattr(sparse_tags, "FEW_TAGS", 0)
    with Index.open(tmp_path, cache=False) as index:
        index.refresh()
        few = narrow.definers(index, symbol, None)
        assert few is not None
        assert len(few.files) <= 4
        assert repomap_fast.show(index, symbol).text.startswith("root.py:2-3")
        users, _ = narrow.users(index, "Leaf.run", 10, None)
        assert users is not None
        assert [one.path for one in repomap_fast.refs(index, "Leaf.run", limit=10).references] == ["leaf.py"]


def test_of_a_name_in_many_files_few_are_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # Definitions that are equal but for their place: some in tests, some in modules of tests, two in one file.
    names = [f"file{i:03}" for i in range(240)]
    for i, name in enumerate(names):
        folder = tmp_path / ("tests" if i % 3 == 0 else "src")
        folder.mkdir(exist_ok=True)
        inner = "mod tests {\n    fn common() {}\n}\n" if i % 5 == 1 else "fn common() {}\nfn lonely() {}\n"
        (folder / f"{name}.rs").write_text(inner + ("fn common() {}\n" if i % 7 == 2 else ""))
    read: list[int] = []
    true_tag_files = Index.tag_files

    def count(self: Index, paths: list[bytes], **keywords: object) -> repomap_fast.ScanResult:
        read.append(len(paths))
        return true_tag_files(self, paths, **keywords)  # type: ignore[arg-type]

    monkeypatch.setattr(Index, "tag_files", count)
    with Index.open(tmp_path, cache_dir=tmp_path / "cache") as index:
        index.refresh()
        for limit in (1, 5, 20, 90, 170):
            monkeypatch.setattr(sparse_tags, "FEW_TAGS", 1_000_000)
            whole = repomap_fast.search(index, "common", limit=limit)
            monkeypatch.setattr(sparse_tags, "FEW_TAGS", 0)
            found = repomap_fast.search(index, "common", limit=limit)
            assert [one.tag for one in found.found] == [one.tag for one in whole.found], limit
            assert found.n_definitions == whole.n_definitions
    assert read == sorted(read)
    assert len(read) == 5
    assert read[1] < 12
