"""The parts of a text in another language, against the slow twin and by examples."""

from __future__ import annotations

import ast
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from repomap_fast.languages.table import LANGUAGES, find_language
from repomap_fast.tagging.regions import Regions, find_regions
from support.region_twin import (
    find_fences,
    find_in_markup,
    find_in_template,
    mask_template,
    masked,
    notebook_rows,
)

MARKUP = ("html", "vue", "svelte", "astro")
TEMPLATES = ("erb", "ejs")

PIECES_OF_MARKUP = (
    *("<script>", "<script setup lang='ts'>", '<script lang="tsx" setup>', "<script lang=ts>", "<script/>"),
    *("<SCRIPT TYPE = 'module'>", '<script type="application/json">', "<script type=text/babel>", "<script src='x'/>"),
    *("<script lang='coffee'>", "<script\n\tlang = ts\r\n>", "</script>", "</SCRIPT >", "</script", "</scripts>"),
    *('const a = "</script>"', "/* </script> */", "`<script>`", "function f(a) { return a < b }", "class A {}\r\n"),
    *("<template>", "<template lang='pug'>", "<template #a>", "</template>", "</template >", "<template/>"),
    *(
        "<style>",
        "</style>",
        "<textarea>",
        "</textarea>",
        "<title/>",
        "<docs>",
        "</docs>",
        "<i18n lang='json'>",
        "</i18n>",
    ),
    *("<!--", "-->", "<!-->", "<!", "<", "</", "/>", ">", "<a b='", '<a b="', "'", '"', "=", " ", "\n", "\r\n", "\r"),
    *("<MyButton a='x > y'>", "<my-button/>", "<Tabs.Item", "<b>", "<a:b-c>", "<é-x", "<x-é >", "<Ab.>", "é\u2028😀"),
    *("---\n", "\n---", "\ufeff", "{a <b}", "{{ x }}", "<DIV>", "\0"),
)
PIECES_OF_TEMPLATES = (
    *("<%", "<%=", "<%-", "<%#", "<%%", "%%>", "%>", "-%>", "_%>", "<%_", "%", ">", "<", "-", "_", "#", "//", "/"),
    *(" f(x) ", "\n", "\r\n", " ", "é", "'%>'", "<p>", "do |a|", "{ ", "# c", "// c\n x"),
)


def regions_of(text: bytes, language: str) -> Regions:
    return find_regions(text, LANGUAGES[find_language(language)])


@pytest.mark.parametrize("language", MARKUP)
@given(pieces=st.lists(st.sampled_from(PIECES_OF_MARKUP), max_size=12))
def test_scripts_and_components_are_those_of_the_slow_twin(language: str, pieces: list[str]) -> None:
    text = "".join(pieces).encode()
    found, expected = regions_of(text, language), find_in_markup(text, language)
    assert found.parsed == masked(text, expected.spans)
    assert [name[:2] for name in found.names] == expected.names
    for start, _, row, column in found.names:
        assert (row, column) == (text.count(b"\n", 0, start), start - (text.rfind(b"\n", 0, start) + 1))
    if expected.guest in LANGUAGES[find_language(language)].guests:
        assert found.guest == expected.guest


@pytest.mark.parametrize("language", TEMPLATES)
@given(pieces=st.lists(st.sampled_from(PIECES_OF_TEMPLATES), max_size=14))
def test_code_of_templates_is_that_of_the_slow_twin(language: str, pieces: list[str]) -> None:
    text = "".join(pieces).encode()
    assert regions_of(text, language).parsed == mask_template(text, language)


@pytest.mark.parametrize("language", TEMPLATES)
@given(pieces=st.lists(st.sampled_from((*PIECES_OF_TEMPLATES, *PIECES_OF_MARKUP[:24], "<!--", "-->")), max_size=14))
def test_scripts_of_templates_are_those_of_the_slow_twin(language: str, pieces: list[str]) -> None:
    text = "".join(pieces).encode()
    found = regions_of(text, language).apart
    assert [(start, end, name) for start, end, _, _, name in found] == find_in_template(text, language)
    for start, _, row, column, _ in found:
        assert (row, column) == (text.count(b"\n", 0, start), start - (text.rfind(b"\n", 0, start) + 1))


@pytest.mark.parametrize("language", [row.name for row in LANGUAGES if row.regions and row.regions != "notebook"])
@given(text=st.binary(max_size=60))
def test_any_bytes_keep_their_rows_and_their_length(language: str, text: bytes) -> None:
    parsed = regions_of(text, language).parsed
    assert len(parsed) == len(text)
    assert [i for i, byte in enumerate(parsed) if byte == 10] == [i for i, byte in enumerate(text) if byte == 10]


