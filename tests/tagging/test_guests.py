"""Files with parts in another language: their tags are those of the parts alone, and components have names."""

from __future__ import annotations

import json
import time
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from repomap_fast import scan
from repomap_fast.languages.table import LANGUAGES, find_language
from repomap_fast.languages.tags_query import read_tags_query
from repomap_fast.tagging.regions import find_regions
from repomap_fast.tagging.words import hash_terms
from support.made_scans import rows, scan_files, scan_source
from support.repositories import make_work_tree

PIECES = {
    "vue": ("<script>\n", "<script setup lang=ts>", "</script>\r\n", "<template><A-b/>", "</template>", "<!--", "-->"),
    "svelte": ("<script module lang='ts'>", "<script>", "</script>\n", "<Ab.Cd {x}>", "<!--", "-->\n"),
    "astro": ("---\n", "\n---\n", "<script>", "</script>", "<Layout/>"),
    "html": ("<SCRIPT>", "</script>\n", "<script type=module>\r\n", "<x-y>", "<title>", "</title>"),
    "erb": ("<%", "<%= ", "%>\n", "-%>", "<p>", "<%# "),
    "ejs": ("<% ", "<%= ", "%>\r\n", "_%>", "<p>", "<%# "),
}
CODE = {
    "ruby": ("def f(a)\n g(a)\nend\n", "class A; end ", "f 1 do |x| ", "end\n", "require 'a'\n", "x = '", "# c\n"),
    "javascript": (
        *(
            "function f(a) { return g(a) }\r\n",
            "import b, { c } from './b'\n",
            "const d = (e) => e.f()\n",
            "class A { g() {} }",
        ),
        *("h(`</script>`)", "// </script>\n", "x = '", "{", "}", "interface I { j: string }\n", "x as T;"),
    ),
}


@pytest.mark.parametrize("language", sorted(PIECES))
@settings(max_examples=25)
@given(data=st.data())
def test_tags_are_those_of_the_parts_in_a_file_of_their_own(data: st.DataObject, language: str, folder: Path) -> None:
    row = LANGUAGES[find_language(language)]
    code = CODE["ruby" if language == "erb" else "javascript"]
    pieces = data.draw(st.lists(st.sampled_from(PIECES[language]) | st.sampled_from(code), max_size=10))
    text = "".join(pieces).encode()
    regions = find_regions(text, row)
    found = rows(scan_source(folder, text, language))
    named = {(line + 1, column) for _, _, line, column in regions.names} | {(1, 0)}
    found = [one for one in found if one["kind"] != "component" or (one["line"], one["column"]) not in named]
    assert found == ([] if regions.guest is None else rows(scan_source(folder, regions.parsed, regions.guest)))


@pytest.mark.parametrize("language", ["erb", "ejs"])
def test_tags_of_scripts_in_a_template_are_those_of_a_file_where_values_are_names(language: str, folder: Path) -> None:
    script = (
        "const url = '<%= a %>', items = <%= b %>;\nfunction load(c) { <% if (d) { %>\n  g(url);<% } %>\n}\n"
        "class A { e() { return <%= f %>; } }\nfunction h_<%= i %>() {}\n"
    )
    text = f"<p>\n<script x='<%= j %>'>{script}</script>\n<script type='text/x'>function no() {{}}</script>".encode()
    found = rows(scan_source(folder, text, language))
    for hole in ("<%= a %>", "<%= b %>", "<%= f %>", "<%= i %>"):
        script = script.replace(hole, "_" * len(hole))
    for hole in ("<% if (d) { %>", "<% } %>"):
        script = script.replace(hole, " " * len(hole))
    alone = rows(
        scan_source(folder, ("\n" + " " * text.split(b"\n")[1].find(b"const") + script).encode(), "javascript")
    )
    wanted = [one for one in alone if "_" not in one["name"]]
    assert [one for one in found if one["role"] == "definition" or one["name"] == "g"] == wanted


