"""mentions: what mentions say, each by itself."""

from __future__ import annotations

from repomap_fast.ranking.mentions import Mentions, odd_pairs, verbatim
from repomap_fast.ranking.query_text import NamedPath


def test_mentions_keep_their_order_and_count_once() -> None:
    assert list(Mentions(["b", "a", "b"])) == ["b", "a"]


def test_names_that_are_mentioned_come_before_those_that_are_parts() -> None:
    names = list(Mentions(["Task.retry", "apply()"]).names)
    assert names == [b"Task.retry", b"apply", b"Task", b"retry"]


def test_pairs_are_of_neighbours_and_of_names_with_marks() -> None:
    mentions = Mentions(["app.Task.retry", "Queue#empty?"])
    assert {(b"app", b"Task"), (b"Task", b"retry"), (b"Queue", b"empty?")} <= set(mentions.pairs)
    assert set(mentions.dotted) >= {(b"app", b"Task", b"retry")}


def test_paths_have_lines() -> None:
    assert list(Mentions(["app/task.py:3", "web/a.ts"]).paths) == [
        NamedPath(b"app/task.py", 3),
        NamedPath(b"web/a.ts", 0),
    ]


def test_a_mention_is_read_as_inline_code() -> None:
    read = Mentions(["Task.retry"])["Task.retry"]
    assert (b"Task", b"retry") in read.dotted


def test_code_of_words_has_no_odd_pairs() -> None:
    assert odd_pairs("Task.retry") == []
    assert (b"Task", b"done?") in odd_pairs("Task.done?")
    assert verbatim(" retry() ") == b"retry"
