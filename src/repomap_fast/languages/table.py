"""The language table: one row for each language, found by name or alias.

A new language needs a row here, a tags query in ``queries/`` and cases in ``tests/tags/``. Its imports, uses and
repairs are written elsewhere: CONTRIBUTING.md has the steps.
"""

from __future__ import annotations

from difflib import get_close_matches
from typing import NamedTuple

from repomap_fast.errors import LanguageError


class Language(NamedTuple):
    """One row of the table.

    name           what users read and write; the tags query is ``queries/NAME.scm``.
    grammar        the parser's name in tree-sitter-language-pack; empty where only the guests are parsed. Of some the
                   pack has none, or a poor one: ``grammars.WITHOUT_PACK``.
    suffixes       ends of file names, with the dot; one with a capital letter is taken letter for letter.
    file_names     whole file names.
    role           what its files are for, one of LANGUAGE_ROLES. Maps show text and configuration after code.
    beginnings     of file names, with the dot that follows: ``Dockerfile.`` stands for ``Dockerfile.dev``. They count
                   where nothing else tells the language.
    interpreters   programs on a ``#!`` line, without folder and version: ``python`` stands for ``python3.11``.
    aliases        other names by which ``find_language`` knows the language, in lower case.
    bmp_only       whether the grammar must see no character beyond U+FFFF: its scanner looks characters up in a table
                   of the C library, and reads past the end of it.
    reset_scanner  whether the grammar's scanner starts with uninitialised memory, and must be given its first state: it
                   ignores an empty one.
    guests         names of the languages that parts of its files are in. What names mean in such a file is said by the
                   rules of the first, unless the parts are fences, which are examples.
    regions        how these parts are marked, one of REGIONS.
    repair         how texts with errors are rewritten for the grammar, one of REPAIRS; empty where they are not.
    """

    name: str
    grammar: str
    suffixes: tuple[str, ...]
    file_names: tuple[str, ...] = ()
    interpreters: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    bmp_only: bool = False
    reset_scanner: bool = False
    repair: str = ""
    role: str = "code"
    beginnings: tuple[str, ...] = ()
    guests: tuple[str, ...] = ()
    regions: str = ""

    @property
    def is_component(self) -> bool:
        """Whether each file is a component, which is named after it."""
        return self.regions in _REGIONS_OF_COMPONENTS


LANGUAGE_ROLES = ("code", "style", "config", "text")
"""What the files of a language are for. Each is a name for all languages of that role."""
REGIONS = ("", "html", "vue", "svelte", "astro", "erb", "ejs", "notebook", "fences")
"""Ways to mark parts of a file that are in another language, as the compiled loop numbers them (``regions.h``)."""
FENCES = "fences"
"""The way to mark parts that is looked for only where ``ScanOptions.fences`` asks for it."""
GUESTS = (
    *("javascript", "typescript", "tsx", "python", "r", "ruby", "scala", "bash", "c", "cpp", "csharp", "css", "dart"),
    *("elixir", "go", "haskell", "java", "kotlin", "lua", "php", "rust", "sql", "swift"),
)
"""Languages of such parts, as the compiled loop numbers them."""
COMPONENT = "component"
"""Kind of the components that files are, and of the elements that name them."""
_REGIONS_OF_COMPONENTS = ("vue", "svelte", "astro")
REPAIRS = ("", "bash", "csharp", "ecma", "kotlin", "make", "swift", "rust", "objc", "sql", "hlsl", "prisma")
"""Ways to rewrite texts with errors, as the compiled loop numbers them (``repairs.h``)."""

