"""What a text of scripts, systems, hardware, infrastructure and markup can have any number of."""

from __future__ import annotations

from collections.abc import Mapping

from support.constructs import Construct, nest

_SHADER: Mapping[str, Construct] = {
    "functions": ("", "float f§(float a) { return g(a); }", "\n", "\n"),
    "fields": ("struct A {\n", "float b§;", "\n", "\n};\n"),
    "arguments": ("float f() { return g(", "h(§)", ", ", "); }\n"),
    "macros": ("", "#define A§ 1", "\n", "\n"),
    "statements": ("void f() {\n", "g§(a);", "\n", "\n}\n"),
}

REST_CONSTRUCTS: Mapping[str, Mapping[str, Construct]] = {
    "perl": {
        "variables of one declaration": ("our (", "$a§", ", ", ") = 1;\n"),
        "functions": ("", "sub f§ { g(1) }", "\n", "\n"),
        "packages": ("", "package A§;", "\n", "\n"),
        "arguments": ("f(", "g(§)", ", ", ");\n"),
        "constants": ("use constant { ", "A§ => §", ", ", " };\n"),
        "method chain": ("$a", "->f§(1)", "", ";\n"),
        "statements": ("", "f§(1);", "\n", "\n"),
    },
    "julia": {
        "operators": ("", "Base.:+(a::A§, b) = f(a)", "\n", "\n"),
        "functions": ("", "f§(a) = g(a)", "\n", "\n"),
        "long functions": ("", "function f§(a) g(a) end", "\n", "\n"),
        "fields": ("struct A\n", "b§::C", "\n", "\nend\n"),
        "arguments": ("f(", "g(§)", ", ", ")\n"),
        "members": ("a", ".b§", "", "\n"),
        "constants": ("", "const A§ = §", "\n", "\n"),
    },
    "fish": {
        "functions": ("", "function f§; g; end", "\n", "\n"),
        "commands": ("", "f§ a", "\n", "\n"),
        "arguments": ("f ", "a§", " ", "\n"),
        "aliases": ("", "alias a§ b", "\n", "\n"),
    },
    "tcl": {
        "procedures": ("", "proc f§ {a} { g 1 }", "\n", "\n"),
        "commands": ("", "f§ a", "\n", "\n"),
        "arguments": ("f ", "a§", " ", "\n"),
        "nested substitutions": nest("[f ", "a", "]"),
    },
    "vim": {
        "functions": ("", "function F§()\n call G()\nendfunction", "\n", "\n"),
        "variables": ("", "let g:a§ = §", "\n", "\n"),
        "arguments": ("call F(", "G(§)", ", ", ")\n"),
        "commands": ("", "command A§ call F()", "\n", "\n"),
    },
    "groovy": {
        "methods": ("class A {\n", "void f§() { g() }", "\n", "\n}\n"),
        "classes": ("", "class A§ { }", "\n", "\n"),
        "arguments": ("f(", "g(§)", ", ", ")\n"),
        "statements": ("", "f§(a)", "\n", "\n"),
    },
    "matlab": {
        "functions": ("", "function a = f§(b)\na = g(b);\nend", "\n", "\n"),
        "properties": ("classdef A\nproperties\n", "b§ = §", "\n", "\nend\nend\n"),
        "arguments": ("f(", "g(§)", ", ", ");\n"),
        "elements": ("a = [", "f(§)", ", ", "];\n"),
    },
    "luau": {
        "functions": ("", "function f§(a) g(a) end", "\n", "\n"),
        "fields": ("local a = {", "b§ = function() end", ", ", "}\n"),
        "arguments": ("f(", "g(§)", ", ", ")\n"),
        "variables": ("", "local a§ = §", "\n", "\n"),
        "method chain": ("a", ":f§(b)", "", "\n"),
    },
    "gdscript": {
        "functions": ("", "func f§(): g(1)", "\n", "\n"),
        "enumerators": ("enum A { ", "B§", ", ", " }\n"),
        "variables": ("", "var a§ = §", "\n", "\n"),
        "arguments": ("var a = f(", "g(§)", ", ", ")\n"),
    },
    "nim": {
        "functions": ("", "proc f§(a: int) = g(a)", "\n", "\n"),
        "fields": ("type A = object\n", "  b§: C", "\n", "\n"),
        "enumerators": ("type A = enum\n", "  b§", "\n", "\n"),
        "arguments": ("f(", "g(§)", ", ", ")\n"),
        "constants": ("const\n", "  a§ = §", "\n", "\n"),
    },
    "d": {
        "functions": ("", "int f§(int a) { return g(a); }", "\n", "\n"),
        "fields": ("struct A {\n", "int b§;", "\n", "\n}\n"),
        "enumerators": ("enum A { ", "B§", ", ", " }\n"),
        "bases": ("class A : ", "B§", ", ", " {}\n"),
        "statements": ("void f() {\n", "g§(a);", "\n", "\n}\n"),
    },
    "ada": {
        "procedures": ("package A is\n", "procedure F§;", "\n", "\nend A;\n"),
        "enumerators": ("package A is type B is (", "C§", ", ", "); end A;\n"),
        "withed": ("", "with A§;", "\n", "\nprocedure B is begin null; end B;\n"),
        "statements": ("procedure A is begin\n", "F§ (1);", "\n", "\nend A;\n"),
    },
    "pascal": {
        "procedures": ("unit A; interface\n", "procedure F§;", "\n", "\nimplementation end.\n"),
        "fields": ("unit A; interface type B = class\n", "C§: D;", "\n", "\nend; implementation end.\n"),
        "uses": ("unit A; interface uses ", "B§", ", ", "; implementation end.\n"),
        "statements": ("program A; begin\n", "F§(1);", "\n", "\nend.\n"),
    },
    "fortran": {
        "subroutines": ("", "subroutine f§(a)\nend subroutine", "\n", "\n"),
        "calls": ("program a\n", "call f§(b)", "\n", "\nend program\n"),
        "variables": ("module a\n", "integer :: b§", "\n", "\nend module\n"),
        "names of one variable": ("module a\ninteger :: ", "b§", ", ", "\nend module\n"),
    },
    "verilog": {
        "modules": ("", "module a§; endmodule", "\n", "\n"),
        "instances": ("module a;\n", "b c§ (d);", "\n", "\nendmodule\n"),
        "parameters": ("module a;\n", "parameter b§ = §;", "\n", "\nendmodule\n"),
        "macros": ("", "`define A§ 1", "\n", "\n"),
    },
    "vhdl": {
        "entities": ("", "entity a§ is end;", "\n", "\n"),
        "signals": ("architecture a of b is\n", "signal c§ : d;", "\n", "\nbegin end;\n"),
        "names of one signal": ("architecture a of b is signal ", "c§", ", ", " : d; begin end;\n"),
        "functions": ("package a is\n", "function f§ return b;", "\n", "\nend;\n"),
    },
    "glsl": {
        **_SHADER,
        "blocks": ("", "uniform A§ { vec4 b§; } c§;", "\n", "\n"),
        "members of a block": ("uniform A {\n", "vec4 b§;", "\n", "\n} c;\n"),
    },
    "hlsl": {
        **_SHADER,
        "buffers": ("", "cbuffer A§ : register(b§) { int c§; };", "\n", "\n"),
        "members of a buffer": ("cbuffer A : register(b0) {\n", "int b§, c§ : packoffset(c§);", "\n", "\n}\n"),
        "members of one declaration": ("cbuffer A {\nint ", "b§[§]", ", ", ";\n}\n"),
        "annotated variables": ("", "int a§ < b = §; > = §;", "\n", "\n"),
        "settings of an annotation": ("int a < ", "b§ = §;", " ", " > = 1;\n"),
    },
    "nix": {
        "attributes": ("{ ", "a§ = f §;", " ", " }\n"),
        "functions": ("{ ", "f§ = a: g a;", " ", " }\n"),
        "variables": ("let ", "a§ = §;", " ", " in a\n"),
        "elements": ("[ ", "(f §)", " ", " ]\n"),
        "nested functions": nest("a: (", "b", ")"),
    },
    "starlark": {
        "functions": ("", "def f§(a):\n    g(a)", "\n", "\n"),
        "targets": ("", 'a(name = "b§")', "\n", "\n"),
        "loaded": ('load("//a", ', '"b§"', ", ", ")\n"),
        "elements": ("A = [", "f(§)", ", ", "]\n"),
    },
    "meson": {
        "variables": ("", "a§ = f(§)", "\n", "\n"),
        "one variable again": ("", "a = f(§)", "\n", "\n"),
        "targets": ("", "executable('a§', 'b.c')", "\n", "\n"),
        "arguments": ("f(", "'a§'", ", ", ")\n"),
    },
    "bicep": {
        "parameters": ("", "param a§ string", "\n", "\n"),
        "variables": ("", "var a§ = f(§)", "\n", "\n"),
        "elements": ("var a = [\n", "  f(§)", "\n", "\n]\n"),
    },
    "puppet": {
        "classes": ("", "class a§ { }", "\n", "\n"),
        "resources": ("", "a { 'b§': c => 1 }", "\n", "\n"),
        "included": ("class a {\n", "include b§", "\n", "\n}\n"),
    },
    "twig": {
        "blocks": ("", "{% block a§ %}{% endblock %}", "\n", "\n"),
        "calls": ("", "{{ f§(a) }}", "\n", "\n"),
        "filters": ("{{ a", "|b§", "", " }}\n"),
    },
    "qmljs": {
        "functions": ("A {\n", "function f§() { g() }", "\n", "\n}\n"),
        "properties": ("A {\n", "property int b§: §", "\n", "\n}\n"),
        "objects": ("A {\n", "B { id: c§ }", "\n", "\n}\n"),
        "nested objects": nest("A { ", "b: 1", " }"),
    },
    "thrift": {
        "structs": ("", "struct A§ { 1: B c }", "\n", "\n"),
        "fields": ("struct A {\n", "§: B c§", "\n", "\n}\n"),
        "enumerators": ("enum A {\n", "B§ = §", "\n", "\n}\n"),
        "methods": ("service A {\n", "B f§(1: C d)", "\n", "\n}\n"),
    },
    "prisma": {
        "values with attributes": ("enum A {\n", 'B§ @map("b§")', "\n", "\n}\n"),
        "models": ("", "model A§ {\n b C\n}", "\n", "\n"),
        "fields": ("model A {\n", "b§ C", "\n", "\n}\n"),
        "enumerators": ("enum A {\n", "B§", "\n", "\n}\n"),
    },
    "latex": {
        "sections": ("", "\\section{A§}", "\n", "\n"),
        "labels": ("", "\\label{a§}", "\n", "\n"),
        "commands": ("", "\\newcommand{\\a§}{b}", "\n", "\n"),
        "references": ("", "\\ref{a§}", "\n", "\n"),
        "nested groups": nest("{", "a", "}"),
    },
    "xml": {
        "elements": ("<a>", '<b id="c§"/>', "\n", "</a>\n"),
        "attributes": ("<a ", 'b§="c"', " ", "/>\n"),
        "nested elements": nest("<a>", "b", "</a>"),
    },
    "rst": {
        "headings": ("", "A§\n====\n", "\n", "\n"),
        "labels": ("", ".. _a§:", "\n", "\n"),
        "objects": ("", ".. py:function:: f§\n", "\n", "\n"),
    },
    "batch": {
        "labels": ("", ":a§", "\n", "\n"),
        "settings": ("", "set A§=§", "\n", "\n"),
        "calls": (":a\n", "call :a", "\n", "\n"),
        "nested blocks": nest("if 1==1 (\n", "echo a\n", ")\n"),
    },
    "fsharp": {
        "values": ("module A\n", "let a§ = §", "\n", "\n"),
        "cases": ("type A =\n", "  | B§ of int", "\n", "\n"),
        "record fields": ("type A = {\n", "  B§: int", "\n", "\n}\n"),
        "members": ("type A() =\n", "  member _.B§ = §", "\n", "\n"),
        "opens": ("", "open A§.B", "\n", "\n"),
        "list": ("let a = [", "§", "; ", "]\n"),
    },
    "systemverilog": {
        "ports": ("module a(", "input b§", ", ", ");\nendmodule\n"),
        "parameters": ("module a #(", "parameter B§ = §", ", ", ")();\nendmodule\n"),
        "signals": ("module a;\n", "wire b§;", "\n", "\nendmodule\n"),
        "enumerators": ("typedef enum {", "A§", ", ", "} b;\n"),
        "instances": ("module a;\n", "b c§(d);", "\n", "\nendmodule\n"),
        "modules": ("", "module a§; endmodule", "\n", "\n"),
        "methods": ("class A;\n", "function int f§(); return §; endfunction", "\n", "\nendclass\n"),
    },
    "ini": {
        "sections": ("", "[a§]", "\n", "\n"),
        "settings": ("[a]\n", "b§ = §", "\n", "\n"),
    },
}
