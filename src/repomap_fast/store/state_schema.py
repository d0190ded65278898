"""Checks the fields of a state of the store, so that its readers need not.

It never lets a state pass that has a field missing, of another type, or out of range: a seal shows only that the bytes
are those that were written, perhaps by another version, or to do harm.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from repomap_fast.tables import IDENTIFIER_CLASSES

Check = Callable[[Any], bool]

HISTORY_STATE, AHEAD_STATE, WALK_STATE = "history", "ahead", "walk"
_MAX_ITEMS = 1 << 40
"""Of files, tags and bytes. No count was ever as large."""


def is_token(value: Any) -> bool:
    """Return whether this is the name of columns; a folder is made, read and removed by that name."""
    return isinstance(value, str) and re.fullmatch("[0-9a-f]{16}", value) is not None


def is_sound_state(name: str, state: Any) -> bool:
    """Return whether a state of that name has every field that its readers use."""
    fields = _FIELDS.get(name.partition(":")[0])
    return fields is None or _has(state, fields)


def _has(value: Any, fields: Mapping[str, Check]) -> bool:
    return isinstance(value, dict) and all(name in value and check(value[name]) for name, check in fields.items())


def _is_count(value: Any) -> bool:
    return type(value) is int and 0 <= value < _MAX_ITEMS


def _is_number(value: Any) -> bool:
    return type(value) in (int, float)


def _is_seed(value: Any) -> bool:
    return type(value) is int and 0 <= value < 1 << 64


def _is_flag(value: Any) -> bool:
    return isinstance(value, bool)


def _is_text(value: Any) -> bool:
    return isinstance(value, str)


def _is_texts(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(item, str) for item in value)


def _is_list(value: Any) -> bool:
    return isinstance(value, list)


def _is_classes(value: Any) -> bool:
    return isinstance(value, list) and len(value) == len(IDENTIFIER_CLASSES) and all(map(_is_count, value))


def _is_counts(value: Any) -> bool:
    return isinstance(value, dict) and all(isinstance(name, str) and _is_count(n) for name, n in value.items())


def _is_query_keys(value: Any) -> bool:
    return isinstance(value, dict) and all(isinstance(key, str) for key in value.values())


def _is_budgets(value: Any) -> bool:
    return _has(value, {"file_timeout_s": _is_number, "max_file_memory_bytes": _is_number})


def _is_manifest(value: Any) -> bool:
    return isinstance(value, dict) and all(
        name.isidentifier() and isinstance(entry, list) and len(entry) == 2 and all(map(_is_count, entry))
        for name, entry in value.items()
    )


def _is_rows(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(row, dict) for row in value)


_OF_ANY_STATE: dict[str, Check] = {
    "token": is_token,
    "query_keys": _is_query_keys,
    "budgets": _is_budgets,
    "identifier_classes": _is_classes,
    "definition_kinds": _is_counts,
}
_FIELDS: dict[str, dict[str, Check]] = {
    "base": {
        **_OF_ANY_STATE,
        "languages": _is_texts,
        "columns": _is_manifest,
        "kinds": _is_texts,
        "seed": _is_seed,
        "n_files": _is_count,
        "n_shared": _is_count,
        # ``file_times.apply_times`` unpacks them.
        "times": _is_text,
    },
    # ``state.apply_overlay`` checks its rows.
    "overlay": {**_OF_ANY_STATE, "gone": _is_texts, "rows": _is_rows},
    "query": {"kinds": _is_texts},
    # ``kept_history.unpack`` checks what is packed.
    HISTORY_STATE: {"commit": _is_text, "place": _is_text, "tree": _is_text, "packed": _is_text},
    AHEAD_STATE: {"commit": _is_text, "place": _is_text, "shared": _is_text, "rows": _is_text, "packed": _is_text},
    # ``kept_walk.read_walk`` checks what is packed.
    WALK_STATE: {
        "format": _is_count,
        "environment": _is_text,
        "root": _is_list,
        "outside": _is_list,
        "packed": _is_text,
    },
    "tree": {"path": _is_text, "of_commit": _is_flag, "day": _is_count},
    "repository": {"path": _is_text},
}
