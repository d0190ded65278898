"""Lines that say what a macro is."""

from __future__ import annotations

import pytest

from repomap_fast.errors import OptionError
from repomap_fast.macros import Macro, read_macro


@pytest.mark.parametrize(
    ("line", "macro"),
    [
        ("MY_API attribute", Macro("MY_API", False, "attribute", 0)),
        ("  DEFINE_THING\tvariable  1 ", Macro("DEFINE_THING", False, "variable", 1)),
        ("DEFINE_* variable 2", Macro("DEFINE_", True, "variable", 2)),
        ("__printf anywhere 1", Macro("__printf", False, "anywhere", 1)),
        ("group members 2", Macro("group", False, "members", 2)),
    ],
)
def test_a_line_has_a_name_a_use_and_the_number_of_an_argument(line: str, macro: Macro) -> None:
    assert read_macro(line) == macro


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("", "expected NAME USE"),
        ("MY_API", "expected NAME USE"),
        ("MY_API atribute", "where USE is one of attribute"),
        ("my-api attribute", "expected NAME USE"),
        ("é attribute", "expected NAME USE"),
        ("A" * 300 + " attribute", "expected NAME USE"),
        ("DEFINE_THING variable", "'variable 1'"),
        ("DEFINE_THING variable 0", "expected NAME USE"),
        ("MY_API attribute 1", "expected none behind 'attribute'"),
    ],
)
def test_a_line_that_says_nothing_is_an_error_that_says_what_to_write(line: str, expected: str) -> None:
    with pytest.raises(OptionError, match=expected):
        read_macro(line)
