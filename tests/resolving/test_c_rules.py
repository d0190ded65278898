"""What references of C mean, rule by rule."""

from __future__ import annotations

from pathlib import Path
from unittest.mock import patch

import pytest

import repomap_fast
from repomap_fast.resolving.file_sources import FileSources
from repomap_fast.resolving.meanings import HOWS
from repomap_fast.resolving.site_resolver import SiteResolver
from support.import_trees import write_files
from support.resolved import resolved, sites_of

POOL_H = "struct conn { int fd; };\ntypedef struct pool { struct conn *first; int (*open)(int); } pool_t;\n"
POOL_H += "int pool_open(pool_t *pool);\nextern int n_pools;\n"
POOL_C = '#include "pool.h"\nint n_pools = 0;\nint pool_open(pool_t *pool) {\n  return 0;\n}\n'


def c_sites(root: Path, source: str, name: str, **others: str) -> list[str]:
    files = {"pool.h": POOL_H, "pool.c": POOL_C, **{path.replace("_", "."): text for path, text in others.items()}}
    return resolved(root, {**files, "use.c": source}, name, path="use.c")


@pytest.mark.parametrize(
    ("used", "name", "meant"),
    [
        ("pool_open(p)", "pool_open", "import pool.c:3"),
        ("n_pools", "n_pools", "import pool.c:2"),
        ("f(pool_open)", "pool_open", "import pool.c:3"),
        ("p->first", "first", "member pool.h:2"),
        ("p->first->fd", "fd", "member pool.h:1"),
        ("(*p).first[1].fd", "fd", "member pool.h:1"),
        ("((pool_t *)x)->open(1)", "open", "member pool.h:2"),
        ("(struct conn){.fd = 1}", "fd", "member pool.h:1"),
        ("sizeof(struct conn)", "conn", "import pool.h:1"),
    ],
)
def test_what_is_included_is_known(tmp_path: Path, used: str, name: str, meant: str) -> None:
    source = f'#include "pool.h"\nint g(pool_t *p) {{\n  {used};\n}}\n'
    assert c_sites(tmp_path, source, name) == [meant]


def test_what_no_file_defines_is_outside(tmp_path: Path) -> None:
    assert c_sites(tmp_path, '#include "pool.h"\nint g(void) { return strlen("a"); }\n', "strlen") == ["outside"]


def test_what_is_static_is_seen_in_its_file_alone(tmp_path: Path) -> None:
    private = "static int f(void) { return 1; }\n"
    others = {"a_c": private, "b_c": "int f(void) { return 2; }\n", "f_h": "int f(void);\n"}
    assert c_sites(tmp_path, '#include "f.h"\nint g(void) { return f(); }\n', "f", **others) == ["import b.c:1"]
    source = f'#include "f.h"\n{private}int g(void) {{ return f(); }}\n'
    assert c_sites(tmp_path, source, "f", **others) == ["scope use.c:2"]


def test_a_struct_and_a_function_of_one_name_are_two_things(tmp_path: Path) -> None:
    source = "struct stat { int mode; };\nint stat(struct stat *s) { return 0; }\n"
    source += "int g(void) { struct stat s; return stat(&s); }\n"
    assert c_sites(tmp_path, source, "stat") == ["scope use.c:1", "scope use.c:1", "scope use.c:2"]


def test_a_variable_hides_a_function_but_no_type(tmp_path: Path) -> None:
    source = "typedef struct { int x; } box;\nint f(void) { return 1; }\n"
    source += "int g(box *box, int f) { return box->x + f; }\n"
    assert c_sites(tmp_path, source, "box") == ["scope use.c:1"]
    assert c_sites(tmp_path, source, "f") == []
    assert c_sites(tmp_path, source, "x") == ["member use.c:1"]


def test_all_branches_of_an_if_are_meant(tmp_path: Path) -> None:
    source = "#ifdef A\nint f(void) { return 1; }\n#else\nint f(void) { return 2; }\n#endif\n"
    source += "int g(void) { return f(); }\n"
    assert c_sites(tmp_path, source, "f") == ["scope use.c:2 use.c:4"]


def test_a_macro_instead_of_a_function_is_meant_too(tmp_path: Path) -> None:
    header = "#ifdef A\nint f(void);\n#else\n#define f() 0\n#endif\n"
    others = {"f_h": header, "f_c": "int f(void) { return 1; }\n"}
    assert c_sites(tmp_path, '#include "f.h"\nint g(void) { return f(); }\n', "f", **others) == ["import f.h:4 f.c:1"]


