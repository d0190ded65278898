"""How the compiled modules were built: what CMake wrote into build.h.

A module of its own, so that asking loads no core.
"""
cimport tree_sitter as ts


cdef extern from "build.h":
    const char *REPOMAP_BUILD_MODE
    const char *REPOMAP_BUILD_CORE
    const char *REPOMAP_BUILD_COMPILER
    bint REPOMAP_BUILD_PGO
    bint REPOMAP_BUILD_LTO


def build_facts():
    """Return mode, whether there is PGO, whether LTO, core version, oldest and newest ABI of grammars, and compiler."""
    return (
        REPOMAP_BUILD_MODE.decode(),
        bool(REPOMAP_BUILD_PGO),
        bool(REPOMAP_BUILD_LTO),
        REPOMAP_BUILD_CORE.decode(),
        ts.TREE_SITTER_MIN_COMPATIBLE_LANGUAGE_VERSION,
        ts.TREE_SITTER_LANGUAGE_VERSION,
        REPOMAP_BUILD_COMPILER.decode(),
    )
