"""The definitions of a file: by row, with those around them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from repomap_fast.drawing.file_definitions import MAX_AROUND, MAX_IN_A_ROW, MAX_NAME_BYTES, FileDefinitions
from repomap_fast.indexing.index import Index
from repomap_fast.joining.result import ScanResult

Made = Callable[..., tuple[FileDefinitions, ScanResult]]


@pytest.fixture
def made(tmp_path: Path) -> Iterator[Made]:
    with ExitStack() as stack:

        def definitions(source: str, name: str = "a.py") -> tuple[FileDefinitions, ScanResult]:
            (tmp_path / name).write_text(source)
            index = stack.enter_context(Index.open(tmp_path, cache=False))
            index.refresh()
            return FileDefinitions.of(index.graph, 0), index.result

        yield definitions


def names(file: FileDefinitions, numbers: list[int]) -> list[bytes]:
    return [file.name(number) for number in numbers]


def test_definitions_are_found_by_row(made: Made) -> None:
    file, result = made("class A:\n    x = 1; y = 2\n\n    def f(self): return g(self.x)\n")
    assert [names(file, file.in_row(row)) for row in range(5)] == [[b"A"], [b"x", b"y"], [], [b"f"], []]
    (f,) = file.in_row(3)
    (tag,) = result.definitions("f")
    assert (file.row(f) + 1, file.column(f), file.end_row(f) + 1) == (tag.line, tag.column, tag.end_line)
    assert (file.kind(f), file.scope(f)) == (tag.kind, tag.scope) == ("function", "A")
    assert names(file, file.around(f)) == [b"A"]
    assert file.scope(file.in_row(0)[0]) is None


def test_a_definition_is_found_by_name_and_row(made: Made) -> None:
    file, result = made("x = 1; x = 2; y = 3\n")
    number = {name: i for i, name in enumerate(result.tag_table.names)}
    assert file.find(number[b"x"], 0) == file.in_row(0)[1]
    assert file.find(number[b"y"], 0) == file.in_row(0)[2]
    assert file.find(number[b"y"], 1) is None


def test_a_definition_is_found_among_many_in_a_row(made: Made) -> None:
    names = [f"n{i}" for i in range(100)]
    file, result = made("; ".join(f"{name} = {name}" for name in names) + "\n")
    number = {name: i for i, name in enumerate(result.tag_table.names)}
    for name in (b"n0", b"n50", b"n99"):
        found = file.find(number[name], 0)
        assert found is not None
        assert (file.name(found), file.row(found)) == (name, 0)
        assert file.find(number[name], 1) is None


def test_what_a_hostile_file_has_too_much_of_is_cut(made: Made) -> None:
    depth = 30
    nested = "".join(f"{' ' * i}class C{i}:\n" for i in range(depth)) + f"{' ' * depth}x = 1\n"
    file, _ = made(f"{nested}{'y = 1; ' * 100}\n{'z' * 5000} = 1\n")
    (x,) = file.in_row(depth)
    assert names(file, file.around(x)) == [f"C{i}".encode() for i in range(depth - MAX_AROUND, depth)]
    assert len(file.in_row(depth + 1)) == MAX_IN_A_ROW
    assert len(file.name(file.in_row(depth + 2)[0])) == MAX_NAME_BYTES


GO = """package p
type Ring[K any] struct { size int }
func (r *Ring[K]) Push(n Node) bool { return false }
func (Ring[K]) Pop() {}
func New(size int) *Ring { return nil }
"""


def test_a_method_in_go_belongs_to_the_type_of_its_receiver(made: Made) -> None:
    file, _ = made(GO, "a.go")
    scopes = [(file.name(number), file.scope(number)) for row in range(1, 5) for number in file.in_row(row)]
    assert scopes == [(b"Ring", None), (b"size", "Ring"), (b"Push", "Ring"), (b"Pop", "Ring"), (b"New", None)]


def test_an_owner_that_another_file_defines_is_the_name_in_the_declaration(made: Made) -> None:
    file, _ = made("package p\nfunc (r *Ring) Push() {\n\tf := func() {}\n}\n", "a.go")
    (push,) = file.in_row(1)
    assert (file.scope(push), file.owner(push), file.around(push)) == ("Ring", "Ring", [])


def test_a_method_is_not_within_the_type_that_it_belongs_to(made: Made) -> None:
    file, _ = made(
        "package p\nfunc (r Ring) Pop() {}\ntype Ring struct {\n\tsize int\n}\nfunc (r Ring) Push() {}\n", "a.go"
    )
    for row in (1, 5):
        (method,) = file.in_row(row)
        assert (file.scope(method), file.owner(method), file.around(method)) == ("Ring", "Ring", [])
    (size,) = file.in_row(3)
    assert (file.scope(size), file.owner(size), names(file, file.around(size))) == ("Ring", None, [b"Ring"])
