"""compiled: a compiled module is imported when it is asked for, and its absence is explained."""

from __future__ import annotations

import sys

import pytest

from repomap_fast.compiled import compiled_modules
from repomap_fast.errors import NotCompiledError


def test_a_module_is_imported_when_it_is_asked_for() -> None:
    get = compiled_modules("repomap_fast.tagging", "_tagger")
    assert get("_tagger").__name__ == "repomap_fast.tagging._tagger"


def test_any_other_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="has no attribute '_parser'"):
        compiled_modules("repomap_fast.tagging", "_tagger")("_parser")


def test_one_that_is_not_compiled_is_named_with_what_to_do() -> None:
    get = compiled_modules("repomap_fast.tagging", "_gone")
    with pytest.raises(NotCompiledError, match="Run 'pip install") as caught:
        get("_gone")
    assert caught.value.name == "repomap_fast.tagging._gone"
    assert sys.executable in str(caught.value)
    assert isinstance(caught.value, ImportError)


def test_a_module_whose_own_import_fails_is_not_called_uncompiled(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(name: str) -> None:
        raise ModuleNotFoundError("No module named 'numpy'", name="numpy")

    monkeypatch.setattr("repomap_fast.compiled.import_module", fail)
    with pytest.raises(ModuleNotFoundError, match="numpy") as caught:
        compiled_modules("repomap_fast.tagging", "_tagger")("_tagger")
    assert not isinstance(caught.value, NotCompiledError)
