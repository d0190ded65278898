"""TreeContext: what it shows, by the words of its options; beside the slow twin, and beside grep-ast itself."""

from __future__ import annotations

import pickle
import random
import threading
from typing import Any

import pytest

from reference import tree_context
from repomap_fast.compat.grep_ast import TreeContext, filename_to_lang, grep_ast
from repomap_fast.languages.table import LANGUAGES, find_language
from support.strategies import LANGUAGES_WITH_CASES, case_sources

BARE = {"parent_context": False, "child_context": False, "last_line": False, "margin": 0, "loi_pad": 0}
AS_AIDER = {**BARE, "parent_context": True, "mark_lois": False, "show_top_of_file_parent_scope": False}
LONG = """\
def f(
    a,
    b,
    c,
):
    x = [
        1,
    ]
    if x:
        for i in x:
            y = i
            y += 1
            y += 2
    else:
        z = 1

    return y


last = 1
"""


def shown(code: str, lines: list[int], **options: Any) -> str:
    """Return the text for these lines of interest."""
    context = TreeContext("a.py", code, **options)
    context.add_lines_of_interest(lines)
    context.add_context()
    return context.format()


class TestOptions:
    def test_lines_alone(self, source: str) -> None:
        assert shown(source, [9, 13], **BARE) == "⋮\n█        return 1\n│\n⋮\n█        if a:\n⋮\n"

    def test_by_default_all_is_asked_for(self, source: str) -> None:
        assert shown(source, [13]).splitlines() == [
            *('│"""What this is."""', "│", "│import os", "│", "⋮", "│class A:", '│    """A class."""', "│", "⋮"),
            *("│    def second(self, a,", "│               b):", "█        if a:", "│            return b", "│"),
            *("│        return os", "│", "⋮", "│def last():", "│    return A()"),
        ]

    def test_parent_context_has_the_heads_of_scopes_around(self, source: str) -> None:
        assert shown(source, [13], **{**BARE, "parent_context": True}) == (
            '│"""What this is."""\n│\n⋮\n│class A:\n│    """A class."""\n│\n⋮\n│    def second(self, a,\n'
            "│               b):\n█        if a:\n⋮\n"
        )

    def test_child_context_has_all_of_a_short_scope(self) -> None:
        assert shown(LONG, [9], **{**BARE, "child_context": True}) == (
            "⋮\n█        for i in x:\n│            y = i\n│            y += 1\n│            y += 2\n⋮\n"
        )

    def test_child_context_has_the_heads_of_the_largest_parts_of_a_long_one(self) -> None:
        assert shown(LONG, [0], **{**BARE, "child_context": True}) == (
            "█def f(\n│    a,\n│    b,\n│    c,\n│):\n│    x = [\n│        1,\n│    ]\n│    if x:\n⋮\n"
        )

    def test_last_line_has_the_last_line_of_the_file_and_its_scopes(self, source: str) -> None:
        assert shown(source, [9], **{**BARE, "last_line": True}) == (
            '│"""What this is."""\n│\n⋮\n█        return 1\n│\n⋮\n│def last():\n│    return A()\n'
        )

    def test_margin_has_the_top_of_the_file(self, source: str) -> None:
        assert shown(source, [13], **{**BARE, "margin": 2}) == '│"""What this is."""\n│\n⋮\n█        if a:\n⋮\n'

    def test_loi_pad_has_lines_around(self, source: str) -> None:
        assert shown(source, [13], **{**BARE, "loi_pad": 2}) == (
            "⋮\n│    def second(self, a,\n│               b):\n█        if a:\n│            return b\n│\n⋮\n"
        )

    def test_line_numbers(self, source: str) -> None:
        assert shown(source, [9], **BARE, line_number=True) == "...⋮...\n 10█        return 1\n 11│\n...⋮...\n"

    def test_lines_of_interest_may_look_like_others(self, source: str) -> None:
        assert shown(source, [9], **BARE, mark_lois=False) == "⋮\n│        return 1\n│\n⋮\n"

    def test_the_head_of_a_scope_has_a_limit(self) -> None:
        options = {**BARE, "parent_context": True}
        assert shown(LONG, [6], **options, header_max=2).splitlines()[:3] == ["│def f(", "│    a,", "⋮"]
        assert shown(LONG, [6], **options).splitlines()[:4] == ["│def f(", "│    a,", "│    b,", "│    c,"]

    def test_the_head_at_the_top_of_the_file_may_be_left_out(self) -> None:
        options = {**BARE, "parent_context": True, "show_top_of_file_parent_scope": False}
        assert shown(LONG, [6], **options).splitlines()[:2] == ["⋮", "│    x = ["]

    def test_colours(self, source: str) -> None:
        context = TreeContext("a.py", source, **BARE, color=True)
        context.add_lines_of_interest(context.grep("RETURN b", True))
        context.add_context()
        red, bold, plain = "\033[31m", "\033[1;31m", "\033[0m"
        assert context.format() == f"{plain}\n⋮\n{red}█{plain}            {bold}return b{plain}\n│\n⋮\n"

    def test_verbose_writes_the_tree(self, capsys: pytest.CaptureFixture[str]) -> None:
        TreeContext("a.py", "if a:\n    b\n", verbose=True)
        written = capsys.readouterr().out.splitlines()
        assert [line.split()[0] for line in written[:3]] == ["module", "if_statement", "identifier"]
        assert written[-2:] == ["[0]    0 if a:", "[0, 1] 1     b"]


