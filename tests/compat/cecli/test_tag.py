"""cecli's tag."""

from __future__ import annotations

import copy
import pickle

from repomap_fast.compat.cecli.tag import Tag


def test_what_is_not_given_comes_of_the_rest() -> None:
    tag = Tag("a.py", "/a.py", 3, "f", "def")
    assert tag == ("a.py", "/a.py", 3, "f", "def", "def", 3, 3, 0, 0)
    assert Tag(rel_fname="a.py", fname="/a.py", line=3, name="f", kind="def", end_line=4).end_line == 4
    assert Tag() == (None,) * 8 + (0, 0)
    assert Tag(name="f") == (None, None, None, "f", *(None,) * 4, 0, 0)


def test_it_can_be_kept_and_changed() -> None:
    tag = Tag("a.py", "/a.py", 3, "f", "def", "function", 3, 3, 7, 8)
    for copied in (pickle.loads(pickle.dumps(tag)), copy.deepcopy(tag), tag._replace(line=3)):
        assert copied == tag
        assert type(copied) is Tag
