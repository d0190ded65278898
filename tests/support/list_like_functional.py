"""What a text of functional languages can have any number of."""

from __future__ import annotations

from collections.abc import Mapping

from support.constructs import Construct, nest


def _lisp(function: str, variable: str, nested: str = "(f ") -> dict[str, Construct]:
    """Return what all languages made of lists have, of a definition of a function and of a variable."""
    return {
        "functions": ("", function, "\n", "\n"),
        "variables": ("", variable, "\n", "\n"),
        "arguments": ("(f ", "(g§ a)", " ", ")\n"),
        "parameters": (function.partition("(a)")[0] + "(", "a§", " ", ") 1)\n"),
        "statements": (function.partition("(g a)")[0], "(g§ a)", "\n", ")\n"),
        "quoted": ("(f '(", "a§", " ", "))\n"),
        "comments": ("", "; §", "\n", "\n"),
        "nested calls": nest(nested, "a", ")"),
    }


FUNCTIONAL_CONSTRUCTS: Mapping[str, Mapping[str, Construct]] = {
    "ocaml": {
        "operators": ("", "let ( + ) a b = f a", "\n", "\n"),
        "functions": ("", "let f§ a = g a", "\n", "\n"),
        "functions of one declaration": ("let rec ", "f§ a = g a", "\nand ", "\n"),
        "values": ("", "let a§ = f §", "\n", "\n"),
        "parameters": ("let f ", "a§", " ", " = 1\n"),
        "arguments": ("let a = f ", "b§", " ", "\n"),
        "local values": ("let f a =\n", "let b§ = g a in", "\n", "\n a\n"),
        "constructors": ("type a = ", "B§ of c", " | ", "\n"),
        "fields": ("type a = { ", "b§ : c", "; ", " }\n"),
        "cases": ("let f a = match a with ", "B§ c -> g c", " | ", "\n"),
        "pipeline": ("let a = b", " |> f§", "", "\n"),
        "sequence": ("let f a = ", "g§ a", "; ", "\n"),
        "elements": ("let a = [", "f §", "; ", "]\n"),
        "opened": ("", "open A§", "\n", "\n"),
        "parts of a module": ("let a = ", "B§", ".", ".f 1\n"),
        "methods": ("class a = object ", "method b§ = c", " ", " end\n"),
        "nested modules": nest("module A = struct ", "let a = 1", " end"),
    },
    "ocaml_interface": {
        "values": ("", "val f§ : a -> b", "\n", "\n"),
        "parameters": ("val f : ", "a§", " -> ", " -> b\n"),
        "constructors": ("type a = ", "B§ of c", " | ", "\n"),
        "fields": ("type a = { ", "b§ : c", "; ", " }\n"),
        "types": ("", "type a§", "\n", "\n"),
        "modules": ("", "module A§ : B", "\n", "\n"),
        "nested modules": nest("module A : sig ", "val a : b", " end"),
    },
    "elm": {
        "functions": ("", "f§ a =\n    g a\n", "\n", "\n"),
        "imports": ("", "import A§", "\n", "\n"),
        "constructors": ("type A = ", "B§ C", " | ", "\n"),
        "fields": ("type alias A = { ", "b§ : C", ", ", " }\n"),
        "arguments": ("a = f ", "b§", " ", "\n"),
        "parameters": ("f ", "a§", " ", " = 1\n"),
        "pipeline": ("a = b", " |> f§", "", "\n"),
        "parameters of a type": ("f : ", "A§", " -> ", " -> B\n"),
        "elements": ("a = [ ", "f §", ", ", " ]\n"),
        "cases": ("f a = case a of\n", "    B§ c -> g c", "\n", "\n"),
        "exposed": ("module A exposing (", "b§", ", ", ")\n"),
    },
    "clojure": {
        **_lisp("(defn f§ [a] (g a))", "(def a§ 1)"),
        "parameters": ("(defn f [", "a§", " ", "] 1)\n"),
        "methods": ("(defprotocol A ", "(f§ [a])", " ", ")\n"),
        "methods of a record": ("(defrecord A [] B ", "(f§ [a] (g a))", " ", ")\n"),
        "required": ("(ns a (:require ", "[b§ :as c]", " ", "))\n"),
        "pairs": ("{", ":a§ (f §)", " ", "}\n"),
        "bindings": ("(let [", "a§ (f §)", " ", "] a)\n"),
        "nested vectors": nest("[", "a", "]"),
    },
    "commonlisp": {
        **_lisp("(defun f§ (a) (g a))", "(defvar a§ 1)"),
        "slots": ("(defclass a () (", "(b§ :initarg c)", " ", "))\n"),
        "bases": ("(defclass a (", "b§", " ", ") ())\n"),
        "bindings": ("(let (", "(a§ (f §))", " ", ") a)\n"),
    },
    "scheme": {
        **_lisp("(define (f§ a) (g a))", "(define a§ 1)"),
        "parameters": ("(define (f ", "a§", " ", ") 1)\n"),
        "fields": ("(define-record-type a (b) c? ", "(d§ a-d§)", " ", ")\n"),
        "bindings": ("(let (", "(a§ (f §))", " ", ") a)\n"),
    },
    "racket": {
        **_lisp("(define (f§ a) (g a))", "(define a§ 1)"),
        "parameters": ("(define (f ", "a§", " ", ") 1)\n"),
        "values": ("(define-values (", "a§", " ", ") (f))\n"),
        "bindings": ("(let (", "[a§ (f §)]", " ", ") a)\n"),
    },
    "elisp": {
        **_lisp("(defun f§ (a) (g a))", "(defvar a§ 1)"),
        "bindings": ("(let (", "(a§ (f §))", " ", ") a)\n"),
    },
    "gleam": {
        "functions": ("", "fn f§(a) { g(a) }", "\n", "\n"),
        "imports": ("", "import a§", "\n", "\n"),
        "constructors": ("type A { ", "B§(c: D)", " ", " }\n"),
        "fields": ("type A { B(", "c§: D", ", ", ") }\n"),
        "parameters": ("fn f(", "a§: B", ", ", ") { 1 }\n"),
        "arguments": ("fn f() { g(", "h(§)", ", ", ") }\n"),
        "pipeline": ("fn f() { a", " |> g§", "", " }\n"),
        "cases": ("fn f(a) { case a { ", "B§(c) -> g(c)", " ", " } }\n"),
        "elements": ("const a = [", "§", ", ", "]\n"),
        "nested blocks": nest("{ ", "a", " }"),
    },
}