# Sorted by name. Left out on purpose: `.inc` (too many languages share it), `.zsh` and `.fish` (the grammar for bash
# does not parse them), templates such as `.h.in`. CUDA and Arduino sketches are read as C++: what the grammar does not
# know of them (`<<<…>>>`) stays a small error inside a function.
#
# All these grammars may parse in several threads at once: none keeps state in writable static data, as some of the
# others in the package do (tests/tagging/test_scanner_state.py).
LANGUAGES: tuple[Language, ...] = (
    Language("ada", "ada", (".ads", ".adb", ".ada")),
    Language("astro", "", (".astro",), guests=("typescript",), regions="astro"),
    Language(
        "bash",
        "bash",
        (".sh", ".bash", ".ksh", ".bats", ".command", ".ebuild", ".eclass"),
        (
            *(".bashrc", ".bash_profile", ".bash_login", ".bash_logout", ".bash_aliases", ".profile", ".kshrc"),
            *(".envrc", "bashrc", "bash_profile", "bash.bashrc", "PKGBUILD", "APKBUILD"),
        ),
        ("bash", "sh", "dash", "ash", "ksh", "mksh", "rbash", "bats", "openrc-run"),
        ("sh", "shell", "shellscript", "ksh"),
        bmp_only=True,
        repair="bash",
    ),
    Language("batch", "batch", (".bat", ".cmd"), aliases=("batchfile", "bat", "cmd")),
    Language("bicep", "bicep", (".bicep", ".bicepparam")),
    # `.h` and `.def` are here because what sources include is C where no C or C++ file is beside it.
    Language("c", "c", (".c", ".def", ".h"), (), ("tcc",)),
    Language("clojure", "clojure", (".clj", ".cljs", ".cljc", ".bb"), (), ("bb", "clojure", "clj"), ("clj", "cljs")),
    Language("cmake", "cmake", (".cmake",), ("CMakeLists.txt",), reset_scanner=True, role="config"),
    Language(
        "commonlisp",
        "commonlisp",
        (".lisp", ".asd", ".lsp", ".cl"),
        (),
        ("sbcl", "clisp", "ecl"),
        ("lisp", "common-lisp", "cl"),
    ),
    Language(
        "cpp",
        "cpp",
        (
            *(".cc", ".cpp", ".cxx", ".c++", ".cp", ".C", ".cppm", ".ccm", ".cxxm", ".ixx", ".cu", ".ino"),
            *(".hh", ".hpp", ".hxx", ".h++", ".H", ".inl", ".ipp", ".tcc", ".tpp", ".txx", ".cuh"),
        ),
        aliases=("c++", "cxx", "cc", "hpp", "cuda"),
    ),
    Language(
        "csharp",
        "csharp",
        (".cs", ".csx", ".cake"),
        (),
        ("dotnet", "dotnet-script"),
        ("c#", "cs", "c_sharp"),
        repair="csharp",
    ),
    Language("css", "css", (".css",), role="style"),
    Language("d", "d", (".d", ".di"), (), ("rdmd", "dub"), ("dlang",), bmp_only=True),
    Language("dart", "dart", (".dart",), (), ("dart",)),
    Language(
        "dockerfile",
        "dockerfile",
        (".dockerfile", ".containerfile"),
        ("Dockerfile", "dockerfile", "Containerfile"),
        aliases=("docker", "containerfile"),
        role="config",
        beginnings=("Dockerfile.", "Containerfile."),
    ),
    Language("ejs", "", (".ejs", ".jst"), guests=("javascript",), regions="ejs"),
    Language("elisp", "elisp", (".el",), (".emacs",), ("emacs",), ("emacs-lisp", "emacslisp")),
    Language("elixir", "elixir", (".ex", ".exs"), (), ("elixir",), ("ex",)),
    Language("elm", "elm", (".elm",)),
    Language("erb", "", (".erb", ".rhtml"), aliases=("rhtml",), guests=("ruby", "javascript"), regions="erb"),
    Language("erlang", "erlang", (".erl", ".hrl", ".escript"), ("rebar.config",), ("escript",), ("erl",)),
    Language("fish", "fish", (".fish",), (), ("fish",)),
    Language(
        "fortran", "fortran", (".f90", ".f95", ".f03", ".f08", ".F90", ".f", ".for", ".f77", ".F"), aliases=("f90",)
    ),
    Language("fsharp", "fsharp", (".fs", ".fsx", ".fsscript"), (), ("fsharpi",), ("f#", "fs")),
    Language("gdscript", "gdscript", (".gd",), aliases=("gd", "godot")),
    Language("gleam", "gleam", (".gleam",)),
    Language("glsl", "glsl", (".glsl", ".vert", ".frag", ".geom", ".comp", ".tesc", ".tese", ".fsh", ".vsh")),
    Language("go", "go", (".go",), (), (), ("golang",)),
    Language("graphql", "graphql", (".graphql", ".gql", ".graphqls"), aliases=("gql",)),
    Language(
        "groovy", "groovy", (".groovy", ".gradle", ".gvy", ".nf"), ("Jenkinsfile",), ("groovy", "nextflow"), ("gradle",)
    ),
    Language("haskell", "haskell", (".hs", ".hs-boot"), (), ("runghc", "runhaskell"), ("hs",)),
    Language("hcl", "hcl", (".hcl", ".nomad"), role="config"),
    Language("hlsl", "hlsl", (".hlsl", ".hlsli", ".fx", ".fxh", ".cginc"), repair="hlsl"),
    Language("html", "html", (".html", ".htm", ".xhtml"), role="text", guests=("javascript", "css"), regions="html"),
    Language(
        "ini",
        "ini",
        (".ini", ".cfg", ".desktop", ".service", ".timer"),
        (".editorconfig", ".gitmodules", ".coveragerc", ".flake8", ".pylintrc"),
        role="config",
    ),
    Language("java", "java", (".java",), (), ("java",)),
    Language(
        "javascript",
        "javascript",
        (".js", ".mjs", ".cjs", ".jsx", ".es", ".es6", ".jsm"),
        ("Jakefile",),
        ("node", "nodejs", "gjs", "qjs", "rhino"),
        ("js", "jsx", "ecmascript", "node", "javascriptreact"),
        repair="ecma",
    ),
    # Files of data are none of these: only those are here that tools know by their names.
    Language(
        "json",
        "json",
        (),
        (
            *("package.json", "composer.json", "deno.json", "deno.jsonc", "tsconfig.json", "jsconfig.json"),
            *("angular.json", "project.json", "nx.json", "turbo.json", "openapi.json", "swagger.json"),
        ),
        aliases=("jsonc",),
        role="config",
    ),
    Language("julia", "julia", (".jl",), (), ("julia",), ("jl",)),
    Language(
        "jupyter",
        "",
        (".ipynb",),
        aliases=("ipynb", "notebook"),
        guests=("python", "javascript", "r", "ruby", "scala", "typescript"),
        regions="notebook",
    ),
    Language("kotlin", "kotlin", (".kt", ".kts", ".ktm"), (), ("kotlin", "kscript"), ("kt", "kts"), repair="kotlin"),
    Language("latex", "latex", (".tex", ".ltx", ".sty", ".cls", ".dtx"), aliases=("tex",), role="text"),
    Language("lua", "lua", (".lua", ".nse", ".rockspec", ".wlua"), (".luacheckrc",), ("lua", "luajit", "texlua")),
    Language("luau", "luau", (".luau",)),
    Language(
        "make",
        "make",
        (".mk", ".mak", ".make"),
        ("Makefile", "makefile", "GNUmakefile", "Kbuild"),
        ("make",),
        ("makefile", "gnumake"),
        repair="make",
        role="config",
        beginnings=("Makefile.", "GNUmakefile.", "makefile."),
    ),
    Language(
        "markdown",
        "markdown",
        (".md", ".markdown", ".mdown", ".mkd", ".mdx"),
        aliases=("md", "mdx"),
        bmp_only=True,
        role="text",
        guests=GUESTS,
        regions=FENCES,
    ),
    Language("matlab", "matlab", (".m",), aliases=("octave",)),
    Language("meson", "meson", (), ("meson.build", "meson.options", "meson_options.txt"), role="config"),
    Language("nim", "nim", (".nim", ".nims", ".nimble")),
    Language("nix", "nix", (".nix",)),
    # `.m` is here because a file of it that says neither is of no language.
    Language("objc", "objc", (".m", ".mm"), aliases=("objective-c", "objectivec", "obj-c", "objc++"), repair="objc"),
    Language("ocaml", "ocaml", (".ml",), (), ("ocaml",), ("ml",)),
    Language("ocaml_interface", "ocaml_interface", (".mli",), aliases=("mli",)),
    Language("pascal", "pascal", (".pas", ".pp", ".dpr", ".lpr", ".dpk"), (), ("instantfpc",), ("delphi",)),
    Language("perl", "perl", (".pl", ".pm", ".t", ".psgi", ".plx", ".ph"), ("cpanfile", "Rexfile"), ("perl",), ("pl",)),
    Language(
        "php",
        "php",
        (".php", ".php3", ".php4", ".php5", ".php7", ".php8", ".phps", ".phpt", ".phtml", ".ctp"),
        (".php_cs", ".php-cs-fixer"),
        ("php",),
    ),
    Language("powershell", "powershell", (".ps1", ".psm1"), (), ("pwsh", "powershell"), ("ps1", "pwsh")),
    Language("prisma", "prisma", (".prisma",), repair="prisma"),
    Language("proto", "proto", (".proto",), aliases=("protobuf", "protocolbuffers")),
    Language("puppet", "puppet", (".pp",)),
    Language(
        "python",
        "python",
        (".py", ".pyi", ".pyw"),
        ("SConstruct", "SConscript", "Sconstruct", "sconstruct", "wscript", ".pythonrc"),
        ("python", "pypy", "uv", "pipx"),
        ("py", "python2", "python3"),
    ),
    Language("qmljs", "qmljs", (".qml", ".qbs"), aliases=("qml",)),
    Language("r", "r", (".R", ".r"), (".Rprofile",), ("Rscript",), ("rlang",)),
    Language("racket", "racket", (".rkt", ".rktl"), (), ("racket",), ("rkt",)),
    Language("rst", "rst", (".rst", ".rest"), aliases=("restructuredtext",), role="text"),
    Language(
        "ruby",
        "ruby",
        (".rb", ".rbi", ".rbw", ".rake", ".ru", ".gemspec", ".podspec", ".jbuilder", ".rabl", ".thor"),
        (
            *("Rakefile", "rakefile", "Gemfile", "Guardfile", "Capfile", "Vagrantfile", "Berksfile", "Thorfile"),
            *("Podfile", "Brewfile", "Fastfile", "Appfile", "Deliverfile", "Matchfile", "Snapfile", "Dangerfile"),
            *("Puppetfile", "Steepfile", "Appraisals", "Jarfile", ".irbrc", ".pryrc", ".simplecov"),
        ),
        ("ruby", "jruby", "rake", "macruby", "rbx", "truffleruby"),
        ("rb", "jruby"),
    ),
    Language("rust", "rust", (".rs",), (), ("rust-script", "cargo"), ("rs",), repair="rust"),
    Language("scala", "scala", (".scala", ".sc", ".sbt", ".mill"), (), ("scala", "scala-cli", "amm"), ("sc", "sbt")),
    Language(
        "scheme",
        "scheme",
        (".scm", ".ss", ".sld", ".sls", ".sps"),
        (),
        ("guile", "chibi-scheme", "csi", "gosh"),
        ("scm",),
    ),
    Language("scss", "scss", (".scss",), role="style"),
    Language("solidity", "solidity", (".sol",), aliases=("sol",)),
    Language("sql", "sql", (".sql", ".ddl", ".pgsql"), aliases=("postgresql", "mysql"), repair="sql"),
    Language(
        "starlark",
        "starlark",
        (".bzl", ".star", ".bazel"),
        ("BUILD", "WORKSPACE", "BUCK", "Tiltfile"),
        aliases=("bazel", "bzl"),
    ),
    Language("svelte", "", (".svelte",), guests=("typescript", "javascript"), regions="svelte"),
    Language("swift", "swift", (".swift", ".swiftinterface"), (), ("swift",), reset_scanner=True, repair="swift"),
    Language("systemverilog", "systemverilog", (".sv", ".svh"), aliases=("sv",)),
    Language("tcl", "tcl", (".tcl", ".tm", ".xdc", ".sdc"), (), ("tclsh", "wish", "expect")),
    Language("terraform", "terraform", (".tf", ".tfvars", ".tofu"), aliases=("tf", "opentofu")),
    Language("thrift", "thrift", (".thrift",)),
    Language(
        "toml",
        "toml",
        (".toml",),
        ("Pipfile",),
        role="config",
    ),
    Language("tsx", "tsx", (".tsx",), (), (), ("typescriptreact",), repair="ecma"),
    Language("twig", "twig", (".twig",), role="text"),
    Language(
        "typescript",
        "typescript",
        (".ts", ".mts", ".cts"),
        (),
        ("ts-node", "tsx", "deno", "bun"),
        ("ts",),
        repair="ecma",
    ),
    Language("verilog", "verilog", (".v", ".vh")),
    Language("vhdl", "vhdl", (".vhd", ".vhdl")),
    Language(
        "vim",
        "vim",
        (".vim",),
        (".vimrc", "vimrc", "_vimrc", ".gvimrc", "gvimrc", ".exrc"),
        aliases=("viml", "vimscript"),
    ),
    Language("vue", "", (".vue",), guests=("typescript", "javascript", "tsx"), regions="vue"),
    Language("xml", "xml", (".xml", ".xsl", ".xslt", ".xsd", ".wsdl"), role="config"),
    Language("yaml", "yaml", (".yml", ".yaml"), aliases=("yml",), role="config"),
    Language("zig", "zig", (".zig", ".zon")),
)

