"""What is found of C and C++ whose macros no preprocessor has taken away."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import pytest

import repomap_fast
from repomap_fast.languages.table import find_language
from repomap_fast.languages.tags_query import read_tags_query
from repomap_fast.tables import FileStatus
from repomap_fast.tagging.tagger import compile_queries
from support.made_scans import definitions, names, rows, scan_source, status


class Case(NamedTuple):
    """A source and its definitions.

    defined  all of them, in their order: ``kind name``, or ``kind name in scope``.
    """

    id: str
    language: str
    source: str
    defined: str


def case(id: str, source: str, defined: str) -> Case:
    language, _, rest = id.partition(" ")
    return Case(rest, language, source, defined)


CASES = [
    # Words between `class` and its name.
    case("cpp an export macro", "class KIT_API A : public B { int x; };", "class A, field x in A"),
    case("cpp two macros", "struct KIT_API KIT_OLD A { int x; };", "struct A, field x in A"),
    case("cpp a macro with arguments", "class ALIGN(16) A : B { int x; };", "class A, field x in A"),
    case("cpp a macro behind the name", "class A Q_DECL_FINAL : public B { };", "class A"),
    case("cpp an unknown macro behind the name", "class Shape SEALED : public Base { };", "class Shape"),
    case("cpp a template", "template <class T> class KIT_API A<T*> : B<T> { T t; };", "class A, field t in A"),
    case("cpp a qualified name", "class KIT_API ns::A : B { int x; };", "class A, field x in A"),
    case(
        "cpp an enum class",
        "enum class KIT_API Kind : int { A, B };",
        "enum Kind, enumerator A in Kind, enumerator B in Kind",
    ),
    case("cpp a macro that the file defines", "#define local_api\nclass local_api A { };", "macro local_api, class A"),
    case("cpp a mere declaration", "class KIT_API A;\nstruct KIT_API B;\nint x;", "variable x"),
    case("cpp a variable of a class", "struct point origin;\nclass Box box{1};", "variable origin, variable box"),
    case("c a macro of lower case", "struct my_attr wire { int a; };", "struct wire, field a in wire"),
    case("c a union", "union PACKED bits { int a; };", "union bits, field a in bits"),
    case("c a function that returns a struct", "struct node *next(struct node *n) { return n; }", "function next"),
    case(
        "cpp an export macro of a namespace",
        "namespace KIT_VIS a {\nint b();\n}\ninline namespace KIT_VIS c { struct D { int e; }; }\n"
        "namespace f KIT_VIS { }",
        "namespace a, prototype b in a, namespace c, struct D in c, field e in c.D, namespace f",
    ),
    case(
        "cpp a base that a macro names",
        "class A : public BASE_OF(A), private ns::B<int> {\n  int c;\n};\nstruct D : MIXIN(D, E) { int f; };",
        "class A, field c in A, struct D, field f in D",
    ),
    # Words behind braces and names.
    case(
        "c macros with arguments behind braces",
        "typedef struct PACKED a {\n  int b;\n} ALIGN(4) a_t;\nstruct c { int d; } PACKED KIT_ALIGN(8);\n"
        "struct { int e; } ALIGN(4) f;\nint g;",
        "struct a, field b in a, type a_t, struct c, field d in c, field e in f, variable f, variable g",
    ),
    # Macros of the file that define what they are given.
    case(
        "c a function by the macro of the file",
        "#define DEF_FN(name) static int name(int a)\n#define DEF_OF(type, name) \\\n  type name( \\\n  void)\n"
        "DEF_FN(b)\n{\n  return a;\n}\nDEF_FN(c) { return a; }\nDEF_FN(d);\nDEF_OF(char *, e_of) { return 0; }\nint g;",
        "macro DEF_FN, macro DEF_OF, function b, function c, prototype d, function e_of, variable g",
    ),
    case(
        "c a variable and a type by the macro of the file",
        "#define VAR(type, name) static type *name = 0\n#define LIST(name, of) struct name { of *first; }\n"
        "#define TABLE(name) const int name[]\nVAR(int, a);\nTABLE(b) = { 1 };\nLIST(words_of, char);\nint c;",
        "macro VAR, macro LIST, macro TABLE, variable a, variable b, struct words_of, variable c",
    ),
    case(
        "c macros of the file that define nothing of that name",
        "#define CALL(f) f(1)\n#define GLUE(name) int name##_of(void)\n#define TEXT(a) #a\n#define CAST(t) (t)\n"
        "#define RETURN(x) return x;\n#define WHOLE(n) void n(void) {}\nint a = CALL(b);\nGLUE(c);\nWHOLE(f)\n"
        "WHOLE(g)\nint d(void) { RETURN(1) }\nint e;",
        "macro CALL, macro GLUE, macro TEXT, macro CAST, macro RETURN, macro WHOLE, variable a, function d, variable e",
    ),
    case(
        "c a name that a macro makes",
        "static void RENAME(a)(int b, int c) { use(b); }\nint *FUNC( d )(void);\nstruct e *NAME(f)(int) ATTR;\n"
        "typedef int API(g)(int);\nint TWO(h, i)(int j) { return 1; }\nint k = CALL(l)(m);\nint (*n)(void);\nint o;",
        "function a, prototype d, prototype f, type g, variable k, variable n, variable o",
    ),
    case(
        "cpp macros of functions whose parameters follow",
        "BENCHMARK_DEFINE_F(A, b)(benchmark::State& c) { use(c); }\nBENCHMARK_REGISTER_F(A, b);\n"
        "MONGO_INITIALIZER(d)(Context* e) { return 1; }\nvoid PRE(f)(int g) { }\nint h;",
        "function b, function d, function f, variable h",
    ),
    case(
        "cpp counters and tests of large projects",
        'STATISTIC(a, "b");\nIMPLEMENT_SIMPLE_AUTOMATION_TEST(c, "d", 1)\nbool c::e() { return true; }\n'
        "DEFINE_TRANSPARENT_OPERAND_ACCESSORS(f, g)\nint h;",
        "variable a, type c, method e in c, variable h",
    ),
    case(
        "c a macro that is a type or defines a variable",
        "LIST_HEAD(names, entry) head;\nstatic LIST_HEAD(all);\nstruct a { LIST_HEAD(, entry) b; };\nint c;",
        "variable head, variable all, struct a, field b in a, variable c",
    ),
    case(
        "c an attribute behind braces",
        "struct a { int x; } __packed;\nstruct b { int y; } __aligned(8);",
        "struct a, field x in a, struct b, field y in b",
    ),
    case("c an unknown attribute behind braces", "struct a { int x; } __ec_align4;", "struct a, field x in a"),
    case(
        "c a variable behind braces",
        "struct a { int x; } b __aligned(4), *c;",
        "struct a in b, field x in b.a, variable b, variable c",
    ),
    case(
        "c a typedef with an attribute", "typedef struct { int x; } __packed wire_t;", "field x in wire_t, type wire_t"
    ),
    case(
        "c a typedef with one in capitals", "typedef struct { int x; } PACKED wire_t;", "field x in wire_t, type wire_t"
    ),
    case("c a typedef in capitals", "typedef struct a { int x; } WIRE;", "struct a, field x in a, type WIRE"),
    case(
        "c fields with attributes",
        "struct s { int a __maybe; char b[3] __aligned(4); int c FOO(m); int d; };",
        "struct s, field a in s, field b in s, field c in s, field d in s",
    ),
    case(
        "cpp a guarded field",
        "class A { int x GUARDED_BY(m); std::string y GUARDED_BY(m) = 3; void f() EXCLUDES(m); };",
        "class A, field x in A, field y in A, prototype f in A",
    ),
    case("c a variable in a section", "static int level __read_mostly = 3;", "variable level"),
    case(
        "c a prototype with attributes",
        "extern int f(const char *, ...) __printf(1, 2) __cold;\nint g(void) MUST_USE;",
        "prototype f, prototype g",
    ),
    case(
        "c parameters of old",
        "int f(a, b) int a; char *b; { return a; }\nint g(void) { return 0; }",
        "function f, function g",
    ),
    # Words before a name.
    case("c a calling convention", "BOOL WINAPI DllMain(HINSTANCE h) { return 1; }", "function DllMain"),
    case(
        "c an export macro",
        "KIT_API int kit_open(void);\nKIT_API const char *kit_name(void) { return 0; }",
        "prototype kit_open, function kit_name",
    ),
    case(
        "c an attribute with arguments",
        "extern __printf(1, 2) int f(const char *s, ...);\n__must_check char *g(void);",
        "prototype f, prototype g",
    ),
    case(
        "c an attribute behind the type",
        "static int __init start(void) { return 0; }\nvoid __iomem *base;",
        "function start, variable base",
    ),
    case(
        "cpp a constructor behind a macro",
        "class A {\n  Q_OBJECT\n  A();\n  ~A();\n  FOO_LINE\n  A(int);\n};",
        "class A, prototype A in A, prototype ~A in A, prototype A in A",
    ),
    case(
        "cpp inline macros",
        "KIT_INLINE int f() { return 1; }\ntemplate <class T> KIT_INLINE T g(T t) { return t; }",
        "function f, function g",
    ),
    case(
        "c a type that is a macro",
        "LIST_OF(name) *names(void) { return 0; }\nstatic LIST_OF(name) all;",
        "function names, variable all",
    ),
    # Lines without a semicolon.
    case("c macro lines", 'MODULE_LICENSE("GPL")\nMAKE(a)\nMAKE(b)\nint f(int q) { return q; }', "function f"),
    case("c a macro line before a typed variable", "SOMETHING(a)\nstatic int counter = 4;", "variable counter"),
    case("c bare words", "BEGIN_DECLS\n\nextern int f(void);\n\nEND_DECLS\n", "prototype f"),
    case("cpp a bare word before a class", "USING_KIT\n\nclass A { void f(); };\nEND_KIT", "class A, prototype f in A"),
    case(
        "cpp a bare word before a namespace",
        "KIT_BEGIN\nnamespace a { int x; }\nKIT_END\n",
        "namespace a, variable x in a",
    ),
    case(
        "cpp the last macro of a class",
        "struct A {\n  A() {}\n  NAME_OF(A)\n};\nint f() { return 0; }",
        "struct A, constructor A in A, function f",
    ),
    case(
        "cpp macros of Unreal",
        'UCLASS(Blueprintable)\nclass GAME_API A : public B {\n  GENERATED_BODY()\npublic:\n  UPROPERTY(Category="x")\n'
        "  int32 Speed;\n  UFUNCTION()\n  void Go();\n};",
        "class A, field Speed in A, prototype Go in A",
    ),
    case(
        "cpp macros of Qt",
        "class A : public QObject {\n  Q_OBJECT\n  Q_PROPERTY(const QString &title READ title)\nsignals:\n"
        "  void changed();\npublic Q_SLOTS:\n  void late();\n};",
        "class A, field title in A, prototype changed in A, prototype late in A",
    ),
    # Macros that define.
    case(
        "c system calls",
        "SYSCALL_DEFINE0(getpid)\n{ return f(); }\nSYSCALL_DEFINE2(stat, int, n,\n  void *, b)\n{ return 0; }",
        "function getpid, function stat",
    ),
    case(
        "c variables",
        "DEFINE_SPINLOCK(a);\nstatic DEFINE_PER_CPU(struct b, c);\nstatic LIST_HEAD(d);\nint e;",
        "variable a, variable c, variable d, variable e",
    ),
    case("c an array", "static DEFINE_PER_CPU(int, slots[4]);", "variable slots"),
    case("c without a semicolon", "DEFINE_LOCK(guard)\nint f(void) { return 0; }", "variable guard, function f"),
    case(
        "c a bitmap in a struct",
        "struct s { DECLARE_BITMAP(bits, 3); int x; };",
        "struct s, field bits in s, field x in s",
    ),
    case(
        "c groups of members",
        "struct s { struct_group(g, int a; char *b;); int c; } __packed;",
        "struct s, field a in s, field b in s, field c in s",
    ),
    case(
        "c types of GLib",
        "G_DEFINE_TYPE (FooBar, foo_bar, G_TYPE_OBJECT)\nstatic void foo(void) { }",
        "type FooBar, function foo",
    ),
    case(
        "cpp tests",
        'TEST(Suite, adds) { f(); }\nTEST_F(Fix, takes) { }\nTEST_CASE("a sum", "[x]") { }',
        "function adds, function takes, function a sum",
    ),
    case(
        "cpp what calls in a test are within",
        "TEST(Suite, adds) { int y; }\nint f() { return 0; }",
        "function adds, function f",
    ),
    # Conditionals.
    case(
        "c variables of all branches",
        "#if A\nint a;\n#elif B\nint b;\n#else\n# ifdef C\nint c;\n# endif\n#endif",
        "variable a, variable b, variable c",
    ),
    case(
        "c signatures in branches",
        "#ifdef A\nint f(int a)\n#else\nint f(void)\n#endif\n{\n  return 0;\n}\nint g(void) { return 1; }",
        "function f, function f, function g",
    ),
    case(
        "c bodies that begin in branches",
        "#ifdef A\nint f(int a) {\n  x();\n#else\nint f(void) {\n#endif\n  y();\n}\nint g;",
        "function f, function f, variable g",
    ),
    case(
        "c braces that open in branches",
        "int f(void) {\n#ifdef A\n  if (a) {\n#else\n  if (b) {\n#endif\n  }\n  return 0;\n}\nint g;",
        "function f, variable g",
    ),
    case(
        "c braces that close in branches",
        "int f(void) {\n  if (a) {\n#ifdef A\n  x(); }\n#else\n  y(); }\n#endif\n}\nint g;",
        "function f, variable g",
    ),
    case(
        "c braces that open and close in two conditionals",
        "int f(void) {\n#ifdef A\n  if (a) {\n#endif\n  x();\n#ifdef A\n  }\n#endif\n}\nint g;",
        "function f, variable g",
    ),
    case(
        "c an else in each branch",
        "int f(void) {\n  if (a) x();\n#ifdef A\n  else { y(); }\n#else\n  else { z(); }\n#endif\n}\nint g;",
        "function f, variable g",
    ),
    case(
        "c values in branches",
        "int f(void) {\n  int x =\n#ifdef A\n  g(1)\n#else\n  h(2)\n#endif\n  ;\n  return x;\n}\nint g;",
        "function f, variable g",
    ),
    case(
        "c parameters in branches",
        "int f(int a\n#ifdef A\n  , int b)\n#else\n  , long b)\n#endif\n{ return a; }\nint g;",
        "function f, variable g",
    ),
    case(
        "c a dead branch with an open brace",
        "int f(void) { return 0; }\n#if 0\nif (broken) {\n#endif\nint g;",
        "function f, variable g",
    ),
    case(
        "c a dead branch that is a whole",
        "#if 0\nint old(void) { return 0; }\n#endif\nint g;",
        "function old, variable g",
    ),
    case(
        "c a header for both",
        '#ifndef A_H\n#define A_H\n#ifdef __cplusplus\nextern "C" {\n#endif\nint f(void);\nint v;\n'
        "#ifdef __cplusplus\n}\n#endif\n#endif\n",
        "macro A_H, prototype f, variable v",
    ),
    case(
        "cpp bases in branches",
        "class A\n#ifdef X\n  : public B\n#else\n  : public C\n#endif\n{ int x; };",
        "class A, field x in A",
    ),
    # Declarators.
    case(
        "c deep declarators",
        "int (*a)[3]; char ***b; int c[2][3][4]; char *(*d[4])(int); void (*(*e)(int))(void);",
        "variable a, variable b, variable c, variable d, variable e",
    ),
    case(
        "c functions that return what is deep",
        "int (*f(void))[3] { return 0; }\nint *(*g(void))(int) { return 0; }\n",
        "function f, function g",
    ),
    case(
        "c deep types",
        "typedef int (*a)[4]; typedef char **b[3]; typedef void (*(*c)(int))(void); typedef int (*d[2])(int);",
        "type a, type b, type c, type d",
    ),
    case(
        "c deep fields",
        "struct s { int a[1][2][3][4]; void *(*b[2])(void); char ****c; };",
        "struct s, field a in s, field b in s, field c in s",
    ),
    case(
        "c a calling convention in a declarator",
        "typedef int (WINAPI *proc_t)(int);\nint (CALLBACK *hook)(void);",
        "type proc_t, variable hook",
    ),
    case(
        "cpp conversion operators",
        "struct A { operator int() const { return 7; } explicit operator bool() const; };\n"
        "A::operator B<int>() const { return 0; }",
        "struct A, operator operator int in A, prototype operator bool in A, operator operator B<int> in A",
    ),
    case("cpp static members", "int A::x = 3;\nint A::B::y;", "variable x in A, variable y in A.B"),
    # Members that are defined outside of their class.
    case(
        "cpp methods belong to what qualifies them",
        "namespace ui {\nint Panel::attach() { return 1; }\nbool Panel::Sub::deep() { return true; }\n}\n"
        "void ui::Panel::far() {}",
        "namespace ui, method attach in ui.Panel, method deep in ui.Panel.Sub, method far in ui.Panel",
    ),
    case(
        "cpp methods belong to the class of the file",
        "namespace ui { class Panel { void f(); }; }\nusing namespace ui;\nvoid Panel::f() {}\nPanel::~Panel() {}",
        "namespace ui, class Panel in ui, prototype f in ui.Panel, method f in ui.Panel, method ~Panel in ui.Panel",
    ),
    case(
        "cpp members of templates belong to them",
        "template <class T> void Box<T>::put(T t) {}\ntemplate <class T> int ns::Box<T>::n = 0;\nvoid ::ns::g() {}",
        "method put in Box, variable n in Box, method g in ns",
    ),
    case(
        "cpp defaulted members outside of their class",
        "Env::Env() = default;\nEnv::~Env()=default;\nint x;",
        "method Env in Env, method ~Env in Env, variable x",
    ),
    case("cpp arrays of a class", "const double H::k[3] = {1};\nint x;", "variable k in H, variable x"),
    case(
        "c declarations within macros",
        "EXPORT(void f(struct a *b));\nEXPORT(int *g(int x)) {\n  return 0;\n}\nint y;",
        "prototype f, function g, variable y",
    ),
    case(
        "c comments in macros of several lines",
        "#define FIELDS /* these */ \\\n  int a; /* and\n  more */ \\\n  int b;\nstruct s { FIELDS };\nint y;",
        "macro FIELDS, struct s, variable y",
    ),
    # A type in the arguments of a macro
    case("c a type in a macro", "PyAPI_FUNC(PyObject *) make(int a);\nint x;", "prototype make, variable x"),
    case("c a type in an unknown macro", "KIT_API(int) run(int a) KIT_PURE KIT_ARGS(1);", "prototype run"),
    case("c a variable of such a type", "PyAPI_DATA(int) count;\nint x;", "variable count, variable x"),
    case("c macros with a word each", "MAKE(a)\nMAKE(b)\nint f(int q) { return q; }", "function f"),
    case(
        "cpp a constructor behind a macro",
        "class A { KIT(x) A(int a); int b; };",
        "class A, prototype A in A, field b in A",
    ),
    case("c a type of two arguments", "TAILQ_HEAD(a, b) head;\nint x;", "variable head, variable x"),
    case("c a thread's variable", "_Thread_local int a;\nstatic __thread int b;", "variable a, variable b"),
    # Enumerators with something behind them
    case(
        "cpp macros behind enumerators",
        'enum class E { A UMETA(DisplayName="a"), B KIT_OLD = 1, C = sizeof x, D };\nint y;',
        "enum E, enumerator A in E, enumerator B in E, enumerator C in E, enumerator D in E, variable y",
    ),
    case("cpp an enum with an attribute", "enum class [[nodiscard]] KIT_API E { A };", "enum E, enumerator A in E"),
    case("c enumerators that a macro makes", "enum e { LIST(X) LAST };", "enum e, enumerator LAST in e"),
    # Macros that stand for lines
    case(
        "c lines of macros before a function",
        "TABLE_BEGIN\n ROW(a, b)\n ROW(c, d)\nTABLE_END\nvoid f(void) { }",
        "function f",
    ),
    case("cpp a macro behind empty braces", "int f() { }\nBENCHMARK(f);\nint x;", "function f, variable x"),
    case(
        "cpp a macro behind a destructor",
        "class A { ~A() KIT_OVERRIDE; int b; };",
        "class A, prototype ~A in A, field b in A",
    ),
    case("cpp flags of Qt", "class A { Q_DECLARE_FLAGS(Flags, Flag) };", "class A, type Flags in A"),
    case(
        "c a macro alone behind a struct",
        "struct a { int x; } KIT_ALIGN;\nint y;",
        "struct a, field x in a, variable y",
    ),
    # Declarators
    case("cpp an arrow", "struct A { B *operator->(); };", "struct A, prototype operator-> in A"),
    case(
        "cpp an operator that gives a reference",
        "a::B &a::B::operator=(B b) { return *this; }",
        "operator operator= in a.B",
    ),
    case("cpp a table of functions", "void (*const tab[])(int) = { f };", "variable tab"),
    case(
        "c members of a typedef of a named struct",
        "typedef struct a { int x; struct { int y; } in; } a_t, *a_p;",
        "struct a, field x in a, field y in a.in, field in in a, type a_t, type a_p",
    ),
    # Declarators behind a comma.
    case(
        "c deep declarators behind a comma",
        "int *(*a)(int), **b, c[2][3], (*d)[4], *(*(*e)(void))[5];",
        "variable a, variable b, variable c, variable d, variable e",
    ),
    case(
        "cpp a deep field behind a value",
        "struct A { int a = 1, (*b)[3], *c[2]; };",
        "struct A, field a in A, field b in A, field c in A",
    ),
    case("c attributes of each name", "int a, b MY_ATTR, c MY_ATTR(3);", "variable a, variable b, variable c"),
    case("cpp using-declarations behind a comma", "using a::b, c::d;\nint e;", "variable e"),
    # Bodies that are one macro.
    case(
        "cpp a body of one macro",
        "void f() { ASSERT(x) }\nint g()\n{\n  NOT_REACHED\n}\nstruct A { int m() const { STUB(1) } };",
        "function f, function g, struct A, method m in A",
    ),
    case("c a word before a block", "int f() { TRY { g(); } DONE; }\nint h() { return 0; }", "function f, function h"),
    # Macros that define something, without a semicolon.
    case(
        "cpp a defining macro before another declaration",
        'Q_LOGGING_CATEGORY(a, "x")\nvoid f() {}\nQ_LOGGING_CATEGORY(b, "x")\nstatic int c = 3;',
        "prototype a, function f, prototype b, variable c",
    ),
    case(
        "cpp defining macros before an unknown one at the end",
        'Q_LOGGING_CATEGORY(a, "x")\nQ_DECLARE_FLAGS(Fs, F)\nKIT_MODULE(m, init)',
        "prototype a, type Fs",
    ),
    case(
        "cpp a name in parentheses",
        "struct A { static constexpr T (min)() { return 0; } static int (max)(); };\nint (f)(int x) { return x; }\n"
        "V<int>* (g)(int);\nvoid (*h)(int);\nBOOST_X(a)(b);",
        "struct A, method min in A, prototype max in A, function f, prototype g, variable h",
    ),
    case(
        "cpp a macro before a conversion",
        "struct A { KIT_NODISCARD operator R() { return 1; } KIT_X\n explicit operator bool() const; };",
        "struct A, operator operator R in A, prototype operator bool in A",
    ),
    case("cpp macro lines before a class", "NS_OPEN\nBEGIN_KIT(kit)\nclass A { int x; };", "class A, field x in A"),
    # Attributes of C++.
    case(
        "cpp attributes of enumerators",
        "enum E { A [[deprecated]], B };\nint c [[maybe_unused]] = 1, d [[gnu::aligned(8)]];",
        "enum E, enumerator A in E, enumerator B in E, variable c, variable d",
    ),
    # Branches that open a class each.
    case(
        "c a union or a struct",
        "struct a {\n#if X\n union {\n int b;\n#else\n struct {\n int c;\n#endif\n int d;\n } e;\n int f;\n};",
        "struct a, field b in a, field c in a.e, field d in a.e, field e in a, field f in a",
    ),
    case(
        "c a class of C++ or a struct",
        "#ifdef __cplusplus\nclass a {\n public:\n#else\ntypedef struct a {\n#endif\n  int b;\n"
        "#ifdef __cplusplus\n};\n#else\n} a;\n#endif\nint c(void);",
        "struct a, field b in a, prototype c",
    ),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.language} {case.id}")
def test_definitions_are_those_of_the_language(case: Case, tmp_path: Path) -> None:
    assert definitions(scan_source(tmp_path, case.source.encode(), case.language)) == case.defined.split(", ")


def read_text(language: str, source: str, *macros: str) -> str:
    """Return a text as the parser is given it."""
    language_id = find_language(language)
    queries = compile_queries([read_tags_query(language_id, None, macros)])
    query = queries.by_language[language_id]
    assert query is not None
    return query.read_text(source.encode()).decode()


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.language} {case.id}")
def test_no_line_and_no_byte_moves(case: Case) -> None:
    read = read_text(case.language, case.source)
    assert [len(line) for line in read.split("\n")] == [len(line) for line in case.source.split("\n")]


def test_text_that_has_no_macros_is_as_it_is() -> None:
    source = "#include <a.h>\n#define X 1\nstatic int f(const char *s) { return g(s); }\nstruct a { int b; } c;\n"
    assert read_text("c", source) == source


def test_blanked_words_are_references_where_they_are(tmp_path: Path) -> None:
    source = b"#if IS_ENABLED(A)\nstruct a { int x; } __packed;\nMAKE(f(1), struct b)\nint y;\n#endif\n"
    found = [(row["name"], row["kind"], row["line"]) for row in rows(scan_source(tmp_path, source, "c"))]
    assert [row for row in found if row[0] in ("IS_ENABLED", "__packed", "MAKE", "f", "b")] == [
        ("IS_ENABLED", "call", 1),
        ("__packed", "macro", 2),
        ("MAKE", "call", 3),
        ("f", "call", 3),
        ("b", "type", 3),
    ]


def test_words_that_macros_are_given_are_used(tmp_path: Path) -> None:
    (tmp_path / "a.c").write_text("DEVICE_ATTR(speed, MODE, show_it, p->next);\nEXPORT_SYMBOL(f);\nint a KIT(LIMIT);\n")
    uses = repomap_fast.scan(tmp_path, cache=False).uses.of_file(0)
    names = [uses.names[number] for number in uses.name_numbers]
    assert names == [b"MODE", b"show_it", b"p", b"f", b"LIMIT"]


def test_a_user_s_macros_go_before_ours(tmp_path: Path) -> None:
    source = b"MY_THING(int, a);\nDEFINE_SPINLOCK(b);\nint my_attr f(void);\nint c;"
    macros = ("MY_THING variable 2", "DEFINE_SPINLOCK line", "my_attr attribute")
    defined = [
        row["name"] for row in rows(scan_source(tmp_path, source, "c", macros=macros)) if row["role"] == "definition"
    ]
    assert defined == ["a", "f", "c"]


HOSTILE = {
    "brackets": "int a[(" * 5000,
    "braces": "struct a { " * 5000,
    "closing brackets": "}) ]" * 5000,
    "conditionals": "#if A\n{\n" * 5000,
    "branches": "#if A\n{\n" + "#else\n{\n" * 5000 + "#endif\n",
    "carried brackets": "#if A\n" + "{" * 5000 + "\n#else\n#endif\n",
    "closed brackets": "{" * 100 + "#if A\n" + "}" * 100 + "\n#else\n#endif\n",
    "words": "a " * 50_000,
    "capitals": "A " * 50_000,
    "calls": "A(x) " * 20_000,
    "angles": "a<" * 20_000,
    "declarators": "int " + "(*" * 5000 + "a" + ")" * 5000 + ";",
    "macros with no end": "DEFINE_PER_CPU(a, " * 5000,
    "attributes with no end": "__aligned(" * 5000,
    "members with no end": "struct a { " + "struct_group(a, " * 5000,
    "operators": "operator a" * 5000,
    "raw texts": 'R"' * 10_000,
    "raw texts of another tag": 'R"x(a)" ' * 20_000,
    "comments": "/*" * 10_000,
    "definitions": "".join(f"#define M{i}\n" for i in range(5000)),
    "class words": "class " + "A " * 5000 + "{",
    "dead branches": "#if 0\n}\n#endif\n" * 5000,
    "empty": "",
}


@pytest.mark.parametrize("language", ["c", "cpp"])
@pytest.mark.parametrize("source", HOSTILE.values(), ids=HOSTILE)
def test_hostile_text_is_read_to_its_end(source: str, language: str, tmp_path: Path) -> None:
    assert len(read_text(language, source)) == len(source)


def test_a_text_with_too_many_brackets_is_parsed_as_it_is(tmp_path: Path) -> None:
    source = "struct a { int x; } __packed;\n" + "namespace a {" * 600
    assert read_text("cpp", source) == source
    assert status(scan_source(tmp_path, b"struct a { int x; } __packed;", "cpp")) == FileStatus.TAGGED
    assert "a" in names(scan_source(tmp_path, source.encode(), "cpp"))
