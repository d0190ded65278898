"""Fields of states: those that we write pass, all others do not."""

from __future__ import annotations

from typing import Any

import pytest

from repomap_fast.store.state_schema import is_sound_state, is_token

OVERLAY: dict[str, Any] = {
    "token": "0123456789abcdef",
    "query_keys": {"3": "ab"},
    "budgets": {"file_timeout_s": 20.0, "max_file_memory_bytes": 1 << 31},
    "identifier_classes": [0, 1, 2, 3, 4, 5],
    "definition_kinds": {"class": 2},
    "gone": [],
    "rows": [{}],
}
BASE = {
    **{name: OVERLAY[name] for name in ("token", "query_keys", "budgets", "identifier_classes", "definition_kinds")},
    "languages": ["python"],
    "columns": {"rows": [4, 7]},
    "kinds": ["class"],
    "seed": (1 << 64) - 1,
    "n_files": 1,
    "n_shared": 0,
    "times": "",
}
STATES: dict[str, dict[str, Any]] = {
    "base:x": BASE,
    "overlay:x": OVERLAY,
    "query:x": {"kinds": ["class"]},
    "tree:x": {"path": "/", "of_commit": False, "day": 20000},
    "history:x": {"commit": "", "place": "", "tree": "", "packed": ""},
    "ahead:x": {"commit": "", "place": "", "shared": "", "rows": "", "packed": ""},
    "repository": {"path": "remote://host/name"},
}


@pytest.mark.parametrize("name", STATES)
def test_each_field_is_needed_and_has_a_type(name: str) -> None:
    state = STATES[name]
    assert is_sound_state(name, state)
    for field in state:
        assert not is_sound_state(name, {key: value for key, value in state.items() if key != field})
        for wrong in (None, -1, 1.5j, object()):
            assert not is_sound_state(name, {**state, field: wrong}), field
    for wrong in (None, [], "text", 7):
        assert not is_sound_state(name, wrong)


@pytest.mark.parametrize(
    ("field", "wrong"),
    [
        ("token", "../../0123456789"),
        ("seed", 1 << 64),
        ("n_files", True),
        ("n_files", 1 << 40),
        ("identifier_classes", [0] * 5),
        ("definition_kinds", {"class": -1}),
        ("definition_kinds", {"class": True}),
        ("columns", {"../x": [4, 7]}),
        ("columns", {"rows": [4, -7]}),
        ("budgets", {"file_timeout_s": 20.0}),
    ],
)
def test_values_out_of_range(field: str, wrong: Any) -> None:
    assert not is_sound_state("base:x", {**BASE, field: wrong})


def test_a_token_names_a_folder_and_no_path() -> None:
    assert is_token("0123456789abcdef")
    for wrong in ("", "0123456789abcde", "0123456789abcdeF", "0123456789abcdef\n", "..", 7, None):
        assert not is_token(wrong)
