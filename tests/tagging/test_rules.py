"""Rules of patterns: what is around a tag, whose it is, and what of a node is its name."""

from __future__ import annotations

from pathlib import Path

import pytest

from repomap_fast.api import scan
from repomap_fast.errors import QueryError
from support.made_scans import names, queries_folder, reference_rows, rows, scan_source

PLACES = """
(class_definition name: (identifier) @name) @definition.class
(function_definition name: (identifier) @name) @definition.function
"""


def tags_of(tmp_path: Path, source: bytes, query: str, language: str = "python") -> list[str]:
    folder = queries_folder(tmp_path / "queries", **{language: query})
    result = scan_source(tmp_path, source, language, queries=folder)
    assert rows(result) == reference_rows(source, language, query)
    return [f"{tag.scope}.{tag.name}:{tag.kind}" if tag.scope else f"{tag.name}:{tag.kind}" for tag in result.tags]


def test_a_rule_asks_the_innermost_type_or_function(tmp_path: Path) -> None:
    query = PLACES + "((assignment left: (identifier) @name) @definition.x (#set! not-in function))"
    source = b"a = 1\nclass C:\n    b = 1\n    def f(self):\n        c = 1\n        class D:\n            d = 1\n"
    assert tags_of(tmp_path, source, query) == [
        *("a:x", "C:class", "C.b:x", "C.f:function", "C.f.D:class", "C.f.D.d:x"),
    ]


def test_what_was_within_a_tag_that_a_rule_drops_is_within_what_was_around_it(tmp_path: Path) -> None:
    query = PLACES + (
        "((assignment left: (identifier) @name) @definition.x (#set! not-in function))"
        "(call function: (identifier) @name) @reference.call"
    )
    assert tags_of(tmp_path, b"def f():\n    a = g(h())\nb = i()\n", query) == [
        *("f:function", "f.g:call", "f.h:call", "b:x", "b.i:call"),
    ]


PAIRS = (
    PLACES
    + """
((assignment left: (pattern_list (identifier) @name)) @definition.x %s)
(call function: (identifier) @name) @reference.call
(lambda parameters: (lambda_parameters (identifier) @name @definition.y))
"""
)


def test_what_was_within_the_first_of_several_names_is_within_the_next_that_stays(tmp_path: Path) -> None:
    source = b"a = 1\na, b = f()\na, b, c, d = g(lambda e: h())\na, b = i()\n"
    assert tags_of(tmp_path, source, PAIRS % "(#set! once-in file)") == [
        *("a:x", "b:x", "a.f:call", "c:x", "d:x", "c.g:call", "c.e:y", "c.h:call", "i:call"),
    ]
    for of_a_regex in ('(#not-match? @name "^[a]$")', '(#not-match? @name "^[ab]$")', '(#match? @name "^[bc]$")'):
        tags_of(tmp_path, source, PAIRS % of_a_regex)
    assert tags_of(tmp_path, source, PAIRS % '(#match? @name "^[d-z]$")') == [
        *("f:call", "d:x", "d.g:call", "d.e:y", "d.h:call", "i:call"),
    ]


def test_the_next_of_several_names_takes_over_in_a_function_too(tmp_path: Path) -> None:
    query = PAIRS % '(#set! unless defined) (#not-match? @name "^c$")' + (
        '((identifier) @name @definition.z (#any-of? @name "a" "b"))'
    )
    tags_of(tmp_path, b"def f():\n    a, c, d = g(h())\n    c, b = i()\n    b, a = j()\n", query)


def test_a_kind_may_be_another_in_a_type(tmp_path: Path) -> None:
    query = PLACES + "((assignment left: (identifier) @name) @definition.variable (#set! kind-in-type member))"
    source = b"a = 1\nclass C:\n    b = 1\n    def f():\n        c = 1\n"
    assert tags_of(tmp_path, source, query) == [
        *("a:variable", "C:class", "C.b:member", "C.f:function", "C.f.c:variable"),
    ]


def test_a_name_that_is_defined_is_no_reference(tmp_path: Path) -> None:
    query = PLACES + "((identifier) @name @reference.use (#set! unless defined))"
    assert tags_of(tmp_path, b"def f(a): g(f)\n", query) == ["f:function", "f.a:use", "f.g:use", "f.f:use"]