def test_macros_enumerators_and_designated_fields_are_known(tmp_path: Path) -> None:
    source = (
        "#define LIMIT 3\nenum color { RED, GREEN };\nstruct s { enum color c; struct { int y; } in; };\n"
        "struct s all[] = {{.c = GREEN, .in.y = LIMIT}};\n"
    )
    assert c_sites(tmp_path, source, "LIMIT") == ["scope use.c:1"]
    assert c_sites(tmp_path, source, "GREEN") == ["scope use.c:2"]
    assert c_sites(tmp_path, source, "y") == ["member use.c:3"]
    assert c_sites(tmp_path, source, "c") == ["member use.c:3"]


@pytest.mark.parametrize(
    "written",
    [
        "struct p a[] = { [1] = { .px = 1 } };",
        "struct p a[2][2] = { [0] = { [1] = { .px = 1 } } };",
        "struct q a = { .list = { [LAST] = { .px = 1 } } };",
        "struct q a = { .list[1].px = 1 };",
        "struct q a = { .list[0] = { .px = 1 } };",
        "struct q *a = (struct q[]) { [0].one.px = 1 };",
        "void f(void) { struct q a[] = { { .one.px = 1 } }; }",
    ],
)
def test_fields_of_an_item_that_an_index_names_are_known(tmp_path: Path, written: str) -> None:
    source = "enum { LAST };\nstruct p { int px; };\nstruct o { int px; };\nstruct q { struct p list[2], one; };\n"
    assert c_sites(tmp_path, source + written + "\n", "px") == ["member use.c:2"]


def test_members_of_a_struct_without_a_name_are_those_of_the_one_around(tmp_path: Path) -> None:
    source = "struct s { union { int a; long b; }; };\nint g(struct s *p) { return p->b; }\n"
    assert c_sites(tmp_path, source, "b") == ["member use.c:1"]


def test_what_a_call_gives_has_members(tmp_path: Path) -> None:
    source = (
        "struct s { int a; };\nstruct s *make(void);\ntypedef struct s *maker(int);\n"
        "int g(maker *m) { return make()->a + m(1)->a; }\n"
    )
    assert c_sites(tmp_path, source, "a") == ["member use.c:1"] * 2


def test_the_header_that_is_included_decides_among_several(tmp_path: Path) -> None:
    others = {"a/x.h": "#define SIZE 1\n", "b/x.h": "#define SIZE 2\n", "b/main.c": '#include "x.h"\nint n = SIZE;\n'}
    assert resolved(tmp_path, others, "SIZE", path="b/main.c") == ["import b/x.h:1"]


def test_what_is_included_sees_what_its_includer_sees(tmp_path: Path) -> None:
    files = {
        "kinds.h": "#define KIND(name) name\nenum kind { A };\n",
        "list.def": "int a = KIND(1);\n",
        "use.c": '#include "kinds.h"\n#include "list.def"\n',
    }
    assert resolved(tmp_path, files, "KIND", path="list.def") == ["import kinds.h:1"]


def test_what_two_files_include_means_what_each_of_them_defines(tmp_path: Path) -> None:
    files = {
        "one.c": '#define SIZE 1\n#include "body.c"\n',
        "two.c": '#define SIZE 2\n#include "body.c"\n',
        "body.c": "int size = SIZE;\n",
    }
    assert resolved(tmp_path, files, "SIZE", path="body.c") == ["import one.c:1 two.c:1"]


def test_an_unknown_object_has_the_member_that_one_type_alone_has(tmp_path: Path) -> None:
    source = "#define item(n) (items + n)\nstruct s { int rare; };\nint g(void) { return item(1)->rare; }\n"
    assert c_sites(tmp_path, source, "rare") == ["guess use.c:2"]
    assert c_sites(tmp_path, f"{source}struct t {{ int rare; }};\n", "rare") == ["unknown"]


def test_what_a_header_from_outside_may_declare_is_not_sure_to_be_a_function_of_another_file(tmp_path: Path) -> None:
    compat = {"compat.c": "int fopen(const char *path) { return 1; }\n"}
    use = "int g(void) { return fopen(0); }\n"
    system, local = "#include <stdio.h>\n", '#include "own.h"\n'
    assert resolved(tmp_path / "system", {**compat, "use.c": system + use}, "fopen", path="use.c") == ["unknown"]
    through = {**compat, "own.h": system, "use.c": local + use}
    assert resolved(tmp_path / "through", through, "fopen", path="use.c") == ["unknown"]
    # A header that uses such a name does not declare it.
    header = {**compat, "use.h": f"{system}static inline {use}"}
    assert resolved(tmp_path / "header", header, "fopen", path="use.h") == ["unknown"]