class TestMethods:
    def test_grep_gives_the_lines_that_match(self, source: str) -> None:
        context = TreeContext("a.py", source)
        assert context.grep("def ", False) == {8, 11, 19}
        assert context.grep("DEF ", False) == set()
        assert context.grep("DEF ", True) == {8, 11, 19}
        assert context.output_lines == {}

    def test_nothing_is_shown_before_it_is_asked_for(self, source: str) -> None:
        context = TreeContext("a.py", source)
        assert context.format() == ""
        context.add_context()
        assert context.format() == ""

    def test_lines_of_interest_may_be_replaced(self, source: str) -> None:
        context = TreeContext("a.py", source, **BARE)
        context.add_lines_of_interest([9])
        context.add_lines_of_interest([13])
        context.add_context()
        assert context.lines_of_interest == {9, 13}
        context.lines_of_interest = {5}
        context.add_context()
        assert context.format() == "⋮\n█class A:\n⋮\n"

    def test_single_steps(self, source: str) -> None:
        context = TreeContext("a.py", source, **BARE)
        context.done_parent_scopes = set()
        context.add_parent_scopes(13)
        assert context.show_lines == {0, 5, 6, 11, 13}
        context.show_lines = {1, 3}
        context.close_small_gaps()
        assert context.show_lines == {1, 2, 3}
        assert context.get_last_line_of_scope(5) == 16
        with pytest.raises(ValueError, match="no node starts on line 1"):
            context.get_last_line_of_scope(1)
        context.add_child_context(9)
        assert context.show_lines == {1, 2, 3, 9}

    def test_the_tree_may_be_read(self) -> None:
        context = TreeContext("a.py", "if a:\n    b\n\n")
        assert context.scopes == [{0}, {0, 1}, {0}, {0}]
        assert context.header == [(0, 1), (1, 2), (2, 3), (3, 4)]
        assert [[node.type for node in nodes] for nodes in context.nodes] == [
            ["module", "if_statement", "if", "identifier", ":"],
            ["block", "identifier"],
            [],
            [],
        ]
        assert context.walk_tree(context.nodes[0][0]) == (0, 3)

    def test_lines_beyond_the_end_are_no_trouble_where_nothing_is_asked_of_them(self, source: str) -> None:
        assert shown(source, [9, 4000], **{**BARE, "parent_context": True}).startswith('│"""What')
        with pytest.raises(IndexError):
            shown(source, [4000])

    @pytest.mark.parametrize("code", ["", "\n", "a", "a\r\nb\x0cc\n", "\ufeffdef f():\n  pass", "#\0x\nx = 1\n"])
    def test_odd_texts(self, code: str) -> None:
        context = TreeContext("a.py", code)
        assert context.num_lines == len(code.splitlines()) + 1
        context.add_lines_of_interest([0])
        context.add_context()
        assert context.format() == "".join(
            f"{'█' if row == 0 else '│'}{line}\n" for row, line in enumerate(context.lines)
        )

    def test_a_name_that_tells_no_language(self) -> None:
        with pytest.raises(ValueError, match=r"no language is known for files named as 'notes\.txt'"):
            TreeContext("notes.txt", "a")

    def test_a_text_that_takes_too_much(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(grep_ast, "_OF_THREAD", threading.local())
        monkeypatch.setattr(grep_ast, "DEFAULT_MAX_FILE_MEMORY_BYTES", 1 << 20)
        with pytest.raises(ValueError, match=r"'a\.py' cannot be parsed within 20 s"):
            TreeContext("a.py", "x = [" + "1, " * 200_000 + "]\n")

    def test_a_deep_tree(self) -> None:
        depth = 3000
        assert shown("[\n" * depth + "]\n" * depth, [depth], **{**BARE, "parent_context": True}).count("\n") > depth

    def test_what_is_below_many_lines_is_looked_at_once(self) -> None:
        class Counting(TreeContext):
            n_calls = 0

            def add_parent_scopes(self, i: int) -> None:
                self.n_calls += 1
                super().add_parent_scopes(i)

        n_rows = 1000
        context = Counting("a.py", "[\n" * n_rows + "]\n" * n_rows)
        context.add_lines_of_interest(range(2 * n_rows))
        context.add_context()
        assert context.n_calls < 8 * n_rows


def test_threads_make_the_same(source: str) -> None:
    expected = shown(source, [13])
    found: list[str] = []
    threads = [threading.Thread(target=lambda: found.extend(shown(source, [13]) for _ in range(20))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [expected] * 80


def test_it_can_be_kept(source: str) -> None:
    context = TreeContext("a.py", source)
    context.add_lines_of_interest([13])
    context.add_context()
    assert pickle.loads(pickle.dumps(context)).format() == context.format()


def name_for(language: str) -> str | None:
    """Return a file name by which a language of our table is told."""
    row = LANGUAGES[find_language(language)]
    return next((f"f{suffix}" for suffix in row.suffixes if filename_to_lang(f"f{suffix}") == row.grammar), None)


@pytest.mark.parametrize("language", LANGUAGES_WITH_CASES)
def test_the_slow_twin_shows_the_same(language: str) -> None:
    row, name = LANGUAGES[find_language(language)], name_for(language)
    if name is None:
        pytest.skip(f"grep-ast reads {language} by another grammar")
    for source in case_sources(language):
        text = source.decode("ascii" if row.bmp_only else "utf-8", "ignore")
        text += "" if text.endswith("\n") else "\n"
        context = TreeContext(name, text, **AS_AIDER)
        rows = [len(context.lines) // 2, len(context.lines) - 1]
        context.add_lines_of_interest(rows)
        context.add_context()
        expected = tree_context.shown_text(text, row.grammar, rows)
        assert "".join(f"{line[: tree_context.LINE_LENGTH]}\n" for line in context.format().splitlines()) == expected


@pytest.mark.parametrize("language", LANGUAGES_WITH_CASES)
def test_grep_ast_shows_the_same(language: str) -> None:
    """The real TreeContext, where it is installed, with options that are drawn."""
    theirs = pytest.importorskip("grep_ast")
    row, name = LANGUAGES[find_language(language)], name_for(language)
    if name is None:
        pytest.skip(f"grep-ast reads {language} by another grammar")
    draw = random.Random(language)
    for source in case_sources(language):
        text = source.decode("ascii" if row.bmp_only else "utf-8", "ignore")
        for _ in range(5):
            options = {
                **{key: draw.random() < 0.6 for key in ("parent_context", "child_context", "last_line", "mark_lois")},
                **{key: draw.random() < 0.5 for key in ("line_number", "show_top_of_file_parent_scope")},
                **{key: draw.choice((0, 1, 3)) for key in ("margin", "loi_pad", "header_max")},
            }
            contexts = [cls(name, text, **options) for cls in (TreeContext, theirs.TreeContext)]
            lines = [draw.randrange(-1, contexts[0].num_lines) for _ in range(draw.choice((1, 3, 30)))]
            for context in contexts:
                context.add_lines_of_interest(lines)
                context.add_context()
            assert contexts[0].format() == contexts[1].format()
            assert contexts[0].scopes == contexts[1].scopes
            assert contexts[0].header == contexts[1].header