def notebook(*cells: dict[str, Any], kernel: dict[str, str] | None = None) -> dict[str, Any]:
    metadata = {} if kernel is None else {"kernelspec": kernel}
    return {"cells": list(cells), "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}


def cell(source: list[str] | str, kind: str = "code", **more: Any) -> dict[str, Any]:
    return {"cell_type": kind, "metadata": {}, "source": source, **more}


LINES = st.lists(
    st.text(st.sampled_from('ab()"\\/\t\b\f\r\0 é😀\ud800\udc00{}[],:\u2028'), max_size=8).map(
        lambda line: f"{line}\n"
    ),
    max_size=4,
)
CELLS = st.lists(st.tuples(LINES, st.sampled_from(("code", "markdown", "raw"))), max_size=4)


@given(cells=CELLS)
def test_a_laid_out_notebook_is_decoded_row_by_row(cells: list[tuple[list[str], str]]) -> None:
    made = notebook(*(cell(source, kind) for source, kind in cells), kernel={"language": "R"})
    text = json.dumps(made, indent=1).encode()
    shown, code = notebook_rows(text)
    found = regions_of(text, "jupyter")
    assert found.shown.split(b"\n") == shown
    assert [line.replace(b"\r", b" ") for line in found.parsed.split(b"\n")] == [
        line.replace(b"\r", b" ") for line in code
    ]


PIECES_OF_JSON = (
    *'"\\{}[],: \nu0é',
    '"cells": [',
    '"source": [',
    '"cell_type": "code"',
    '"metadata": {',
    '"kernelspec": {',
)


@given(pieces=st.lists(st.sampled_from(PIECES_OF_JSON), max_size=30))
def test_what_is_no_notebook_keeps_its_rows(pieces: list[str]) -> None:
    text = "".join(pieces)
    found = regions_of(text.encode(), "jupyter")
    assert found.shown.count(b"\n") == text.count("\n")
    assert len(found.shown) == len(found.parsed) <= len(text.encode())


def code_of(*sources: list[str] | str, **more: Any) -> list[bytes]:
    text = json.dumps(notebook(*(cell(source) for source in sources), **more), indent=1)
    return [line for line in regions_of(text.encode(), "jupyter").parsed.split(b"\n") if line.strip()]


@pytest.mark.parametrize(
    ("kernel", "guest"),
    [
        ({"language": "python", "name": "python3"}, "python"),
        ({"name": "ir", "language": "R"}, "r"),
        ({"name": "javascript"}, "javascript"),
        ({"language": "scala"}, "scala"),
        ({"language": "fortran"}, None),
        (None, "python"),
    ],
)
def test_the_kernel_says_the_language(kernel: dict[str, str] | None, guest: str | None) -> None:
    text = json.dumps(notebook(cell(["f(1)"]), kernel=kernel), indent=1).encode()
    assert regions_of(text, "jupyter").guest == guest


def test_cells_of_another_order_of_keys_and_of_older_notebooks_are_read() -> None:
    late = {
        "source": ["a = 1\n", "b = 2"],
        "outputs": [{"text": ["x"], "data": {"source": ["no"]}}],
        "cell_type": "code",
    }
    assert regions_of(json.dumps(notebook(late), indent=1).encode(), "jupyter").parsed.split() == b"a = 1 b = 2".split()
    old = {"worksheets": [{"cells": [{"cell_type": "code", "input": ["a = 1"], "language": "python"}]}]}
    assert regions_of(json.dumps(old, indent=1).encode(), "jupyter").parsed.split() == [b"a", b"=", b"1"]


def test_a_cell_that_is_not_laid_out_is_shown_and_not_parsed() -> None:
    text = json.dumps(notebook(cell("a = 1\nb = 2"), cell("c = 3")), indent=1).encode()
    found = regions_of(text, "jupyter")
    assert b"a = 1 b = 2" in found.shown.split(b"\n")
    assert found.parsed.split() == [b"c", b"=", b"3"]
    assert regions_of(json.dumps(notebook(cell(["a\n", "b"]))).encode(), "jupyter").guest is None


def test_outputs_are_not_shown() -> None:
    made = cell(["plot()"], outputs=[{"data": {"image/png": "iVBORw0" * 99, "text": ["secret\n"]}, "metadata": {}}])
    shown = regions_of(json.dumps(notebook(made, cell(["# Title"], "markdown")), indent=1).encode(), "jupyter").shown
    assert shown.split() == [b"plot()", b"#", b"Title"]


@pytest.mark.parametrize(
    ("source", "left"),
    [
        ("%matplotlib inline\nx = 1", "x = 1"),
        ("!pip install a \\\n  b\nx = 1", "x = 1"),
        ("?np.sum\nnp.sum?\nnp.sum??\nx = 1", "x = 1"),
        ("files = !ls *.py\na, b = %timeit -o f()\n", "files = 0\na, b = 0"),
        ("%%time\nx = 1", "x = 1"),
        ("\n\n%%bash\nls 'x'\n", ""),
        ("%%writefile a.py\nx = 1", ""),
        ("x = (a\n  % b)\ny = 1", "x = (a\n  % b)\ny = 1"),
        ("'''\n%a\n!b\n'''\ny = 1", "'''\n%a\n!b\n'''\ny = 1"),
        ("x = a \\\n  % b", "x = a \\\n  % b"),
        ("if x:\n    %load_ext a\n    y = 1", "if x:\n    y = 1"),
        ("x = '('  # )\n%a\ny = 1", "x = '('  # )\ny = 1"),
        ("a != b\nx = '!'\nf(a=!1)", "a != b\nx = '!'\nf(a=!1)"),
        ("x = ')'\n)\n%a", "x = ')'\n)"),
    ],
)
def test_magics_are_blanked(source: str, left: str) -> None:
    lines = source.splitlines(keepends=True)
    assert [line.rstrip() for line in code_of(lines)] == left.encode().split(b"\n") if left else not code_of(lines)


def test_magics_of_other_kernels_are_code() -> None:
    assert code_of(["a %>%\n", "  b\n", "%>% c"], kernel={"language": "R"}) == [b"a %>%", b"  b", b"%>% c"]


def test_code_without_magics_is_what_python_reads() -> None:
    source = "%time f()\ndef f(a):\n    return a % 2\n!ls\nx = !ls\n"
    tree = ast.parse(b"\n".join(code_of(source.splitlines(keepends=True))))
    assert [type(node).__name__ for node in tree.body] == ["FunctionDef", "Assign"]


PIECES_OF_FENCES = (
    *(
        "```python\n",
        "```\n",
        "~~~ js\n",
        "~~~\n",
        "````{.c++}\n",
        "````\n",
        "  ```rs,no_run\n",
        "\t```\n",
        "```py\r\n",
    ),
    *(
        "```nothing\n",
        "``` py `\n",
        "``` ",
        "text\n",
        "\n",
        "é `x`\n",
        "def f(): pass\n",
        "~~",
        "`",
        "```{r}\n",
        "\0\n",
    ),
)


@given(pieces=st.lists(st.sampled_from(PIECES_OF_FENCES), max_size=14))
def test_fences_are_those_of_the_slow_twin(pieces: list[str]) -> None:
    text = "".join(pieces).encode()
    found = regions_of(text, "markdown")
    names = {"python": "python", "py": "python", "js": "javascript", "c++": "cpp", "rs": "rust", "r": "r"}
    assert [(one.start, one.end, one.language) for one in found.apart] == find_fences(text, names)
    for one in found.apart:
        assert (one.row, one.column) == (text.count(b"\n", 0, one.start), 0)
    assert (found.guest, found.shown, found.names) == (None, text, [])


@pytest.mark.parametrize("language", LANGUAGES[find_language("markdown")].guests)
def test_fences_know_the_names_of_a_language(language: str) -> None:
    row = LANGUAGES[find_language(language)]
    for name in (language, language.upper(), *row.aliases):
        (found,) = regions_of(f"```{name}\nx\n```\n".encode(), "markdown").apart
        assert (found.language, found.start, found.end, found.row) == (language, len(name) + 4, len(name) + 6, 1)


def test_a_fence_without_an_end_goes_to_the_end_of_the_text() -> None:
    (found,) = regions_of(b"~~~~ go\nfunc f() {}\n~~~\n```\n", "markdown").apart
    assert (found.start, found.end) == (8, 28)


@pytest.mark.parametrize(
    ("tag", "is_read"),
    [
        ("<style>", True),
        ("<STYLE type='text/css'>", True),
        ("<style media=print>", True),
        ("<style type=text/less>", False),
        ("<div>", False),
        ("<!-- <style>", False),
    ],
)
def test_style_sheets_of_pages_are_read_apart(tag: str, is_read: bool) -> None:
    text = f"<p>\n{tag}.a {{}}</style>".encode()
    start = 4 + len(tag)
    expected = [(start, start + 5, 1, len(tag), "css")] if is_read else []
    assert regions_of(text, "html").apart == expected
    assert regions_of(text, "vue").apart == []