def test_tags_of_a_notebook_are_those_of_its_code_in_a_file_of_its_own(folder: Path) -> None:
    lines = ["import a\n", "def f(b: int) -> str:\n", "    return a.g(b)\n", "%magic\n", "class C(f): d = 1"]
    cells = [{"cell_type": "code", "source": lines}, {"cell_type": "markdown", "source": ["def no(): pass"]}]
    text = json.dumps({"cells": cells}, indent=1).encode()
    parsed = find_regions(text, LANGUAGES[find_language("jupyter")]).parsed
    assert rows(scan_source(folder, text, "jupyter")) == rows(scan_source(folder, parsed, "python"))
    assert {one["line"] for one in rows(scan_source(folder, text, "jupyter"))} == {6, 7, 8, 10}


def test_a_component_is_named_after_its_file(folder: Path) -> None:
    paths = {
        b"MyButton.vue": "MyButton",
        b"a/my-card.vue": "MyCard",
        b"a/button.svelte": "Button",
        b"a/Side/index.vue": "Side",
        b"index.vue": "Index",
        b"Map.client.vue": "Map",
        b"a/+page.svelte": "+page",
        b"a/[...slug].astro": "[...slug]",
        b"a/_app.astro": "_app",
    }
    languages = {path: path.decode().rpartition(".")[2] for path in paths}
    result = scan_files(folder, dict.fromkeys(paths, b"<p>\n</p>\n"), languages)
    found = {
        file.path.encode(): [(tag.name, tag.kind, tag.line, tag.end_line) for tag in file.tags] for file in result.files
    }
    assert found == {path: [(name, "component", 1, 2)] for path, name in paths.items()}


def test_equal_files_are_components_of_their_own_names_from_scan_to_scan(tmp_path: Path) -> None:
    folder, cache = tmp_path / "root", tmp_path / "cache"
    folder.mkdir()
    for name in ("One.vue", "Two.vue"):
        (folder / name).write_text("<p/>")
    for _ in range(2):
        assert [tag.name for tag in scan(folder, cache=cache).tags] == ["One", "Two"]
    (folder / "Two.vue").rename(folder / "Three.vue")
    assert [tag.name for tag in scan(folder, cache=cache).tags] == ["One", "Three"]


def test_the_key_of_a_query_has_all_queries_of_parts(tmp_path: Path) -> None:
    vue = find_language("vue")
    keys = {read_tags_query(vue, None).key}
    for name in ("javascript", "typescript", "tsx", "vue"):
        folder = tmp_path / name
        folder.mkdir()
        (folder / f"{name}.scm").write_text("(identifier) @name.reference.any")
        keys.add(read_tags_query(vue, folder).key)
    assert len(keys) == 5


def test_words_of_markup_count_and_outputs_of_notebooks_do_not(tmp_path: Path) -> None:
    folder = tmp_path
    (folder / "a.vue").write_text("<template>marigold</template>")
    cells = [{"cell_type": "code", "outputs": [{"text": ["petunia"]}], "source": ["dahlia = 1"]}]
    (folder / "b.ipynb").write_text(json.dumps({"cells": cells}, indent=1))
    words = scan(folder, cache=False).words
    hashes = np.unique(hash_terms([b"marigold", b"dahlia", b"petunia"]))
    counted = dict(zip(hashes.tolist(), words.document_frequencies(hashes).tolist(), strict=True))
    assert [counted[int(hash_terms([term])[0])] for term in (b"marigold", b"dahlia", b"petunia")] == [1, 1, 0]


def test_components_of_a_commit_have_the_names_of_its_files(tmp_path: Path) -> None:
    make_work_tree(tmp_path, {"a/my-card.vue": "<p/>"}, "a/my-card.vue")
    assert [tag.name for tag in scan(tmp_path, revision="HEAD", cache=False).tags] == ["MyCard"]