@pytest.mark.parametrize(
    ("header", "use"),
    [
        ("", "int g(void) { return f(0); }\n"),
        ("#include <stdio.h>\nint f(int);\n", "int g(void) { return f(0); }\n"),
        # In brackets, as libraries do it that have a macro of that name too, and in a function.
        ("#include <stdio.h>\nAPI int (f) (int);\n", "int g(void) { return f(0); }\n"),
        ("#include <stdio.h>\n", "int g(void) { extern int f(int); return f(0); }\n"),
    ],
)
def test_what_the_repository_alone_can_declare_is_a_function_of_another_file(
    tmp_path: Path, header: str, use: str
) -> None:
    files = {"f.c": "int f(int a) { return a; }\n", "own.h": header, "use.c": f'#include "own.h"\n{use}'}
    assert resolved(tmp_path, files, "f", path="use.c")[-1] == "import f.c:1"


def test_a_function_that_is_declared_in_another_is_what_it_declares(tmp_path: Path) -> None:
    use = "#include <stdio.h>\nint g(void) { extern int f(int); int k(int); return f(1) + k(1); }\n"
    files = {"f.c": "int f(int a) { return a; }\n", "use.c": use}
    assert resolved(tmp_path, files, "f", path="use.c")[-1] == "import f.c:1"
    assert sites_of(tmp_path, "k", "use.c")[-1] == "scope use.c:2"


def test_a_macro_of_a_file_is_not_known_in_another(tmp_path: Path) -> None:
    macro = {"own.c": "#define free own_free\n"}
    for path in ("use.c", "use.h"):
        files = {**macro, path: "static int g(void *p) { free(p); return 0; }\n"}
        assert resolved(tmp_path / path, files, "free", path=path) == ["outside"]


def test_a_macro_that_a_file_sets_for_what_it_includes_is_known_there(tmp_path: Path) -> None:
    macro = {"own.c": '#define LEVEL 3\n#include "use.h"\n', "use.h": "static int level = LEVEL;\n"}
    assert resolved(tmp_path, macro, "LEVEL", path="use.h") == ["import own.c:1"]


def test_a_member_of_a_type_from_outside_is_not_guessed(tmp_path: Path) -> None:
    files = {
        "own.h": "typedef struct { int st_mode; } own_stat;\n",
        "win.c": "#define stat _stat\n",
        "use.c": '#include <sys/stat.h>\n#include "own.h"\nint g(void) { struct stat s; return s.st_mode; }\n',
    }
    assert resolved(tmp_path, files, "st_mode", path="use.c") == ["outside"]


def test_a_member_of_a_type_that_a_macro_hides_is_not_guessed(tmp_path: Path) -> None:
    source = "#ifdef A\n#define stat _stat\n#endif\ntypedef struct { int mode; struct { int x; } in; } own;\n"
    source += "int g(struct stat *s, struct stat t) { return s->mode + t.in.x; }\n"
    assert c_sites(tmp_path, source, "mode") == ["unknown"]
    assert c_sites(tmp_path, source, "x") == ["unknown"]


def test_a_type_that_is_known_has_no_member_of_another(tmp_path: Path) -> None:
    source = "#define FIELDS int work;\nstruct s { FIELDS };\nstruct t { int work; };\n"
    source += "int g(struct s *p) { return p->work; }\n"
    assert c_sites(tmp_path, source, "work")[-1:] == ["unknown"]


def test_a_name_in_the_arguments_of_a_macro_is_not_guessed_to_be_a_struct_of_another_file(tmp_path: Path) -> None:
    source = "#define container_of(p, type, member) ((type *)(p))\nstruct s { int req; };\n"
    source += "struct s *g(int *p) { return container_of(p, struct s, req); }\n"
    assert c_sites(tmp_path, source, "req", other_c="struct req { int x; };\n") == ["unknown"]


def test_a_static_variable_in_one_branch_does_not_hide_the_function_that_a_header_declares(tmp_path: Path) -> None:
    files = {
        "own.h": "int fill(void *to);\nint pad(void);\n",
        "system.c": '#include "own.h"\nint fill(void *to) { return 0; }\n',
        "use.c": '#include "own.h"\n#ifndef HAVE_FILL\nstatic int (*fill)(void *to);\nstatic int pad(void);\n#endif\n'
        "int g(void) { return fill(0) + pad(); }\n",
    }
    assert resolved(tmp_path, files, "fill", path="use.c") == ["scope use.c:3 system.c:2"]
    # Nothing is found for a file that does not see the header.
    alone = {**files, "use.c": files["use.c"].replace("own.h", "none.h")}
    assert resolved(tmp_path / "alone", alone, "fill", path="use.c") == ["scope use.c:3"]


