"""The language table, and which row of it a file belongs to.

A file's language is told by the first of these that knows it:

1. its whole name (``Rakefile``, ``.bashrc``), letter for letter;
2. what follows the last dot of its name, letter for letter (``.C`` is C++, ``.c`` is C), then in lower case, so
   ``vue.d.ts`` is TypeScript and ``jquery.min.JS`` is JavaScript;
3. where the name has no dot, the program that its ``#!`` line asks for.

A ``.h`` file is C or C++ by its neighbours, see ``_settle_headers``.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

import numpy as np

from repomap_fast.errors import LanguageError
from repomap_fast.languages import _identify
from repomap_fast.safe_files import read_start
from repomap_fast.tables import NO_LANGUAGE, U16, U32, StringTable


@dataclass(frozen=True, slots=True)
class Language:
    """One row of the table.

    name          what users read and write; the tags query is ``queries/NAME.scm``.
    grammar       the parser's name in tree-sitter-language-pack.
    suffixes      ends of file names, with the dot; one with a capital letter is taken letter for letter.
    file_names    whole file names.
    interpreters  programs on a ``#!`` line, without folder and version: ``python`` stands for ``python3.11``.
    aliases       other names by which ``find_language`` knows the language, in lower case.
    is_basic      whether the grammar is shown no character beyond U+FFFF: its scanner looks characters up in a table
                  of the C library's, far past the end of it.
    has_unset_state  whether the grammar's scanner starts with whatever lay in memory, and is told its first state: it
                  asks for no bytes to keep it in, and takes an empty state for none at all.
    """

    name: str
    grammar: str
    suffixes: tuple[str, ...]
    file_names: tuple[str, ...] = ()
    interpreters: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    is_basic: bool = False
    has_unset_state: bool = False

    @property
    def tags_query(self) -> str:
        """Where the tags query lies, below the package."""
        return f"queries/{self.name}.scm"


# Sorted by name. Left out on purpose: `.inc` (too many languages share it), `.zsh` and `.fish` (the grammar for bash
# does not parse them), templates such as `.h.in`. CUDA and Arduino sketches are read as C++: what the grammar does not
# know of them (`<<<…>>>`) stays a small error inside a function.
#
# All these grammars may parse in several threads at once: none keeps state in writable static data, as some of the
# others in the package do (tests/tagging/test_scanner_state.py).
LANGUAGES: tuple[Language, ...] = (
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
        is_basic=True,
    ),
    # `.h` stands here because a header with no neighbour to tell is C.
    Language("c", "c", (".c", ".h"), (), ("tcc",)),
    Language(
        "cpp",
        "cpp",
        (
            *(".cc", ".cpp", ".cxx", ".c++", ".cp", ".C", ".cppm", ".ccm", ".cxxm", ".ixx", ".cu", ".ino"),
            *(".hh", ".hpp", ".hxx", ".h++", ".H", ".inl", ".ipp", ".tcc", ".tpp", ".txx", ".cuh"),
        ),
        aliases=("c++", "cxx", "cc", "hpp"),
    ),
    Language("csharp", "csharp", (".cs", ".csx", ".cake"), (), ("dotnet", "dotnet-script"), ("c#", "cs", "c_sharp")),
    Language("go", "go", (".go",), (), (), ("golang",)),
    Language("java", "java", (".java",), (), ("java",)),
    Language(
        "javascript",
        "javascript",
        (".js", ".mjs", ".cjs", ".jsx", ".es", ".es6", ".jsm"),
        ("Jakefile",),
        ("node", "nodejs", "gjs", "qjs", "rhino"),
        ("js", "jsx", "ecmascript", "node", "javascriptreact"),
    ),
    Language("kotlin", "kotlin", (".kt", ".kts", ".ktm"), (), ("kotlin", "kscript"), ("kt", "kts")),
    Language("lua", "lua", (".lua", ".nse", ".rockspec", ".wlua"), (".luacheckrc",), ("lua", "luajit", "texlua")),
    Language(
        "php",
        "php",
        (".php", ".php3", ".php4", ".php5", ".php7", ".php8", ".phps", ".phpt", ".phtml", ".ctp"),
        (".php_cs", ".php-cs-fixer"),
        ("php",),
    ),
    Language(
        "python",
        "python",
        (".py", ".pyi", ".pyw"),
        ("SConstruct", "SConscript", "Sconstruct", "sconstruct", "wscript", ".pythonrc"),
        ("python", "pypy", "uv", "pipx"),
        ("py", "python2", "python3"),
    ),
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
    Language("rust", "rust", (".rs",), (), ("rust-script", "cargo"), ("rs",)),
    Language("scala", "scala", (".scala", ".sc", ".sbt", ".mill"), (), ("scala", "scala-cli", "amm"), ("sc", "sbt")),
    Language("swift", "swift", (".swift", ".swiftinterface"), (), ("swift",), has_unset_state=True),
    Language("tsx", "tsx", (".tsx",), (), (), ("typescriptreact",)),
    Language("typescript", "typescript", (".ts", ".mts", ".cts"), (), ("ts-node", "tsx", "deno", "bun"), ("ts",)),
)

_ROW_BY_NAME = {row.name: i for i, row in enumerate(LANGUAGES)}
_C = _ROW_BY_NAME["c"]
_CPP = _ROW_BY_NAME["cpp"]
_ROW_BY_ALIAS = {alias: i for i, row in enumerate(LANGUAGES) for alias in (row.name, row.grammar, *row.aliases)}
_ROW_BY_INTERPRETER = {program.encode(): i for i, row in enumerate(LANGUAGES) for program in row.interpreters}

# Two answers that a name alone gives, to be settled by looking at the neighbours, or into the file; and one that its
# ending alone gives, to be settled by looking at the whole name.
_HEADER = NO_LANGUAGE - 1
_SCRIPT = NO_LANGUAGE - 2
_UNTOLD = NO_LANGUAGE - 3

_ROW_BY_SUFFIX = {suffix[1:].encode(): i for i, row in enumerate(LANGUAGES) for suffix in row.suffixes}
_ROW_BY_SUFFIX[b"h"] = _HEADER

# Names without a dot that are common and never scripts: not opening them saves most of the time that the `#!` lines
# take (of the Linux kernel's 6,000 files whose name has no dot, 4,700 are these).
_NEVER_SCRIPTS = (
    *("Makefile", "makefile", "GNUmakefile", "Kconfig", "Kbuild", "Dockerfile", "Jenkinsfile", "BUILD", "WORKSPACE"),
    *("README", "LICENSE", "LICENCE", "COPYING", "NOTICE", "AUTHORS", "CHANGES", "ChangeLog", "CHANGELOG", "INSTALL"),
    *("NEWS", "TODO", "THANKS", "MAINTAINERS", "CONTRIBUTORS", "CODEOWNERS", "OWNERS", "VERSION"),
)
_ROW_BY_FILE_NAME = {name.encode(): NO_LANGUAGE for name in _NEVER_SCRIPTS} | {
    name.encode(): i for i, row in enumerate(LANGUAGES) for name in row.file_names
}

_ENDINGS_OF_NAMES = frozenset(name[name.rfind(b".") :] for name in _ROW_BY_FILE_NAME if b"." in name)

_FIRST_LINE_BYTES = 256
"""How much of a file is read for its ``#!`` line: Linux itself reads no more (BINPRM_BUF_SIZE)."""
# A pipe without a writer, or a link to one, must not hold up the scan. Windows has neither flag.

