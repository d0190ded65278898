"""Tags by file, and names by identifier class."""

from __future__ import annotations

from types import SimpleNamespace

from repomap_fast.compat.repomap_tool import (
    OptimizedDataStructures,
)
from repomap_fast.tables import IDENTIFIER_CLASSES


def test_structures_classify_each_name_once_and_when_asked() -> None:
    structures = OptimizedDataStructures()
    names = ["LIMIT", "Class", "f()", "lower", "mixedCase", "", "lower"]
    tags = [SimpleNamespace(name=name) for name in names]
    structures.add_tags("a.py", tags[:4])
    structures.add_tags("b.py", tags[4:])
    structures.add_tags("a.py", tags[3:4])
    assert structures.get_all_tags() == [*tags[:4], tags[3], *tags[4:]]
    assert structures.get_identifier_stats() == dict.fromkeys(IDENTIFIER_CLASSES, 1)
    assert structures.identifiers_by_type["variables"] == {"lower"}
    assert structures.profile()["bytes"] > structures.profile()["tags"] == 8
    structures.add_tags("c.py", [SimpleNamespace(name="OTHER")])
    assert structures.get_identifier_stats()["constants"] == 2
    assert structures.profile()["identifiers"] == 7