def test_a_declaration_is_one_target_with_its_definition(tmp_path: Path) -> None:
    write_files(tmp_path, {"pool.h": POOL_H, "pool.c": POOL_C})
    resolver = SiteResolver(repomap_fast.scan(tmp_path, cache=False))
    groups = [
        {resolver.group(file, one) for one in resolver.sources.scopes(file).bindings_named(name)}
        for name in (b"pool_open", b"n_pools")
        for file in (0, 1)
    ]
    assert groups[0] == groups[1] == {(0, 0, b"pool_open")}
    assert groups[2] == groups[3] == {(0, 0, b"n_pools")}


def test_includes_in_a_circle_end(tmp_path: Path) -> None:
    files = {"a.h": '#include "b.h"\nint f(void);\n', "b.h": '#include "a.h"\n'}
    files["use.c"] = '#include "b.h"\nint x = f();\n'
    assert resolved(tmp_path, files, "f", path="use.c") == ["import a.h:2"]


def test_structs_that_hold_themselves_end(tmp_path: Path) -> None:
    source = "typedef a b;\ntypedef b a;\nstruct s { struct s; struct s *next; };\n"
    source += "int g(a *x, struct s *p) { return x->q + p->next->next->q; }\n"
    assert c_sites(tmp_path, source, "q") == ["unknown"] * 2


def test_a_file_that_is_included_under_other_names_means_the_macros_that_give_them(tmp_path: Path) -> None:
    basic = "int add(int a) { return a; }\nint twice(int a) { return add(a) + add(a); }\n"
    double = '#define add doubleAdd\n#include "basic.c"\n'
    late = '#include "basic.c"\n#define add lateAdd\n'
    files = {"basic.c": basic, "double.c": double, "single.c": double, "late.c": late}
    assert resolved(tmp_path, files, "add", path="basic.c") == ["scope basic.c:1 double.c:1 single.c:1"] * 2


def test_a_macro_that_is_set_unless_an_includer_sets_it_means_both(tmp_path: Path) -> None:
    header = "#if !defined(DIGITS)\n#define DIGITS 1\n#endif\nint digits[DIGITS];\n"
    outer = '#define DIGITS 7\n#include "digits.h"\n'
    files = {"digits.h": header, "outer.h": outer, "use.c": '#define DIGITS 9\n#include "outer.h"\n'}
    assert set(resolved(tmp_path, files, "DIGITS", path="digits.h")) == {"scope digits.h:2 outer.h:1 use.c:1"}


@pytest.mark.parametrize("asked", ["#ifndef DIGITS", "#if !defined(DIGITS)", "#undef DIGITS\n#if 1"])
def test_a_macro_that_is_set_unless_an_included_file_sets_it_means_both(tmp_path: Path, asked: str) -> None:
    source = f'#include "outer.h"\n{asked}\n#define DIGITS 1\n#endif\nint digits[DIGITS];\n'
    files = {"digits.h": "#define DIGITS 7\n", "outer.h": '#include "digits.h"\n', "use.c": source}
    row = source[: source.index("#define")].count("\n") + 1
    assert resolved(tmp_path, files, "DIGITS", path="use.c") == [f"scope use.c:{row} digits.h:1"] * 2


def test_a_macro_that_a_file_sets_for_itself_is_not_that_of_a_file_included_later(tmp_path: Path) -> None:
    source = '#define DIGITS 1\n#include "digits.h"\nint digits[DIGITS];\n'
    files = {"digits.h": "#ifndef DIGITS\n#define DIGITS 7\n#endif\n", "use.c": source}
    assert resolved(tmp_path, files, "DIGITS", path="use.c") == ["scope use.c:1"]
    source = '#ifndef DIGITS\n#define DIGITS 1\n#endif\n#include "digits.h"\nint digits[DIGITS];\n'
    assert resolved(tmp_path, {**files, "use.c": source}, "DIGITS", path="use.c") == ["scope use.c:2"] * 2


def test_a_macro_in_a_struct_is_known_outside_of_it(tmp_path: Path) -> None:
    source = (
        "struct buffer {\n  int status;\n#define FULL 1\n};\nint f(struct buffer *b) { return b->status == FULL; }\n"
    )
    assert c_sites(tmp_path, source, "FULL") == ["scope use.c:3"]


