"""What was read of files to find references serves the next question."""

from __future__ import annotations

from pathlib import Path

import pytest

import repomap_fast
from repomap_fast.errors import IndexDamagedError
from repomap_fast.indexing.index import answers_of
from repomap_fast.joining.facts import FileFacts
from repomap_fast.symbols import kept_finder
from support.import_trees import write_files

FILES = {
    "pool.py": "class Pool:\n    def close(self): pass\n\nclass Door:\n    def close(self): pass\n",
    "use.py": (
        "from pool import Door, Pool\n\nPool().close()\nPool().close()\nDoor().close()\n\ndef f(x):\n    x.close()\n"
    ),
}


def damaged(*_: object) -> None:
    raise IndexDamagedError("damaged")


def test_what_was_read_of_files_serves_the_next_question(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[int] = []
    of_file = FileFacts.of_file
    monkeypatch.setattr(FileFacts, "of_file", lambda self, file, *rest: read.append(file) or of_file(self, file, *rest))
    with repomap_fast.open(write_files(tmp_path, FILES), cache=False) as repository:
        repository.search("close")
        assert sorted(read) == [0, 1]
        repository.search("Pool")
        repository.refs("Door.close")
        assert sorted(read) == [0, 1]
        write_files(tmp_path, {"use.py": "from pool import Door\n\nDoor().close()\n"})
        assert repository.refs("Door.close").n_references == 1
        assert sorted(read) == [0, 0, 1, 1]


def test_a_question_that_fails_leaves_nothing_to_the_next(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with repomap_fast.open(write_files(tmp_path, FILES), cache=False) as repository:
        expected = repository.search("close").found
        repository.search("Pool")
        # As if the columns that it reads had been damaged since.
        finder = answers_of(repository._index).finder
        monkeypatch.setattr(finder, "counts", damaged)
        answers_of(repository._index).known.clear()
        assert repository.search("close").found == expected
        assert answers_of(repository._index).finder is not finder


def test_a_finder_that_holds_much_is_not_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept_finder, "_MOST_NUMBERS", 10)
    with repomap_fast.open(write_files(tmp_path, FILES), cache=False) as repository:
        first = repository.search("close").found
        assert answers_of(repository._index).finder is None
        assert repository.search("close").found == first