def test_a_definition_gives_way_to_one_of_the_same_name(tmp_path: Path) -> None:
    query = PLACES + "((function_definition name: (identifier) @name) @definition.other (#set! unless defined))"
    assert tags_of(tmp_path, b"def f(): pass\n", query) == ["f:function"]
    query = "((function_definition name: (identifier) @name) @definition.other (#set! unless defined))"
    assert tags_of(tmp_path, b"def f(): pass\n", query) == ["f:other"]


ONCE = (
    PLACES
    + """
(assignment left: (identifier) @name) @definition.variable
((assignment left: (attribute attribute: (identifier) @name) @definition.field) (#set! once-in type))
"""
)


def test_one_of_a_name_and_kind_is_left_in_a_file(tmp_path: Path) -> None:
    query = PLACES + (
        "((assignment left: (identifier) @name) @definition.variable (#set! once-in file))"
        "((assignment left: (attribute attribute: (identifier) @name) @definition.field) (#set! once-in file))"
        "(call function: (identifier) @name) @reference.call"
    )
    source = b"a = b = 1\nx.a = 2\nclass C:\n    a = f()\n    y.a = 3\n    c = 1\ndef a(): b = 1\nb = 2\n"
    assert tags_of(tmp_path, source, query) == [
        *("a:variable", "a.b:variable", "a:field", "C:class", "C.f:call", "C.c:variable", "a:function"),
    ]


def test_one_of_a_name_is_left_in_each_type(tmp_path: Path) -> None:
    source = b"""
class C:
    a = 1
    def f(self):
        self.a = self.b = self.b = 1
        def g():
            self.c = self.f = 1
    class D:
        def f(self):
            self.b = 1
    def h(self):
        self.b = self.d = 1
def outside(self):
    self.e = 1
"""
    assert tags_of(tmp_path, source, ONCE) == [
        *("C:class", "C.a:variable", "C.f:function", "C.b:field", "C.f.g:function", "C.c:field", "C.D:class"),
        *("C.D.f:function", "C.D.b:field", "C.h:function", "C.d:field", "outside:function"),
    ]


OWNERS = """
(function_declaration name: (identifier) @name) @definition.function
(method_declaration
  receiver: (parameter_list (parameter_declaration type: [
    (type_identifier) @owner
    (pointer_type (type_identifier) @owner)]))
  name: (field_identifier) @name) @definition.method
(type_spec name: (type_identifier) @name) @definition.struct
(parameter_declaration type: (type_identifier) @name) @reference.type
"""


def test_an_owner_is_the_type_of_the_file_or_the_name_in_the_declaration(tmp_path: Path) -> None:
    source = b"""package p
func (x A) one() {}
type A struct {}
func (x B) two() {}
func (x *C) three() {}
"""
    # Where nothing is tagged at the name of the owner, there is nothing that could be the scope.
    assert tags_of(tmp_path, source, OWNERS, "go") == [
        *("A.one.A:type", "A.one:method", "A:struct", "B:type", "B.two:method", "three:method"),
    ]


def test_owners_never_go_round_and_round(tmp_path: Path) -> None:
    source = b"""package p
func (x A) one() { type B struct {} }
func (x B) two() { type A struct {} }
func (x T) three() { type T struct {} }
"""
    assert tags_of(tmp_path, source, OWNERS, "go") == [
        *("A:type", "A.one:method", "A.one.B:struct", "B:type", "B.two:method", "B.two.A:struct"),
        *("T:type", "T.three:method", "T.three.T:struct"),
    ]


def test_a_name_is_a_part_of_its_node_or_more_than_it(tmp_path: Path) -> None:
    query = """
((string (string_content) @name) @definition.trimmed (#set! trim ":<>"))
((attribute attribute: (identifier) @name) @definition.longer (#set! suffix "="))
((comment) @name @definition.until (#set! trim "#") (#set! until "-"))
"""
    source = b"':a:'; '::'; '<b'; c.d\n#e-f\n"
    assert tags_of(tmp_path, source, query) == ["a:trimmed", "b:trimmed", "d=:longer", "e:until"]


def test_a_name_begins_behind_a_word_and_ends_before_what_closes_it(tmp_path: Path) -> None:
    query = """
((string (string_content) @name) @definition.after (#set! after ":"))
((comment) @name @definition.close (#set! trim "#") (#set! close "="))
"""
    source = b"'ab:c'; ':a'; 'a:'; 'a1:b'; 'c:\\d'; 'e:f:g'; 'h'\n#a ==\n#b== \n#==\n#c\t= \t\n#d = =\n# ==\n"
    assert tags_of(tmp_path, source, query) == [
        *("c:after", ":a:after", "a::after", "a1:b:after", "c:\\d:after", "f:g:after", "h:after"),
        *("a:close", "b==:close", "c:close", "d =:close"),
    ]


