"""Java, Kotlin, C#, PHP: from a package or a type in it to files."""

from __future__ import annotations

from pathlib import Path

from support.import_trees import resolved

JVM = {
    "app/src/shop/Till.java": "package shop;\nclass Till { static class Drawer {} static int open() { return 1; } }\n",
    "app/src/shop/Util.kt": "package shop\nfun pause() {}\n",
    "app/src/shop/db/Pool.java": "package shop.db;\nclass Pool {}\n",
}


def test_java_finds_types_in_the_files_of_their_names(tmp_path: Path) -> None:
    source = (
        "package main;\nimport shop.Till;\nimport shop.Till.Drawer;\nimport static shop.Till.open;\nimport shop.db.*;\n"
        "import shop.Made;\nimport shop.Made.Inner;\nimport java.util.List;\nimport shop.other.Thing;\n"
    )
    assert [found[1:] for found in resolved(tmp_path, {**JVM, "app/Main.java": source}, "app/Main.java")] == [
        ("inside", ["app/src/shop/Till.java"]),
        ("inside", ["app/src/shop/Till.java"]),
        ("inside", ["app/src/shop/Till.java"]),
        ("inside", ["app/src/shop/db/Pool.java"]),
        ("unknown", []),
        ("unknown", []),
        ("outside", []),
        ("outside", []),
    ]


def test_kotlin_finds_functions_in_the_file_that_defines_them(tmp_path: Path) -> None:
    source = "package main\nimport shop.pause\nimport shop.Till\nimport shop.open\n"
    assert [found[1:] for found in resolved(tmp_path, {**JVM, "main.kt": source}, "main.kt")] == [
        ("inside", ["app/src/shop/Util.kt"]),
        ("inside", ["app/src/shop/Till.java"]),
        ("unknown", []),
    ]


def test_csharp_finds_the_files_of_a_namespace(tmp_path: Path) -> None:
    files = {
        "A.cs": "namespace Shop.Tills;\nclass A {}\n",
        "B.cs": "namespace Shop { namespace Tills { class B {} } }\n",
        "Main.cs": "using Shop.Tills;\nusing T = Shop.Tills.A;\nusing static Shop.Tills.B;\nusing System;\n",
    }
    assert [found[1:] for found in resolved(tmp_path, files, "Main.cs")] == [
        ("inside", ["A.cs", "B.cs"]),
        ("inside", ["A.cs"]),
        ("inside", ["B.cs"]),
        ("outside", []),
    ]


def test_php_finds_types_functions_and_namespaces(tmp_path: Path) -> None:
    files = {
        "src/Till.php": "<?php\nnamespace Shop;\nclass Till {}\n",
        "src/functions.php": "<?php\nnamespace Shop;\nfunction pause() {}\n",
        "main.php": "<?php\nuse Shop\\Till;\nuse function Shop\\pause;\nuse Shop\\{Till as T, Gone};\nuse Shop;\n"
        "use Other\\Till;\n",
    }
    assert [found[1:] for found in resolved(tmp_path, files, "main.php")] == [
        ("inside", ["src/Till.php"]),
        ("inside", ["src/functions.php"]),
        ("inside", ["src/Till.php"]),
        ("unknown", []),
        ("inside", ["src/Till.php", "src/functions.php"]),
        ("outside", []),
    ]
