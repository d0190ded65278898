"""Members of classes, objects and modules of TypeScript and JavaScript, and what is one with them."""

from __future__ import annotations

from pathlib import Path

from support.resolved import resolved


def test_declarations_of_one_name_are_one(tmp_path: Path) -> None:
    text = (
        "interface A { a: 1 }\ninterface A { b: 1 }\nclass C {}\nnamespace C { export const d = 1 }\n"
        "function f() {}\nnamespace f { export const e = 1 }\nlet x: A;\nx.b; C.d; f.e;\n"
    )
    files = {"use.ts": text}
    assert resolved(tmp_path, files, "b", path="use.ts") == ["member use.ts:2"]
    assert resolved(tmp_path, files, "d", path="use.ts") == ["member use.ts:4"]
    assert resolved(tmp_path, files, "e", path="use.ts") == ["member use.ts:6"]


def test_this_in_a_function_of_a_prototype_means_what_it_makes(tmp_path: Path) -> None:
    text = (
        "function K() { this.run(); }\nK.prototype.run = function () { this.run(); };\n"
        "var app = {};\napp.go = function () { this.go(); };\nexports.say = function () {};\nexports.say();\n"
        "module.exports.say();\n"
    )
    files = {"use.js": text}
    assert resolved(tmp_path, files, "run", path="use.js") == ["member use.js:2", "outside", "member use.js:2"]
    assert resolved(tmp_path, files, "go", path="use.js") == ["outside", "member use.js:4"]
    assert resolved(tmp_path, files, "say", path="use.js")[-2:] == ["import use.js:5"] * 2


def test_what_is_assigned_to_a_prototype_or_an_object_is_a_member(tmp_path: Path) -> None:
    text = (
        "function K() {}\nK.prototype.run = function () {};\nvar app = {};\napp.go = function () {};\n"
        "new K().run();\napp.go();\nrun();\ngo();\n"
    )
    files = {"use.js": text}
    assert resolved(tmp_path, files, "run", path="use.js")[1:] == ["member use.js:2", "outside"]
    assert resolved(tmp_path, files, "go", path="use.js")[1:] == ["member use.js:4", "outside"]
