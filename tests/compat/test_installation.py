"""Ours in the place of another package's names."""

from __future__ import annotations

import sys
from types import ModuleType

import pytest

from repomap_fast.compat.installation import Installation


def module(monkeypatch: pytest.MonkeyPatch, name: str, **names: object) -> ModuleType:
    made = ModuleType(name)
    vars(made).update(names)
    monkeypatch.setitem(sys.modules, name, made)
    return made


def test_an_object_is_replaced_wherever_it_is_held(monkeypatch: pytest.MonkeyPatch) -> None:
    theirs, ours = object(), object()
    origin, user = module(monkeypatch, "origin", A=theirs), module(monkeypatch, "user", A=theirs)
    other = module(monkeypatch, "other", A=object())
    installation = Installation()
    installation.replace("A", theirs, ours)
    assert origin.A is user.A is ours
    assert other.A is not ours
    assert installation.is_done
    installation.undo()
    assert origin.A is user.A is theirs
    assert not installation.is_done


def test_a_package_may_be_meant_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    theirs = object()
    inside, outside = module(monkeypatch, "one.part", A=theirs), module(monkeypatch, "one_more", A=theirs)
    installation = Installation()
    installation.replace("A", theirs, 1, package="one")
    assert inside.A == 1
    assert outside.A is theirs


def test_a_module_gets_a_name(monkeypatch: pytest.MonkeyPatch) -> None:
    before, ours = module(monkeypatch, "taken"), ModuleType("ours")
    installation = Installation()
    installation.name_module("taken", ours)
    installation.name_module("free_name", ours)
    assert sys.modules["taken"] is sys.modules["free_name"] is ours
    installation.undo()
    assert sys.modules["taken"] is before
    assert "free_name" not in sys.modules
