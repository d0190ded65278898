"""path_kinds: what kind of code a file is by its path."""

from __future__ import annotations

import pytest

from repomap_fast.ranking.path_kinds import PathKind, classify_paths, kind_factors
from repomap_fast.tables import StringTable
from repomap_fast.weights import Weights

KINDS = {
    b"src/app.py": PathKind(0),
    b"tests/app.py": PathKind.TESTS,
    b"src/Tests/app.py": PathKind.TESTS,
    b"src/tests.py": PathKind(0),
    b"src/test_app.py": PathKind.TESTS,
    b"src/latest_app.py": PathKind(0),
    b"conftest.py": PathKind.TESTS,
    b"pkg/app_test.go": PathKind.TESTS,
    b"src/AppTest.java": PathKind.TESTS,
    b"src/Apptest.java": PathKind(0),
    b"vendor/github.com/x/y.go": PathKind.VENDORED,
    b"vendors/y.go": PathKind(0),
    b"node_modules/x/test/y.js": PathKind.VENDORED | PathKind.TESTS,
    b"static/jquery.min.js": PathKind.VENDORED,
    b"api/v1.pb.go": PathKind.GENERATED,
    b"api/zz_generated.deepcopy.go": PathKind.GENERATED,
    b"examples/a/b/c.c": PathKind.EXAMPLES,
    b"": PathKind(0),
}


def test_paths_are_of_kinds() -> None:
    kinds = classify_paths(StringTable.from_strings(list(KINDS)))
    assert dict(zip(KINDS, map(PathKind, kinds.tolist()), strict=True)) == KINDS


def test_each_kind_has_its_weight() -> None:
    weights = Weights(tests=0.5, vendored=3.0, generated=7.0, examples=11.0)
    kinds = classify_paths(StringTable.from_strings(list(KINDS)))
    factors = dict(zip(KINDS, kind_factors(kinds, weights).tolist(), strict=True))
    assert factors[b"src/app.py"] == 1
    assert factors[b"tests/app.py"] == 0.5
    assert factors[b"node_modules/x/test/y.js"] == pytest.approx(1.5)
    assert factors[b"api/v1.pb.go"] == 7
    assert factors[b"examples/a/b/c.c"] == 11
    assert set(kind_factors(kinds, Weights.aider()).tolist()) == {1.0}