def test_a_name_behind_another_word_than_those_that_are_asked_for_is_none(tmp_path: Path) -> None:
    query = """
((string (string_content) @name) @definition.x (#set! after ":") (#set! after-word "one other"))
"""
    source = (
        b"'one:a'; 'oTHer:b'; 'on:c'; 'ones:d'; 'other'; ':e'; 'one:'; 'two:f'; 'one other:g'; 'othe:h'; 'one:one:i'\n"
    )
    assert tags_of(tmp_path, source, query) == ["a:x", "b:x", "one:i:x"]


def test_of_definitions_that_are_once_in_a_file_those_that_give_way_are_the_last(tmp_path: Path) -> None:
    query = """
((assignment left: (identifier) @name) @definition.x (#set! once-in file) (#set! unless defined))
((module (assignment left: (identifier) @name) @definition.x) (#set! once-in file))
(function_definition name: (identifier) @name) @definition.function
"""
    source = b"def f():\n    a = 1\n    b = 2\n    b = 3\na = 4\na = 5\n"
    assert tags_of(tmp_path, source, query) == ["f:function", "f.b:x", "a:x"]


def test_a_name_that_has_no_room_for_its_suffix_stays_as_it_is(tmp_path: Path) -> None:
    query = '((attribute attribute: (identifier) @name) @definition.x (#set! suffix "="))'
    folder = queries_folder(tmp_path / "queries", python=query)
    source = b"a.%s; a.%s\n" % (b"b" * 255, b"c" * 256)
    assert names(scan_source(tmp_path, source, "python", queries=folder)) == ["b" * 255 + "=", "c" * 256]


@pytest.mark.parametrize(
    ("rule", "message"),
    [
        ("not-in module", "#set! not-in says 'module'; expected function"),
        ("once-in function", "#set! once-in says 'function'; expected type or file"),
        ("kind-in-type", "#set! kind-in-type says ''; expected a kind"),
        ('trim "abcde"', "#set! trim says 'abcde'; expected up to four characters of ASCII"),
        ('suffix "=="', "#set! suffix says '=='; expected one character of ASCII"),
        ('after-word "A"', "#set! after-word says 'A'; expected words of small letters, of 31 characters at most"),
        ('after "é"', "#set! after says 'é'; expected one character of ASCII"),
        ("close", "#set! close says ''; expected one character of ASCII"),
    ],
)
def test_a_rule_that_makes_no_sense_says_so(rule: str, message: str, tmp_path: Path) -> None:
    folder = queries_folder(tmp_path / "queries", python=f"((identifier) @name @definition.x (#set! {rule}))")
    with pytest.raises(QueryError, match="pattern 1") as caught:
        scan_source(tmp_path, b"a", "python", queries=folder)
    assert message in str(caught.value)


def test_other_settings_of_a_pattern_have_no_effect(tmp_path: Path) -> None:
    query = '((assignment left: (identifier) @name) @definition.x (#set! priority 100) (#set! "a" "b"))'
    assert tags_of(tmp_path, b"a = 1\n", query) == ["a:x"]


def test_a_member_belongs_to_the_type_around_past_functions(tmp_path: Path) -> None:
    query = (
        PLACES + "((assignment left: (attribute attribute: (identifier) @name)) @definition.x (#set! member-of type))"
    )
    source = b"class C:\n    def f(self):\n        self.a = 1\ndef g(o):\n    o.b = 1\nd.e = 1\n"
    assert tags_of(tmp_path, source, query) == ["C:class", "C.f:function", "C.a:x", "g:function", "g.b:x", "e:x"]


def test_an_owner_that_is_no_type_is_a_definition_that_is_in_none(tmp_path: Path) -> None:
    query = PLACES + (
        "((assignment left: (identifier) @name) @definition.y)"
        "(assignment left: (attribute object: (identifier) @owner attribute: (identifier) @name)) @definition.x"
    )
    source = b"a = 1\ndef f():\n    b = 1\n    a.c = 1\n    b.d = 1\n    f.e = 1\nclass a: pass\nz.h = 1\n"
    assert tags_of(tmp_path, source, query) == [
        *("a:y", "f:function", "f.b:y", "a.c:x", "f.d:x", "f.e:x", "a:class", "h:x"),
    ]


