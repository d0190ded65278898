"""Which methods are replaced."""

from __future__ import annotations

import pytest

from repomap_fast.compat.overrides import are_own, remember_methods


@remember_methods
class Base:
    def one(self) -> int:
        return 1

    def two(self) -> int:
        return 2


@remember_methods
class Ours(Base):
    def two(self) -> int:
        return 3


def test_ours_are_own() -> None:
    assert are_own(Base(), "one", "two")
    assert are_own(Ours(), "one", "two")


def test_a_subclass_may_replace_them() -> None:
    class Users(Ours):
        def one(self) -> int:
            return 4

    assert not are_own(Users(), "one", "two")
    assert are_own(Users(), "two")


def test_so_may_an_object_and_whoever_changes_a_class(monkeypatch: pytest.MonkeyPatch) -> None:
    changed = Ours()
    changed.two = lambda: 5  # type: ignore[method-assign]
    assert not are_own(changed, "two")
    assert are_own(Ours(), "two")
    monkeypatch.setattr(Base, "one", lambda self: 6)
    assert not are_own(Ours(), "one")
