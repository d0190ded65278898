"""search: how often what it shows is referred to."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

import repomap_fast
from repomap_fast.symbols import kept_finder, use_counts
from support.import_trees import write_files

FILES = {
    "pool.py": "class Pool:\n    def close(self): pass\n\nclass Door:\n    def close(self): pass\n",
    "use.py": (
        "from pool import Door, Pool\n\nPool().close()\nPool().close()\nDoor().close()\n\ndef f(x):\n    x.close()\n"
    ),
    "a.rb": "def shut; end\nshut()\nshut()\n",
}


def counts(root: Path, name: str) -> dict[str, tuple[int, int, str]]:
    found = repomap_fast.search(root, name, match="exact", cache=False).found
    return {f"{one.tag.scope}.{one.tag.name}": (one.n_references, one.n_unresolved, one.counted_by) for one in found}


def test_the_references_of_each_definition_are_counted(tmp_path: Path) -> None:
    write_files(tmp_path, FILES)
    assert counts(tmp_path, "close") == {"Pool.close": (2, 1, "rules"), "Door.close": (1, 1, "rules")}
    assert counts(tmp_path, "Pool") == {"None.Pool": (3, 0, "rules")}
    for symbol, (n_references, n_unresolved, _) in counts(tmp_path, "close").items():
        found = repomap_fast.refs(tmp_path, symbol, cache=False)
        assert (found.n_references, found.n_unresolved) == (n_references, n_unresolved)


MODULES = {
    "a.py": "def run(): pass\n",
    "b.py": "def run(): pass\n",
    "c.py": "def run(): pass\n",
    "use.py": "import b\nimport c\n\nb.run()\nc.run()\nc.run()\n",
    "tests/test_a.py": "def run(): pass\n\nrun()\nrun()\nrun()\n",
}


@pytest.mark.parametrize("limit", [0, 1, 2, 3, 4])
def test_definitions_of_one_name_come_by_their_own_references(tmp_path: Path, limit: int) -> None:
    write_files(tmp_path, MODULES)
    found = repomap_fast.search(tmp_path, "run", match="exact", limit=limit, cache=False).found
    # Code still comes before tests.
    ordered = [("c.py", 2), ("b.py", 1), ("a.py", 0), ("tests/test_a.py", 3)]
    assert [(one.tag.path, one.n_references) for one in found] == ordered[: limit or 4]


def test_definitions_of_one_name_that_are_counted_by_name_come_by_their_paths(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_files(tmp_path, MODULES)
    monkeypatch.setattr(use_counts, "_MOST_FILES", 1)
    found = repomap_fast.search(tmp_path, "run", match="exact", cache=False).found
    assert [one.tag.path for one in found] == ["a.py", "b.py", "c.py", "tests/test_a.py"]


def test_in_languages_without_rules_names_are_counted(tmp_path: Path) -> None:
    assert counts(write_files(tmp_path, FILES), "shut") == {"None.shut": (2, 0, "name")}


def test_names_that_many_files_have_are_counted_by_name(tmp_path: Path, monkeypatch) -> None:  # type: ignore[no-untyped-def]
    write_files(tmp_path, FILES)
    monkeypatch.setattr(use_counts, "_MOST_FILES", 1)
    assert counts(tmp_path, "close") == {"Pool.close": (4, 0, "name"), "Door.close": (4, 0, "name")}


def test_an_open_repository_counts_again_after_an_edit_alone(tmp_path: Path) -> None:
    write_files(tmp_path, FILES)

    def texts() -> list[str]:
        return [one.text for one in repository.search("close", match="exact").found]

    with repomap_fast.open(tmp_path, cache=False) as repository:
        before = texts()
        assert before == [
            "pool.py:2 function Pool.close, 2 references, 1 unresolved",
            "pool.py:5 function Door.close, 1 reference, 1 unresolved",
        ]
        repository.search("Pool")
        assert texts() == before
        write_files(tmp_path, {"use.py": "from pool import Pool\n\nPool().close()\n"})
        assert texts() == [
            "pool.py:2 function Pool.close, 1 reference",
            "pool.py:5 function Door.close, 0 references",
        ]


def test_what_was_counted_is_not_counted_again(tmp_path: Path, monkeypatch) -> None:  # type: ignore[no-untyped-def]
    with repomap_fast.open(write_files(tmp_path, FILES), cache=False) as repository:
        first = repository.search("close")
        monkeypatch.setattr(kept_finder.SiteFinder, "counts", None)
        assert repository.search("close") == first


@pytest.mark.parametrize("languages", [[], ["typescript"]], ids=["git ignores them", "of another language"])
def test_an_open_repository_counts_again_after_an_edit_of_settings_that_are_not_listed(
    tmp_path: Path, languages: list[str]
) -> None:
    paths = '{"compilerOptions": {"paths": {"@pool": ["%s"]}}}'
    write_files(
        tmp_path,
        {
            "one/pool.ts": "export function close() {}\n",
            "two/pool.ts": "export function close() {}\n",
            "use.ts": 'import { close } from "@pool"\nclose()\n',
            "tsconfig.json": paths % "./one/pool.ts",
            **({} if languages else {".gitignore": "tsconfig.json\n"}),
        },
    )
    with repomap_fast.open(tmp_path, cache=False, languages=languages) as repository:

        def texts() -> list[str]:
            return sorted(one.text for one in repository.search("close", match="exact").found)

        assert texts() == [
            "one/pool.ts:1 function close, 2 references",
            "two/pool.ts:1 function close, 0 references",
        ]
        write_files(tmp_path, {"tsconfig.json": paths % "./two/pool.ts"})
        assert texts() == [
            "one/pool.ts:1 function close, 0 references",
            "two/pool.ts:1 function close, 2 references",
        ]
        (tmp_path / "tsconfig.json").unlink()
        assert texts() == [
            "one/pool.ts:1 function close, 0 references",
            "two/pool.ts:1 function close, 0 references",
        ]


def test_an_open_repository_counts_again_after_an_edit_of_settings_without_a_language(tmp_path: Path) -> None:
    """Even where neither size nor times of the file tell of it."""
    write_files(
        tmp_path,
        {
            "go.mod": "module one.org/x\n",
            "pool/pool.go": "package pool\n\nfunc Shut() {}\n",
            "use.go": 'package main\n\nimport "one.org/x/pool"\n\nfunc main() { pool.Shut() }\n',
        },
    )
    with repomap_fast.open(tmp_path, cache=False) as repository:

        def text() -> list[str]:
            return [one.text for one in repository.search("Shut", match="exact").found]

        assert text() == ["pool/pool.go:3 function Shut, 1 reference"]
        stat = (tmp_path / "go.mod").stat()
        write_files(tmp_path, {"go.mod": "module two.org/x\n"})
        os.utime(tmp_path / "go.mod", ns=(stat.st_atime_ns, stat.st_mtime_ns))
        assert text() == ["pool/pool.go:3 function Shut, 0 references"]


def test_by_name_uses_as_values_are_counted_too(tmp_path: Path, monkeypatch) -> None:  # type: ignore[no-untyped-def]
    files = {
        "a.py": "def handle(): pass\n\ndef other(): pass\n",
        "b.py": "from a import handle\n\nON = {1: handle, 2: handle}\n",
        "c.py": "ON = []\nON.append(handle)\n",
    }
    write_files(tmp_path, files)
    monkeypatch.setattr(use_counts, "_MOST_FILES", 0)
    for symbol in ("handle", "other"):
        ((n_references, _, counted_by),) = counts(tmp_path, symbol).values()
        places = repomap_fast.scan(tmp_path, cache=False)
        n_tags = sum(tag.name == symbol and tag.role == "reference" for tag in places.tags)
        assert (n_references, counted_by) == (n_tags + len(places.uses.of_name(symbol.encode())), "name")
    assert counts(tmp_path, "handle") == {"None.handle": (4, 0, "name")}
    assert counts(tmp_path, "other") == {"None.other": (0, 0, "name")}