HOSTILE = {
    "scripts": ("html", "<script>" * 200_000),
    "closed scripts": ("vue", "<script>a</script>" * 100_000),
    "unclosed tags": ("vue", "<a b=" * 400_000),
    "unclosed quotes": ("html", "<a b='" * 300_000),
    "quotes of both kinds": ("html", "<a b=\"<a b='" * 150_000 + ">"),
    "unclosed comments": ("svelte", "<!--" * 400_000),
    "unclosed blocks": ("vue", "".join(f"<a{i}>" for i in range(200_000))),
    "open templates": ("vue", "<template lang='pug'>" * 100_000),
    "nested templates": ("vue", "<template>" * 100_000 + "</template>" * 100_000),
    "one long name": ("vue", "<" + "A" * 2_000_000),
    "names in one row": ("vue", "<A-b>" * 300_000),
    "ends": ("astro", "---\n" + "</script" * 200_000),
    "open code": ("erb", "<%" * 1_000_000),
    "code": ("ejs", "<%%>%" * 300_000),
    "braces": ("jupyter", "[{" * 1_000_000),
    "backslashes": ("jupyter", '{"cells":[{"cell_type":"code","source":["' + "\\" * 1_000_001 + '"' * 1_000_000),
    "a cell in one row": ("jupyter", '{"cells":[{"cell_type":"code","source":["' + "x = [1, %]\\n" * 200_000 + '"]}]}'),
    "magics": ("jupyter", '{"cells":[{"cell_type":"code","source":[' + '\n"!a \\\\\\n",' * 200_000 + '""]}]}'),
    "cells": ("jupyter", '{"cells":[' + '\n{"cell_type":"code","source":["a"]},' * 60_000 + "]}"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_the_pass_over_a_hostile_text_takes_time_by_its_length(name: str) -> None:
    language, text = HOSTILE[name]
    row, source = LANGUAGES[find_language(language)], text.encode()
    start = time.process_time()
    found = find_regions(source, row)
    # The square of the length would be minutes.
    assert time.process_time() - start < 2
    assert len(found.parsed) == len(found.shown)


CODE_OF_FENCES = {
    "python": "class A:\n    def f(self) -> B:\n        return g(self.x)\n",
    "rust": "struct S;\nimpl S { fn f(&self) -> T { g(1) } }\n",
    "go": "type T struct{}\nfunc (t *T) Do() { run() }\n",
    "javascript": "class A { m() { return n() } }\nconst o = () => p()",
    "cpp": "namespace n { int f() { return g(); } }",
    "sql": "create table t (a int);\n",
}


@settings(max_examples=25)
@given(languages=st.lists(st.sampled_from(sorted(CODE_OF_FENCES)), max_size=4), indent=st.sampled_from(("", "  ")))
def test_tags_of_fences_are_those_of_files_of_their_own(languages: list[str], indent: str, folder: Path) -> None:
    text, expected = "Text\n", []
    for language in languages:
        code = CODE_OF_FENCES[language] + "\n"
        text += f"{indent}```{language}\n"
        alone = rows(scan_source(folder, code.encode(), language))
        expected += [{**one, "line": one["line"] + text.count("\n")} for one in alone]
        text += f"{code}{indent}```\n"
    found = rows(scan_source(folder, text.encode(), "markdown", fences=True))
    places = ("name", "role", "kind", "line", "column")
    assert [[one[key] for key in places] for one in found] == [[one[key] for key in places] for one in expected]
    assert rows(scan_source(folder, text.encode(), "markdown")) == []


def test_definitions_in_fences_stand_below_their_heading(folder: Path) -> None:
    text = b"# Usage\n\n```py\nclass A:\n    def f(self):\n        pass\n```\n"
    found = [
        (tag.name, tag.kind, tag.line, tag.scope) for tag in scan_source(folder, text, "markdown", fences=True).tags
    ]
    assert [one[:3] for one in found] == [("Usage", "heading", 1), ("A", "class", 4), ("f", "function", 5)]
    assert [one[3] for one in found] == [None, "Usage", "Usage.A"]


def test_selectors_of_a_page_are_tags(folder: Path) -> None:
    text = b"<p>\n<style>.big { x: y }\n#one {}</style>\n<script>f()</script>"
    found = rows(scan_source(folder, text, "html"))
    assert [(one["name"], one["kind"], one["line"], one["column"]) for one in found] == [
        ("big", "selector", 2, 8),
        ("one", "selector", 3, 1),
        ("f", "call", 4, 8),
    ]