_ENV_OPTIONS_WITH_VALUE = frozenset((b"-u", b"--unset", b"-C", b"--chdir", b"-a", b"--argv0"))


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


def identify_languages(root: Path, paths: StringTable) -> U16:
    """Return each file's row of the language table, or NO_LANGUAGE.

    Parameters
    ----------
    root
        The folder that the paths start from; files are opened only for their ``#!`` line.
    paths
        Every file of the scan, ``/``-separated: what a ``.h`` file is depends on the others. A file that is gone or
        cannot be read is one of unknown language.

    Returns
    -------
    U16
        (n_paths,) rows of ``LANGUAGES``, in the order of the paths.
    """
    seed = int.from_bytes(os.urandom(8), "little")
    folder_ids, n_folders, ending_ids, offsets, data = _identify.split_paths(paths.offsets, paths.data, seed)
    row_by_ending = [_row_by_ending(ending) for ending in StringTable(offsets, data)]
    rows = np.array(row_by_ending, np.uint16)[ending_ids]
    for i in np.flatnonzero(rows == _UNTOLD).tolist():
        name = paths[i].rpartition(b"/")[2]
        row = _ROW_BY_FILE_NAME.get(name)
        rows[i] = _row_by_suffix(name.rpartition(b".")[2]) if row is None else row
    _settle_headers(rows, folder_ids, n_folders)
    folder = os.fsencode(root)
    for i in np.flatnonzero(rows == _SCRIPT).tolist():
        rows[i] = _row_by_first_line(os.path.join(folder, paths[i]))  # noqa: PTH118 - bytes, which pathlib refuses
    return rows


