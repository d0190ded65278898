"""Tags with the comments before them, in every language."""

from __future__ import annotations

from pathlib import Path

from repomap_fast.compat.repomap_tool import (
    TreeSitterParser,
    TreeSitterTagCache,
    get_cache_size,
)
from repomap_fast.languages.grammars import WITHOUT_PACK
from repomap_fast.languages.table import PARSED_LANGUAGES
from support.drop_ins import as_listed, as_scanned


def test_a_parser_says_what_the_comment_before_says(root: Path) -> None:
    parser = TreeSitterParser(root)
    comments = {
        tag.name: tag.comment for path in ("a.py", "lib/b.c", "lib/deep/c.js") for tag in parser.parse_file(root / path)
    }
    assert (comments["hello"], comments["what"]) == ("Adds.", "what")
    tags = parser.parse_file(str(root / "a.py"))
    assert as_listed(tags) == as_scanned(root, "a.py")
    assert {tag.name: tag.comment for tag in tags}["Über"] == "Says hello."
    assert {tag.name: tag.comment for tag in tags}["LIMIT"] is None
    assert parser.parse_file(root / "gone.py") == []
    assert [parser.is_language_supported(name) for name in ("x.py", "x.hpp", "x.txt")] == [True, True, False]
    assert parser.get_supported_languages() == sorted(parser.get_supported_languages())


DEFINITIONS = {
    "bash": "# why\nf() { g; }",
    "c": "/* why */\nint f(void) { return 1; }",
    "cpp": "// why\nint f() { return 1; }",
    "cs": "// why\nclass f { }",
    "dart": "// why\nvoid f() {}",
    "erl": "% why\nf() -> ok.",
    "ex": "# why\ndef f(), do: 1",
    "go": "package p\n// why\nfunc f() {}",
    "graphql": "# why\ntype f { a: Int }",
    "hs": "-- why\nf x = x",
    "java": "/** why */\nclass f { }",
    "js": "/* why */\nfunction f() {}",
    "kt": "// why\nfun f() {}",
    "lua": "-- why\nfunction f() end",
    "mm": "// why\nint f(void) { return 1; }",
    "php": "<?php\n// why\nfunction f() {}",
    "proto": "// why\nmessage f { }",
    "ps1": "# why\nfunction f { }",
    "py": "# why\ndef f(): pass",
    "r": "# why\nf <- function(x) x",
    "rb": "# why\ndef f; end",
    "rs": "/// why\nfn f() {}",
    "scala": "// why\nclass f",
    "sol": "// why\ncontract f { }",
    "sql": "-- why\nCREATE TABLE f (id int);",
    "swift": "/* why */\nfunc f() {}",
    "tf": '# why\nvariable "f" { }',
    "tsx": "// why\nfunction f() {}",
    "ts": "/* why\n*/\nfunction f() {}",
    "zig": "// why\nfn f() void {}",
    "adb": "-- why\nprocedure f is begin null; end f;",
    "bicep": "// why\nparam f string",
    "clj": "; why\n(defn f [] 1)",
    "lisp": "; why\n(defun f () 1)",
    "d": "// why\nint f() { return 1; }",
    "el": ";; why\n(defun f () 1)",
    "elm": "{- why -}\nf x =\n    x",
    "fish": "# why\nfunction f; end",
    "f90": "! why\nsubroutine f()\nend subroutine",
    "gd": "# why\nfunc f(): pass",
    "gleam": "// why\nfn f() { 1 }",
    "glsl": "// why\nfloat f() { return 1.0; }",
    "groovy": "// why\nclass f { }",
    "hlsl": "// why\nfloat f() { return 1.0; }",
    "jl": "# why\nf(x) = x",
    "luau": "-- why\nfunction f() end",
    "m": "% why\nfunction f()\nend",
    "nim": "# why\nproc f() = discard",
    "nix": "# why\nlet f = a: a; in f",
    "ml": "(* why *)\nlet f x = x",
    "mli": "(* why *)\nval f : int -> int",
    "pas": "// why\nprogram f;\nbegin end.",
    "pl": "# why\nsub f { 1 }",
    "prisma": "// why\nmodel f {\n  id Int\n}",
    "pp": "# why\nclass f { }",
    "qml": "// why\nf { }",
    "rkt": "; why\n(define (f) 1)",
    "scm": "; why\n(define (f) 1)",
    "bzl": "# why\ndef f():\n    pass",
    "tcl": "# why\nproc f {} {}",
    "thrift": "// why\nstruct f { 1: i32 a }",
    "v": "// why\nmodule f; endmodule",
    "vhd": "-- why\nentity f is end;",
    "vim": '" why\nfunction! f()\nendfunction',
}


def test_comments_are_found_in_every_language_of_code(tmp_path: Path) -> None:
    files = [tmp_path / f"input.{suffix}" for suffix in DEFINITIONS]
    for file in files:
        file.write_text(DEFINITIONS[file.suffix[1:]] + "\n")
    parser = TreeSitterParser(tmp_path)
    assert len(files) == sum(row.role == "code" and row.grammar not in WITHOUT_PACK for row in PARSED_LANGUAGES)
    found = parser.parse_files(files)
    first_tags = {Path(path).name: [(tag.name, tag.comment) for tag in tags[:1]] for path, tags in found.items()}
    assert first_tags == {file.name: [("f", "why")] for file in files}


def test_a_users_own_queries_are_followed(root: Path, tmp_path: Path) -> None:
    (tmp_path / "python-tags.scm").write_text(
        "(parameters (identifier) @name.definition.parameter)\n(comment) @comment\n"
    )
    tags = TreeSitterParser(root, tmp_path).parse_file(root / "a.py")
    assert [(tag.name, tag.kind, tag.comment) for tag in tags] == [("x", "name.definition.parameter", "Says hello.")]


def test_a_parser_asks_its_cache_and_fills_it(root: Path, tmp_path: Path) -> None:
    cache = TreeSitterTagCache(tmp_path / "cache")
    parser = TreeSitterParser(root, cache=cache)
    path = str(root / "a.py")
    tags = parser.get_tags(path)
    assert cache.get_tags(path) == tags
    cache.set_tags(path, tags[:1])
    assert parser.get_tags(path) == tags[:1]
    assert parser.get_tags(path, use_cache=False) == tags
    assert parser.get_tags(str(root / "gone.py")) == []
    assert get_cache_size(tmp_path / "cache") > 0
    assert get_cache_size(tmp_path / "none") == 0
