"""JSON with comments: what is added, what stays, and the way back to the byte."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from repomap_fast.agents import jsonc
from repomap_fast.errors import ConfigurationError

VALUE = {"command": "x", "args": ["mcp"]}


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("", '{\n  "a": {\n    "b": 1\n  }\n}\n'),
        ("{}", '{\n  "a": {\n    "b": 1\n  }\n}'),
        ("{\n}\n", '{\n  "a": {\n    "b": 1\n  }\n}\n'),
        ('{"x": 1}', '{"x": 1, "a": {"b": 1}}'),
        ('{"x": 1,}', '{"x": 1, "a": {"b": 1}}'),
        ('{\n\t"x": 1\n}\n', '{\n\t"x": 1,\n\t"a": {\n\t\t"b": 1\n\t}\n}\n'),
        ('{\n    "a": {\n        "x": 1\n    }\n}', '{\n    "a": {\n        "x": 1,\n        "b": 1\n    }\n}'),
        ('{\n  "a": {"x": 1},\n}', '{\n  "a": {"x": 1, "b": 1},\n}'),
        ('{\n  "x": 1 // why\n}', '{\n  "x": 1, // why\n  "a": {\n    "b": 1\n  }\n}'),
        ('{\n  "x": 1, // why\n}', '{\n  "x": 1, // why\n  "a": {\n    "b": 1\n  }\n}'),
        ("{\n  // nothing yet\n}", '{\n  // nothing yet\n  "a": {\n    "b": 1\n  }\n}'),
        ('{\r\n  "x": 1\r\n}\r\n', '{\r\n  "x": 1,\r\n  "a": {\r\n    "b": 1\r\n  }\r\n}\r\n'),
        ('\ufeff{"x": "}//"}', '\ufeff{"x": "}//", "a": {"b": 1}}'),
        ('/* a */ {"x": 1} // b', '/* a */ {"x": 1, "a": {"b": 1}} // b'),
    ],
)
def test_a_member_is_added_in_the_style_of_the_file(before: str, after: str) -> None:
    edits = jsonc.add(before, ("a", "b"), 1)
    assert jsonc.apply(before, edits) == after
    assert jsonc.apply(after, jsonc.inverse(edits)) == before
    assert jsonc.read(after)["a"]["b"] == 1


def test_an_item_is_added_to_a_list() -> None:
    for before, after in (
        ('{"a": []}', '{"a": [\n  1\n]}'),
        ('{"a": [0]}', '{"a": [0, 1]}'),
        ("{}", '{\n  "a": [\n    1\n  ]\n}'),
    ):
        edits = jsonc.add(before, ("a",), 1, to_list=True)
        assert jsonc.apply(before, edits) == after
        assert jsonc.apply(after, jsonc.inverse(edits)) == before
        assert jsonc.add(after, ("a",), 1, to_list=True) == []


def test_what_is_there_already_stays() -> None:
    text = '{"a": {"b": 1}}'
    assert jsonc.add(text, ("a", "b"), 1) == []
    for path, message in ((("a", "b"), "is there already"), (("a", "b", "c"), "expected an object")):
        with pytest.raises(ConfigurationError, match=message):
            jsonc.add(text, path, 2)


@pytest.mark.parametrize(
    "text",
    [
        "{",
        "[1",
        '{"a" 1}',
        '{"a": 1 "b": 2}',
        "nonsense",
        "{'a': 1}",
        '{"a": tru}',
        "{} {}",
        "[" * 5_000,
        '{"a": "\n"}',
        '{"a": "\x1b[31m"}',
        '{"\x1b[31m": 1}',
        '{"a\\q": 1}',
        '{"\\u12": 1}',
        "/*",
    ],
)
def test_what_is_no_json_is_refused(text: str) -> None:
    with pytest.raises(ConfigurationError, match=r"line \d+ has|expected"):
        jsonc.add(text, ("x",), 1)


def test_a_member_is_taken_out_of_a_file_that_was_changed_since() -> None:
    for before, after in (
        ('{"a": {"b": 1, "c": 2}}', '{"a": { "c": 2}}'),
        ('{"a": {"c": 2, "b": 1}}', '{"a": {"c": 2}}'),
        ('{"a": {"b": 1}}', '{"a": {}}'),
        ('{\n  "a": {\n    "c": 2, // why\n    "b": 1\n  }\n}', '{\n  "a": {\n    "c": 2 // why\n  }\n}'),
        ('{"a": {"b": 2}}', '{"a": {"b": 2}}'),
        ('{"x": 1}', '{"x": 1}'),
    ):
        assert jsonc.apply(before, jsonc.remove(before, ("a", "b"), 1)) == after
    text = '{"a": [1, 2, 3]}'
    assert jsonc.read(jsonc.apply(text, jsonc.remove(text, ("a",), 2, from_list=True))) == {"a": [1, 3]}


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=4), inner, max_size=4),
    max_leaves=12,
)


@settings(max_examples=200, deadline=None)
@given(
    document=st.dictionaries(
        st.sampled_from(["a", "b", 'é"\\']), st.dictionaries(st.text(max_size=4), JSON, max_size=3)
    ),
    indent=st.sampled_from([None, 1, 2, 4, "\t"]),
    newline=st.sampled_from(["\n", "\r\n"]),
    comment=st.sampled_from(["", " // a {", " /* b } */"]),
)
def test_any_document_comes_back_to_the_byte(
    document: dict[str, dict[str, object]], indent: int | str | None, newline: str, comment: str
) -> None:
    text = json.dumps(document, indent=indent, ensure_ascii=False).replace("\n", comment + newline) + newline
    edits = jsonc.add(text, ("a", "our entry"), VALUE)
    after = jsonc.apply(text, edits)
    expected = {**document, "a": {**document.get("a", {}), "our entry": VALUE}}
    assert jsonc.read(after) == expected
    assert jsonc.apply(after, jsonc.inverse(edits)) == text
    assert jsonc.read(jsonc.apply(after, jsonc.remove(after, ("a", "our entry"), VALUE))) == {
        **document,
        "a": document.get("a", {}),
    }


@settings(max_examples=200, deadline=None)
@given(st.text(alphabet='{}[]",:/* \n\t1a\\', max_size=60))
def test_any_text_is_added_to_or_refused(text: str) -> None:
    try:
        edits = jsonc.add(text, ("a",), 1)
    except ConfigurationError:
        return
    after = jsonc.apply(text, edits)
    assert jsonc.read(after)["a"] == 1
    assert jsonc.apply(after, jsonc.inverse(edits)) == text
