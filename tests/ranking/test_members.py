"""members: which definitions are members of others, by the tags of files."""

from __future__ import annotations

import os

import pytest

import repomap_fast
from repomap_fast.joining.result import ScanResult
from repomap_fast.ranking.members import ScopedTags

_FILES = {
    "cart.py": "class Cart:\n    def add(self): pass\n\n\ndef add(): pass\n",
    "run.go": "package a\n\nfunc (s *Server) Run() {}\n",
    "shop.ex": "defmodule Shop.Cart do\n  def add(a) do\n    a\n  end\nend\n",
}


@pytest.fixture(scope="module")
def result(tmp_path_factory: pytest.TempPathFactory) -> ScanResult:
    root = tmp_path_factory.mktemp("members")
    for name, text in _FILES.items():
        (root / name).write_text(text)
    return repomap_fast.scan(root, cache=False)


def test_a_file_has_a_member_where_a_definition_stands_in_its_class(result: ScanResult) -> None:
    tags = ScopedTags(result.graph)
    files = {os.fsdecode(path): file for file, path in enumerate(result.graph.paths)}
    asked = [("cart.py", b"Cart", b"add"), ("run.go", b"Server", b"Run"), ("shop.ex", b"Cart", b"add")]
    assert [tags.has_member(files[path], owner, name) for path, owner, name in asked] == [True] * 3
    others = [("cart.py", b"add", b"Cart"), ("run.go", b"Client", b"Run"), ("shop.ex", b"art", b"add")]
    assert [tags.has_member(files[path], owner, name) for path, owner, name in others] == [False] * 3


def test_the_owner_of_a_definition_at_the_top_of_a_file_has_no_name(result: ScanResult) -> None:
    tags = ScopedTags(result.graph)
    file = [os.fsdecode(path) for path in result.graph.paths].index("cart.py")
    (name_id,) = result.graph.tags.find([b"add"]).tolist()
    assert tags.owners(file, 1, name_id) == [b"Cart"]
    assert tags.owners(file, 4, name_id) == [b""]
    assert tags.owners(file, 2, name_id) == []