PENDING = [
    # Of what is once in the file, the first that its regex leaves is kept.
    (
        "((assignment left: (identifier) @name right: (_) @v) @definition.x"
        ' (#match? @v "^[5-9]") (#set! once-in file))',
        b"a = 1\na = 5\na = 2\na = 6\nb = 7\nb = 8\n",
        ["a:x", "b:x"],
    ),
    (
        '((assignment left: (identifier) @name right: (_) @v) @definition.x (#match? @v "^[5-9]") (#set! once-in file))'
        "((assignment left: (identifier) @name right: (string)) @definition.x (#set! once-in file))",
        b"a = 1\na = 'one'\na = 'two'\nb = 5\nb = 'one'\nc = 1\nc = 2\n",
        ["a:x", "b:x"],
    ),
    # A field that a type has by another pattern, whose regex decides.
    (
        PLACES
        + '((assignment left: (identifier) @name) @definition.x (#match? @name "^[a-m]"))'
        + "((assignment left: (attribute attribute: (identifier) @name)) @definition.field (#set! once-in type))",
        b"class C:\n    a = 1\n    z = 1\n    def f(self):\n        self.a = self.z = 2\n        self.z = 3\n",
        ["C:class", "C.a:x", "C.f:function", "C.z:field"],
    ),
    # What gives way to another tag at its place does so only where there is one.
    (
        '((function_definition name: (identifier) @name) @definition.y (#match? @name "^[a-m]"))'
        "((function_definition name: (identifier) @name) @definition.z (#set! unless defined))"
        "((identifier) @name @reference.use (#set! unless defined))",
        b"def a(): b\ndef z(): y\n",
        ["a:y", "a.b:use", "z:z", "z.y:use"],
    ),
    (
        '((function_definition name: (identifier) @name) @definition.y (#match? @name "^[a-m]"))'
        '((function_definition name: (identifier) @name) @definition.z (#match? @name "e") (#set! unless defined))'
        "((identifier) @name @reference.use (#set! unless defined))",
        b"def ae(): pass\ndef ze(): pass\ndef z(): pass\n",
        ["ae:y", "ze:z", "z:use"],
    ),
    # Both: of two that give way, and are to be once in the file.
    (
        '((function_definition name: (identifier) @name) @definition.y (#match? @name "^[a-m]"))'
        "((function_definition name: (identifier) @name) @definition.z (#set! unless defined) (#set! once-in file))",
        b"def a(): pass\ndef z(): pass\ndef z(): pass\ndef a(): pass\n",
        ["a:y", "z:z", "a:y"],
    ),
]


@pytest.mark.parametrize(("query", "source", "expected"), PENDING)
def test_a_tag_that_its_regex_drops_takes_no_other_with_it(
    tmp_path: Path, query: str, source: bytes, expected: list[str]
) -> None:
    assert tags_of(tmp_path, source, query) == expected


def test_the_next_of_several_names_takes_over_where_another_that_passes_drops_the_first(tmp_path: Path) -> None:
    query = PAIRS % "(#set! once-in file)" + (
        '((assignment left: (identifier) @name right: (_) @v) @definition.x (#match? @v "^[5-9]") (#set! once-in file))'
    )
    source = b"a = 5\na, b, c = f()\nd = 1\nd, e = g(lambda i: h())\nb = 6\nb, d = j()\nk = 7\nk, b = m()\n"
    assert tags_of(tmp_path, source, query) == [
        *("a:x", "b:x", "c:x", "b.f:call", "d:x", "e:x", "d.g:call", "d.i:y", "d.h:call", "j:call", "k:x", "m:call"),
    ]


def test_contested_tags_of_two_files_of_a_batch_are_settled_apart(tmp_path: Path) -> None:
    query, source, _ = PENDING[0]
    folder = queries_folder(tmp_path / "queries", python=query)
    root = tmp_path / "repository"
    root.mkdir()
    for name in ("a", "b", "c"):
        (root / f"{name}.py").write_bytes(source)
    result = scan(root, queries=folder)
    assert [(tag.path, tag.name, tag.line) for tag in result.tags] == [
        (f"{name}.py", of, line) for name in ("a", "b", "c") for of, line in (("a", 2), ("b", 5))
    ]
