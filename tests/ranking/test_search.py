"""search: the best definition of a word comes first."""

from __future__ import annotations

from pathlib import Path

import repomap_fast

FOUND_IN = {
    "a.py": "def Task(): pass\n\nTask_limit = 1\n\ndef task(): pass\n",
    "examples/a.py": "class Task: pass\n",
    "m.py": "from task import TaskPool, Tasks\n\nTaskPool()\nTaskPool()\nTasks()\nmake_Task()\n",
    "task.py": "class Task: pass\n\nclass Tasks: pass\n\nclass TaskPool: pass\n\ndef make_Task(): pass\n",
    "tests/t.py": "class Task: pass\n",
}


def test_the_best_of_a_search_comes_first(tmp_path: Path) -> None:
    for name, text in FOUND_IN.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text)
    found = repomap_fast.search(tmp_path, "Task", cache=False).found
    assert [(one.likeness, one.tag.kind, one.tag.name, one.tag.path) for one in found] == [
        ("exact", "class", "Task", "task.py"),
        ("exact", "class", "Task", "examples/a.py"),
        ("exact", "class", "Task", "tests/t.py"),
        ("exact", "function", "Task", "a.py"),
        ("case", "function", "task", "a.py"),
        ("prefix", "class", "TaskPool", "task.py"),
        ("prefix", "class", "Tasks", "task.py"),
        ("prefix", "variable", "Task_limit", "a.py"),
        ("substring", "function", "make_Task", "task.py"),
    ]


def test_a_word_of_any_characters_finds_something_or_nothing(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_bytes(b"def a(): pass\n")
    for word in ("\ud800", "a\udfff", "\udc80", "\0", "\U0010ffff"):
        assert repomap_fast.search(tmp_path, word, cache=False).found == ()
