"""history: ages, frequencies and message scores of files, beside slow twins that add up commit by commit."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from repomap_fast.discovery.git_history import MANY_FILES, NO_HISTORY, READ, UNREAD, Commit, History
from repomap_fast.ranking.history import FileHistory
from repomap_fast.tables import StringTable
from repomap_fast.tagging.words import terms_in

PATHS = [b"p%d.py" % number for number in range(40)]
WORDS = [b"alpha", b"beta", b"gamma", b"the", b"set"]
"""Each is one term."""


def commit(paths: Sequence[bytes], message: bytes = b"", knowledge: int = READ) -> Commit:
    return Commit(bytes(20), 0, knowledge, sorted(paths), message)


def of(commits: Sequence[Commit], paths: Sequence[bytes] = PATHS) -> FileHistory:
    return FileHistory.of(History.of(commits), StringTable.from_strings(paths))


def changes(commits: Sequence[Commit], paths: Sequence[bytes], most: int) -> list[list[bytes]]:
    """Return the files of the scan that each commit changed; none where these are more than ``most``."""
    known = [[path for path in commit.paths if path in paths] for commit in commits]
    return [found if len(found) <= most else [] for found in known]


def slow_ages(commits: Sequence[Commit], paths: Sequence[bytes]) -> list[float]:
    found = changes(commits, paths, 30)
    return [next((age for age, changed in enumerate(found) if path in changed), len(commits)) for path in paths]


def slow_often(commits: Sequence[Commit], paths: Sequence[bytes], half_life: float) -> list[float]:
    found = changes(commits, paths, 30)
    return [sum(0.5 ** (age / half_life) for age, changed in enumerate(found) if path in changed) for path in paths]


def slow_scores(
    commits: Sequence[Commit], paths: Sequence[bytes], weights: dict[bytes, float], common: set[bytes]
) -> list[float]:
    found = changes(commits, paths, 10)
    pairs = [(terms_in(commit.message), files) for commit, files in zip(commits, found, strict=True) if files]
    documents = [([term for term in terms if term not in common], files) for terms, files in pairs]
    scores = dict.fromkeys(paths, 0.0)
    if not documents:
        return list(scores.values())
    n, mean = len(documents), sum(len(terms) for terms, _ in documents) / len(documents) or 1.0
    fits = []
    for terms, _ in documents:
        counts, fit = Counter(terms), 0.0
        for term, weight in weights.items():
            df = sum(term in other for other, _ in documents)
            rarity = math.log(1 + (n - df + 0.5) / (df + 0.5))
            fit += weight * rarity * counts[term] * 2.2 / (counts[term] + 1.2 * (0.25 + 0.75 * len(terms) / mean))
        fits.append(fit)
    for number in sorted(range(n), key=lambda number: (-fits[number], number))[:50]:
        files = documents[number][1]
        for path in files if fits[number] > 0 else []:
            scores[path] += (fits[number] / max(fits)) ** 2 / math.sqrt(len(files)) * 0.5 ** (number / 1500)
    return list(scores.values())


def scores_of(history: FileHistory, weights: dict[bytes, float], common: Collection[bytes] = ()) -> list[float]:
    values = np.array(list(weights.values()), np.float64)
    found: list[float] = history.message_scores(list(weights), values, common=sorted(common)).tolist()
    return found


COMMITS = st.lists(
    st.one_of(
        st.builds(
            commit,
            st.lists(st.sampled_from([*PATHS, b"gone.py", b"a.txt"]), max_size=35, unique=True),
            st.lists(st.sampled_from([*WORDS, b"query_sets", b"#123"]), max_size=5).map(b" ".join),
        ),
        st.builds(commit, st.just(()), st.just(b""), st.sampled_from([MANY_FILES, UNREAD])),
    ),
    max_size=8,
)


@given(COMMITS, st.sampled_from([PATHS, PATHS[:7], [], [b"other"]]))
def test_ages_and_frequencies_are_those_of_the_twins(commits: list[Commit], paths: list[bytes]) -> None:
    history = of(commits, paths)
    assert history.ages().tolist() == slow_ages(commits, paths)
    assert history.often(3.0) == pytest.approx(slow_often(commits, paths, 3.0), rel=1e-12)
    assert history.ages().dtype == history.often().dtype == np.float64


@given(COMMITS, st.dictionaries(st.sampled_from(WORDS), st.floats(0.5, 4)), st.sets(st.sampled_from(WORDS)))
def test_message_scores_are_those_of_the_twin(
    commits: list[Commit], weights: dict[bytes, float], common: set[bytes]
) -> None:
    history, common = of(commits), common - weights.keys()
    found = scores_of(history, weights, common)
    assert found == pytest.approx(slow_scores(commits, PATHS, weights, common), rel=1e-9)
    assert found == scores_of(of(commits), weights, common)


def test_without_a_history_all_signals_are_zero() -> None:
    history = FileHistory.of(NO_HISTORY, StringTable.from_strings(PATHS))
    for values in (history.ages(), history.often(), history.message_scores([b"word"], np.ones(1))):
        assert values.tolist() == [0.0] * len(PATHS)


def test_a_file_that_no_small_commit_changed_is_as_old_as_the_history() -> None:
    history = of([commit(PATHS[:1]), commit(PATHS[:31])])
    assert history.ages().tolist() == [0.0] + [2.0] * 39
    assert history.often()[:2].tolist() == [1.0, 0.0]


def test_the_newer_of_two_equal_messages_counts_more_and_few_files_count_more() -> None:
    history = of([commit(PATHS[:1], b"alpha"), commit(PATHS[1:2], b"alpha"), commit(PATHS[2:6], b"alpha"), commit([])])
    first, second, of_four = scores_of(history, {b"alpha": 1.0})[:3]
    assert first == 1.0 > second > 0.99
    assert of_four == pytest.approx(0.5, rel=1e-2)


def test_only_the_best_fifty_messages_count() -> None:
    history = of([*[commit(PATHS[:1], b"the") for _ in range(60)], *[commit(PATHS[1:2], b"alpha") for _ in range(50)]])
    scores = scores_of(history, {b"alpha": 1.0, b"the": 0.1})
    assert scores[0] == 0.0
    assert scores[1] > 40


def test_a_message_of_a_commit_of_many_files_does_not_count() -> None:
    assert max(scores_of(of([commit(PATHS[:11], b"alpha"), commit(PATHS[:1], b"beta")]), {b"alpha": 1.0})) == 0.0
    assert max(scores_of(of([commit(PATHS[:10], b"alpha"), commit(PATHS[:1], b"beta")]), {b"alpha": 1.0})) > 0.0


def test_a_history_that_has_a_path_twice_counts_it_once() -> None:
    """Git makes none, but what is kept of one may be forged."""
    history = History.of([commit([b"a", b"b"]), commit([b"c"])])
    forged = replace(history, paths=StringTable.from_strings([b"p1.py", b"p1.py", b"p2.py"]))
    assert FileHistory.of(forged, StringTable.from_strings(PATHS)).n_changes().tolist()[:3] == [0, 1, 1]
