"""Have the core parse some files while it counts which ways through it are taken: see Training.cmake.

    python train.py LIBRARY QUERIES LANGUAGE=FOLDER…

LIBRARY is cext/tagging/core/training.c with the core, QUERIES the folder of the tags queries.
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
    compile_query, train = library.repomap_training_query, library.repomap_train
    compile_query.argtypes = [ctypes.c_void_p, ctypes.c_char_p, ctypes.c_uint32]
    compile_query.restype = ctypes.c_void_p
    train.argtypes = [ctypes.c_void_p, ctypes.c_void_p, ctypes.c_char_p, ctypes.c_uint32]
    train.restype = ctypes.c_bool
    pointer_in = ctypes.pythonapi.PyCapsule_GetPointer
    pointer_in.argtypes, pointer_in.restype = [ctypes.py_object, ctypes.c_char_p], ctypes.c_void_p
    for language, _, folder in (argument.partition("=") for argument in folders):
        grammar = pointer_in(get_binding(language), b"tree_sitter.Language")
        query_text = read_query(Path(queries), language)
        query = compile_query(grammar, query_text, len(query_text))
        if query is None:
            sys.exit(f"train.py: {language}.scm is no query for the grammar {language!r}")
        paths = sorted(Path(folder).rglob(f"*{SUFFIXES[language]}"))
        if not paths:
            sys.exit(f"train.py: found no *{SUFFIXES[language]} in {folder}; expected the sources to train on")
        for path in paths:
            text = path.read_bytes()
            # Half a file is one with an error in it, for which the core has ways of its own.
            for length in (len(text), len(text) // 2):
                if not train(grammar, query, text, length):
                    sys.exit(f"train.py: the core could not parse {path} and ask it {language}.scm")


def read_query(folder: Path, name: str) -> bytes:
    """Return the text of a tags query after what its first line ``; inherits: NAME, …`` names.

    As ``repomap_fast.languages.tags_query`` does, which cannot be imported before it is built.
    """
    text = Path(folder, f"{name}.scm").read_bytes()
    inherited = re.match(rb"; inherits: (.+)\n", text)
    names = inherited[1].decode().split(", ") if inherited else []
    return b"".join(read_query(folder, base) for base in names) + text


if __name__ == "__main__":
    main(*sys.argv[1:])
