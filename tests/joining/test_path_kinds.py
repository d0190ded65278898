"""path_kinds: what kind of code a file is by its path."""

from __future__ import annotations

from repomap_fast.joining.path_kinds import PathKind, classify_paths
from repomap_fast.tables import StringTable

KINDS = {
    b"src/app.py": PathKind(0),
    b"tests/app.py": PathKind.TESTS,
    b"src/Tests/app.py": PathKind.TESTS,
    b"src/parse/tests.rs": PathKind.TESTS,
    b"lib/test.js": PathKind.TESTS,
    b"shop/migrations/0001_initial.py": PathKind.GENERATED,
    b"lib/latest.js": PathKind(0),
    b"src/tests.py": PathKind(0),
    b"src/test_app.py": PathKind.TESTS,
    b"src/latest_app.py": PathKind(0),
    b"conftest.py": PathKind.TESTS,
    b"integration-tests/app.py": PathKind.TESTS,
    b"core/src/commonTest/kotlin/App.kt": PathKind.TESTS,
    b"app/src/androidTest/java/App.java": PathKind.TESTS,
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
