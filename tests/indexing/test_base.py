"""A base: tags and graph of its columns, or IndexDamagedError."""

from __future__ import annotations

import pytest

from repomap_fast.errors import IndexDamagedError
from repomap_fast.indexing.base import Kept, language_names
from repomap_fast.indexing.index import Index
from repomap_fast.languages.table import LANGUAGES


@pytest.fixture
def kept(small_index: Index) -> Kept:
    assert small_index._loaded.kept is not None
    return small_index._loaded.kept


def test_tags_names_and_graph_fit_each_other(kept: Kept) -> None:
    tags, names, graph = kept.base.tags(), kept.base.names(), kept.base.graph()
    assert tags is not None
    assert len(tags) == len(graph.tags) == 6
    assert [names.name(i) for i in range(len(names))] == list(tags.names)
    assert graph.n_shared == kept.record["n_shared"] == 2


def test_a_graph_with_another_number_of_names_is_damage(kept: Kept) -> None:
    other = kept.base._replace(record={**kept.base.record, "n_shared": 7})
    with pytest.raises(IndexDamagedError, match="expected 7"):
        other.graph()


def test_the_record_of_an_overlay_goes_before_that_of_its_base(kept: Kept) -> None:
    assert kept.is_whole
    assert kept.record is kept.base.record
    overlaid = kept._replace(overlay={"identifier_classes": [6, 5, 4, 3, 2, 1]})
    assert overlaid.record["identifier_classes"] == [6, 5, 4, 3, 2, 1]
    assert overlaid.record["seed"] == kept.base.record["seed"]


def test_languages_are_known_by_their_place_in_the_table() -> None:
    assert [LANGUAGES[i].name for i in range(len(LANGUAGES))] == language_names()
