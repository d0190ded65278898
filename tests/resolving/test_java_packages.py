"""Java: packages, and types by their names with dots."""

from __future__ import annotations

from pathlib import Path

import pytest

import repomap_fast
from repomap_fast.resolving.file_sources import FileSources
from repomap_fast.resolving.java_packages import JavaPackages
from repomap_fast.resolving.meanings import MODULE, OUT
from support.import_trees import write_files

FILES = {
    "A.java": "package a.b;\nclass A { class In { class Deep {} } }\nclass Other {}\n",
    "B.java": "class B {}\n",
}


@pytest.fixture
def packages(tmp_path: Path) -> JavaPackages:
    return JavaPackages(FileSources(repomap_fast.scan(write_files(tmp_path, FILES), cache=False)))


def test_a_file_has_a_package_or_none(packages: JavaPackages) -> None:
    assert (packages.of(0), packages.of(1)) == (b"a.b", b"")


def test_types_are_found_in_whatever_file_of_the_package(packages: JavaPackages) -> None:
    assert len(packages.type_in(b"a.b", b"Other")) == 1
    assert packages.type_in(b"", b"Other") == packages.type_in(b"a.b", b"In") == ()


def test_names_with_dots_lead_into_packages_and_types(packages: JavaPackages) -> None:
    assert len(packages.qualified(b"a.b.A.In.Deep")) == 1
    assert packages.qualified(b"a.b.A.Lost") == packages.qualified(b"a.b.Lost") == ()
    assert packages.qualified(b"java.util.List") == ((OUT,),)
    assert packages.qualified(b"a." * 5_000) == ()


def test_parts_of_the_names_of_packages_are_packages(packages: JavaPackages) -> None:
    (outer,) = packages.named(b"a")
    assert outer[0] == MODULE
    (inner,) = packages.member(outer, b"b")
    assert len(packages.member(inner, b"A")) == 1
    assert packages.named(b"b") == packages.member(outer, b"c") == ((OUT,),)
