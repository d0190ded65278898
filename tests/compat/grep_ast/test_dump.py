"""dump shows values with the words that stand for them."""

from __future__ import annotations

import pytest

from repomap_fast.compat.grep_ast.dump import cvt, dump


def test_values_come_after_the_words_for_them(capsys: pytest.CaptureFixture[str]) -> None:
    number, text = 3, "a"
    dump(number, text.upper())
    assert capsys.readouterr().out == "number, text.upper(): 3, A\n"


def test_values_of_several_lines_stand_below(capsys: pytest.CaptureFixture[str]) -> None:
    several = [1, {2}]
    dump(several[:1])
    assert capsys.readouterr().out == "several[:1]:\n[\n    1\n]\n"
    assert cvt(several) == "[1, {2}]"