@pytest.mark.parametrize(
    "parameters",
    [
        "int a OWN_UNUSED",
        "box a OWN_UNUSED",
        "struct s *a OWN_UNUSED",
        "const box *a OWN_UNUSED",
        "box a[3] OWN_UNUSED",
        "int (*a)(int b) OWN_UNUSED",
        "int (*b)(int c OWN_UNUSED), int a",
        "int OWN_UNUSED a",
        "box OWN_UNUSED a",
        "int a OWN_UNUSED(1, x)",
        "int a /* , */ OWN_UNUSED, ...",
        "int b, const char **a OWN_UNUSED",
    ],
)
def test_a_macro_in_a_parameter_is_used_and_the_parameter_has_its_name(tmp_path: Path, parameters: str) -> None:
    header = "#define OWN_UNUSED __attribute__((unused))\n"
    source = f'#include "own.h"\ntypedef int box;\nint a;\nstatic int f({parameters}) {{\n  return a;\n}}\n'
    assert c_sites(tmp_path, source, "OWN_UNUSED", own_h=header) == ["import own.h:1"]
    assert sites_of(tmp_path, "a", "use.c") == []


@pytest.mark.parametrize("parameters", ["BOOL LIMIT", "IN BOOL LIMIT", "const BOOL *LIMIT"])
def test_a_parameter_in_capitals_has_its_name(tmp_path: Path, parameters: str) -> None:
    source = f"enum limit {{ LIMIT }};\nint f({parameters}) {{\n  return LIMIT;\n}}\n"
    assert c_sites(tmp_path, source, "LIMIT") == []


def test_what_an_enum_in_a_struct_lists_is_known_outside_of_it(tmp_path: Path) -> None:
    header = "struct record {\n  enum {\n    PLAIN,\n  } type;\n};\n"
    source = '#include "record.h"\nint f(struct record *r) { return r->type == PLAIN; }\n'
    assert c_sites(tmp_path, source, "PLAIN", record_h=header) == ["import record.h:3"]


def test_a_member_of_very_many_structs_costs_no_look_at_all_of_them_for_each_site(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The scopes of every file with such a member were read for each site: 25,000 files for ``device`` in Linux."""
    asked, true_scopes = [], FileSources.scopes
    monkeypatch.setattr(FileSources, "scopes", lambda self, file: asked.append(file) or true_scopes(self, file))
    counts = []
    for n in (20, 40):
        root = tmp_path / str(n)
        structs = {f"s{i}.h": f"struct s{i} {{ int dev; }};\n" for i in range(n)}
        uses = "".join(f"#define F{i}(p) ((p)->dev)\n" for i in range(n))
        write_files(root, {**structs, "use.c": f'#include "s0.h"\n{uses}'})
        result = repomap_fast.scan(root, cache=False)
        resolver = SiteResolver(result)
        file = list(result.file_table.paths).index(b"use.c")
        sites = resolver.sources.scopes(file).sites_named(b"dev")
        asked.clear()
        found = [resolver.resolve(file, site) for site in sites]
        assert len(found) == n
        assert {(HOWS[one.how], len(one.targets)) for one in found} == {("guess", 1)}
        counts.append(len(asked))
    assert counts[1] <= 2.2 * counts[0]


def test_a_member_is_guessed_from_the_files_that_define_it(tmp_path: Path) -> None:
    """A guess for ``dev`` read the 14,000 files of Linux that have the name, twice."""
    files = {"pool.h": "struct pool { int *size; };\n"}
    files |= {f"use{i:02}.c": "#define item(n) (items + n)\nvoid f(void) { item(1)->size; }\n" for i in range(20)}
    resolver = SiteResolver(repomap_fast.scan(write_files(tmp_path, files), cache=False))
    (site,) = resolver.sources.scopes(1).sites_named(b"size")
    with patch.object(FileSources, "members_in", autospec=True, side_effect=FileSources.members_in) as read:
        for _ in range(2):
            assert HOWS[resolver.resolve(1, site).how] == "guess"
    assert {call.args[1] for call in read.call_args_list} == {0}


def test_a_member_of_several_types_is_guessed_where_one_is_seen(tmp_path: Path) -> None:
    files = {"a.h": "struct a { int *size; };\n", "b.h": "struct b { int *size; };\n"}
    use = "#define item(n) (items + n)\nvoid f(void) { item(1)->size; }\n"
    assert resolved(tmp_path, {**files, "use.c": f'#include "b.h"\n{use}'}, "size", path="use.c") == ["guess b.h:1"]
    both = f'#include "a.h"\n#include "b.h"\n{use}'
    assert resolved(tmp_path, {**files, "use.c": both}, "size", path="use.c") == ["unknown"]
    assert resolved(tmp_path, {**files, "use.c": use}, "size", path="use.c") == ["unknown"]
