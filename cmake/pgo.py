"""Runs the counting build of the core over some files: see PGO.cmake.

    python pgo.py LIBRARY QUERIES LANGUAGE=FOLDER…

LIBRARY is cext/tagging/core/pgo.c with the core, QUERIES the folder of the tags queries.
"""

from __future__ import annotations

import ctypes
import re
import sys
from pathlib import Path

from tree_sitter_language_pack import get_binding

SUFFIXES = {"c": ".c", "python": ".py"}


def main(library_path: str, queries: str, *folders: str) -> None:
    library = ctypes.CDLL(library_path)
    compile_query, run = library.repomap_pgo_query, library.repomap_pgo_run
    compile_query.argtypes = [ctypes.c_void_p, ctypes.c_char_p, ctypes.c_uint32]
    compile_query.restype = ctypes.c_void_p
    run.argtypes = [ctypes.c_void_p, ctypes.c_char_p, ctypes.c_void_p, ctypes.c_char_p, ctypes.c_uint32]
    run.restype = ctypes.c_bool
    pointer_in = ctypes.pythonapi.PyCapsule_GetPointer
    pointer_in.argtypes, pointer_in.restype = [ctypes.py_object, ctypes.c_char_p], ctypes.c_void_p
    for language, _, folder in (argument.partition("=") for argument in folders):
        grammar = pointer_in(get_binding(language), b"tree_sitter.Language")
        query_text = read_query(Path(queries), language)
        query = compile_query(grammar, query_text, len(query_text))
        if query is None:
            sys.exit(f"pgo.py: {language}.scm is no query for the grammar {language!r}")
        paths = sorted(Path(folder).rglob(f"*{SUFFIXES[language]}"))
        if not paths:
            sys.exit(f"pgo.py: found no *{SUFFIXES[language]} in {folder}; expected sources to parse")
        for path in paths:
            text = path.read_bytes()
            # Half a file has a syntax error, so that error recovery is counted too.
            for length in (len(text), len(text) // 2):
                if not run(grammar, language.encode(), query, text, length):
                    sys.exit(f"pgo.py: the core could not parse {path} and ask it {language}.scm")


def read_query(folder: Path, name: str) -> bytes:
    """Return the text of a tags query after what its first line ``; inherits: NAME, …`` names.

    As ``repomap_fast.languages.tags_query`` does, which cannot be imported before it is built.
    """
    sys.path.insert(0, str(folder.parent))
    from repetition import repeat_within

    text = repeat_within(Path(folder, f"{name}.scm").read_bytes(), 1 << 20)
    inherited = re.match(rb"; inherits: (.+)\n", text)
    names = inherited[1].decode().split(", ") if inherited else []
    return b"".join(read_query(folder, base) for base in names) + text


if __name__ == "__main__":
    main(*sys.argv[1:])