_FAMILIES = (
    ("c", "cpp", "objc"),
    ("css", "html", "scss"),
    ("elixir", "erlang"),
    ("hcl", "terraform"),
    ("java", "kotlin", "scala"),
    ("javascript", "astro", "ejs", "svelte", "tsx", "typescript", "vue"),
    ("python", "jupyter"),
    ("ruby", "erb"),
    ("ocaml", "ocaml_interface"),
    ("systemverilog", "verilog"),
)
"""Languages whose files use each other's definitions by name; every other language is a family of its own."""
_FIRST_OF_FAMILY = {name: names[0] for names in _FAMILIES for name in names}
_ROW_BY_NAME = {row.name: i for i, row in enumerate(LANGUAGES)}
FAMILY_OF_LANGUAGE: tuple[int, ...] = tuple(_ROW_BY_NAME[_FIRST_OF_FAMILY.get(row.name, row.name)] for row in LANGUAGES)
"""For each row of the table the first language of its family. A name of one family never means one of another."""

_ROW_BY_ALIAS = {
    alias: i for i, row in enumerate(LANGUAGES) for alias in (row.name, row.grammar, *row.aliases) if alias
}
PARSED_LANGUAGES: tuple[Language, ...] = tuple(row for row in LANGUAGES if row.grammar)
"""The rows that have a grammar: of files of the others only parts are parsed, which are in these languages."""
RULES_OF_LANGUAGE: dict[str, str] = {
    row.name: row.guests[0] if row.guests and row.regions != FENCES else row.name for row in LANGUAGES
}
"""For each language the one whose rules say what names and imports mean in its files."""


def find_languages(name: str) -> tuple[int, ...]:
    """Return the rows that ``name`` names: those of a role (``code``), or the one of ``find_language``.

    Raises LanguageError.
    """
    wanted = name.strip().lower()
    if wanted in LANGUAGE_ROLES:
        return tuple(i for i, row in enumerate(LANGUAGES) if row.role == wanted)
    return (find_language(wanted),)


def find_language(name: str) -> int:
    """Return the row of the language that ``name`` names, by its name or a common alias, in any case.

    Raises LanguageError, with the nearest names, if there is none.
    """
    wanted = name.strip().lower()
    row = _ROW_BY_ALIAS.get(wanted)
    if row is None:
        near = dict.fromkeys(LANGUAGES[_ROW_BY_ALIAS[alias]].name for alias in get_close_matches(wanted, _ROW_BY_ALIAS))
        hint = f"; did you mean {' or '.join(map(repr, near))}?" if near else ""
        raise LanguageError(f"unknown language {name!r}; expected one that 'repomap-fast languages' lists{hint}")
    return row
