"""A grammar whose scanner is measured: how much state it writes, where it has more room for it than the core gives."""

from __future__ import annotations

import ctypes
from typing import Any
from unittest import mock

from repomap_fast.languages.grammars import best_package, load_grammar
from repomap_fast.languages.table import LANGUAGES, find_language
from repomap_fast.languages.tags_query import read_tags_query
from repomap_fast.tagging import tagger
from repomap_fast.tagging.tagger import TagsQueries, compile_queries

ROOM_BYTES = 1024
"""What the core promises a scanner for its state,"""
SPARE_BYTES = 64
"""and what our build of it has behind that."""
_CAPSULE = b"tree_sitter.Language"
_LANGUAGE_BYTES = 320
_SERIALIZE_OFFSET = 208
"""Of ``TSLanguage``, from ABI 13 to 15: nine counts, fifteen pointers, a symbol, and the scanner's fifth function."""
_UNTOUCHED = 0xA5
_WATCHED_BYTES = 4096

_get_pointer = ctypes.pythonapi.PyCapsule_GetPointer
_get_pointer.restype, _get_pointer.argtypes = ctypes.c_void_p, (ctypes.py_object, ctypes.c_char_p)
_new_capsule = ctypes.pythonapi.PyCapsule_New
_new_capsule.restype, _new_capsule.argtypes = ctypes.py_object, (ctypes.c_void_p, ctypes.c_char_p, ctypes.c_void_p)
_Serialize = ctypes.CFUNCTYPE(ctypes.c_uint, ctypes.c_void_p, ctypes.c_void_p)


def capsule_address(capsule: Any) -> int:
    """Return where the ``TSLanguage`` is that a grammar's capsule holds."""
    address: int = _get_pointer(capsule, _CAPSULE)
    return address


class MeasuredScanner:
    """The grammar of a language with a scanner that is measured; ``queries`` are its tags queries.

    most_bytes  the most that it has written at once, or says that it has.
    """

    def __init__(self, language: str) -> None:
        row = LANGUAGES[find_language(language)]
        capsule = load_grammar(row.grammar, best_package(row.grammar))
        copy = ctypes.string_at(capsule_address(capsule), _LANGUAGE_BYTES)
        self.most_bytes = 0
        self._room = ctypes.create_string_buffer(ROOM_BYTES + _WATCHED_BYTES)
        self._behind = ctypes.addressof(self._room) + ROOM_BYTES
        place = slice(_SERIALIZE_OFFSET, _SERIALIZE_OFFSET + ctypes.sizeof(ctypes.c_void_p))
        address = int.from_bytes(copy[place], "little")
        self.has_scanner = bool(address)
        if not address:
            return
        self._original = _Serialize(address)
        self._measure = _Serialize(self._serialize)
        measure = ctypes.cast(self._measure, ctypes.c_void_p).value or 0
        copy = copy[: place.start] + measure.to_bytes(place.stop - place.start, "little") + copy[place.stop :]
        self._language = ctypes.create_string_buffer(copy, len(copy))
        self._capsule = _new_capsule(ctypes.addressof(self._language), _CAPSULE, None)
        self.queries = self._compile(language, row.grammar)

    def _compile(self, language: str, grammar: str) -> TagsQueries:
        def load_measured(name: str, package: str = "") -> Any:
            return self._capsule if name == grammar else load_grammar(name, package)

        with mock.patch.object(tagger, "load_grammar", load_measured):
            return compile_queries([read_tags_query(find_language(language), None)])

    def _serialize(self, payload: int, state: int) -> int:
        ctypes.memset(self._behind, _UNTOUCHED, _WATCHED_BYTES)
        size = self._original(payload, ctypes.addressof(self._room))
        written = len(ctypes.string_at(self._behind, _WATCHED_BYTES).rstrip(bytes((_UNTOUCHED,))))
        self.most_bytes = max(self.most_bytes, size, ROOM_BYTES + written if written else 0)
        ctypes.memmove(state, self._room, min(size, ROOM_BYTES + SPARE_BYTES))
        return size