def _row_by_ending(ending: bytes) -> int:
    """Return what the end of a name tells: its last dot and what follows it, or the whole of a name without a dot."""
    if not ending.startswith(b"."):
        return _ROW_BY_FILE_NAME.get(ending, _SCRIPT)
    return _UNTOLD if ending in _ENDINGS_OF_NAMES else _row_by_suffix(ending[1:])


def _row_by_suffix(suffix: bytes) -> int:
    row = _ROW_BY_SUFFIX.get(suffix)
    return _ROW_BY_SUFFIX.get(suffix.lower(), NO_LANGUAGE) if row is None else row


def _settle_headers(rows: U16, folder_ids: U32, n_folders: int) -> None:
    """Make each ``.h`` file C or C++.

    It goes with its own folder when that directly holds ``.c`` files and no file that only C++ has, or the other way
    round. With both or neither there, it goes with the larger number of files in the whole scan, and is C when they are
    even.
    """
    headers = np.flatnonzero(rows == _HEADER)
    has_c, has_cpp = np.zeros(n_folders, np.bool_), np.zeros(n_folders, np.bool_)
    has_c[folder_ids[rows == _C]] = True
    has_cpp[folder_ids[rows == _CPP]] = True
    of_scan = _CPP if np.count_nonzero(rows == _CPP) > np.count_nonzero(rows == _C) else _C
    of_folder = np.where(has_c == has_cpp, of_scan, np.where(has_c, _C, _CPP)).astype(np.uint16)
    rows[headers] = of_folder[folder_ids[headers]]


def _row_by_first_line(path: bytes) -> int:
    try:
        start = read_start(path, _FIRST_LINE_BYTES, follow_link=False)
    except OSError:
        return NO_LANGUAGE
    if not start.startswith(b"#!"):
        return NO_LANGUAGE
    program = _interpreter(start[2:].partition(b"\n")[0].split())
    row = _ROW_BY_INTERPRETER.get(program)
    return _ROW_BY_INTERPRETER.get(program.rstrip(b"0123456789.-"), NO_LANGUAGE) if row is None else row


def _interpreter(words: list[bytes]) -> bytes:
    """Return the program that a ``#!`` line runs, without its folder; ``env`` is seen through."""
    programs = iter(words)
    program = next(programs, b"").rpartition(b"/")[2]
    if program != b"env":
        return program
    for word in programs:
        if word in _ENV_OPTIONS_WITH_VALUE:
            next(programs, None)
        elif word.startswith((b"-S", b"--split-string=")) and word != b"-S":
            return word.removeprefix(b"-S").removeprefix(b"--split-string=").rpartition(b"/")[2]
        elif not word.startswith(b"-") and b"=" not in word:
            return word.rpartition(b"/")[2]
    return b""
