"""Kinds of files by path: tests, vendored, generated, examples, data. One table for all languages.

It never reads a file.
"""

from __future__ import annotations

from enum import IntFlag
from functools import cache
from typing import TYPE_CHECKING

from repomap_fast.joining import _path_kinds
from repomap_fast.languages.table import LANGUAGES

if TYPE_CHECKING:
    from repomap_fast.tables import U8, StringTable


class PathKind(IntFlag):
    """Kinds of files. A file can have several. DATA is text and configuration."""

    TESTS = 1
    VENDORED = 2
    GENERATED = 4
    EXAMPLES = 8
    DATA = 16

    @property
    def weight_name(self) -> str:
        """The field of ``Weights`` that is the factor of this kind."""
        return str(self.name).lower()


_DATA = [row for row in LANGUAGES if row.role in ("config", "text")]
_FOLDERS = {
    PathKind.TESTS: (
        *("test", "tests", "testing", "__tests__", "spec", "specs", "testsuite", "testdata", "test-data", "fixtures"),
        *("selftests", "unittests", "unit-tests", "e2e", "__mocks__", "__fixtures__"),
        *("integration-tests", "integration_tests", "integrationtest", "functional-tests", "functional_tests"),
        # Gradle's, of Android and of Kotlin's platforms.
        *("androidtest", "commontest", "jvmtest", "jstest", "nativetest", "iostest", "testfixtures"),
    ),
    PathKind.VENDORED: (
        *("vendor", "vendored", "_vendor", "third_party", "third-party", "thirdparty", "3rdparty", "node_modules"),
        *("bower_components", "site-packages", "external", "externals", "pods"),
    ),
    PathKind.GENERATED: ("generated", "__generated__", "gen", "autogen", "dist", "generated-sources"),
    PathKind.EXAMPLES: ("example", "examples", "sample", "samples", "demo", "demos", "tutorial", "tutorials"),
}
"""Names of folders anywhere in the path, in any case."""
_BEGINNINGS = {
    PathKind.TESTS: ("test_", "conftest.py", "tests.rs", "test.rs", "test.js", "test.ts"),
    PathKind.GENERATED: ("zz_generated", "0001_initial.py"),
    PathKind.DATA: tuple(text for row in _DATA for text in row.beginnings),
}
"""Beginnings of the file's name."""
_ENDINGS = {
    PathKind.TESTS: (
        *("_test.go", "_test.py", "_test.rb", "_spec.rb", "_test.c", "_test.cc", "_test.cpp", "_test.rs", "_tests.rs"),
        *("_test.exs", "_test.lua", "_spec.lua"),
        *(".test.js", ".test.ts", ".test.jsx", ".test.tsx", ".spec.js", ".spec.ts", ".spec.jsx", ".spec.tsx"),
        *("Test.java", "Tests.java", "Test.kt", "Tests.cs", "Test.cs", "Test.php", "Spec.scala", "Tests.swift"),
    ),
    PathKind.VENDORED: (".min.js", ".min.css"),
    PathKind.GENERATED: (
        *(".pb.go", ".pb.cc", ".pb.h", "_pb2.py", "_pb2_grpc.py", ".pb.dart", ".g.dart", ".g.cs", ".designer.cs"),
        *(".Designer.cs", ".generated.cs", ".generated.ts", ".gen.go", "_gen.go", "_generated.go", ".gen.ts"),
        *("_string.go", ".bundle.js", ".tab.c", ".tab.h", ".yy.c", ".d.ts.map"),
    ),
    PathKind.DATA: tuple(text for row in _DATA for text in (*row.suffixes, *row.file_names)),
}
"""Ends of the file's name."""


def classify_paths(paths: StringTable) -> U8:
    """Return the kinds of each path: (n,) uint8, bits of PathKind."""
    return _path_kinds.match_kinds(paths.offsets, paths.data, *_rules())


@cache
def _rules() -> tuple[list[tuple[bytes, int]], ...]:
    """Return the texts of folders, of beginnings and of ends, each with its kind."""
    return tuple(
        [(text.encode(), int(kind)) for kind, texts in table.items() for text in texts]
        for table in (_FOLDERS, _BEGINNINGS, _ENDINGS)
    )
