"""What a shared object keeps in writable static data: the symbols of an ELF file, and their bytes in this process."""

from __future__ import annotations

import ctypes
import struct
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path

from repomap_fast.languages.grammars import best_package, load_grammar

_SYMBOL_TABLE = 2
_IS_WRITABLE, _IS_LOADED, _IS_THREAD_LOCAL = 1, 2, 1 << 10
# The loader writes these once, and closes them before any code of the object runs.
_READ_ONLY_AFTER_LOADING = (".data.rel.ro", ".init_array", ".fini_array", ".dynamic", ".got")


@dataclass(frozen=True, slots=True)
class WritableObject:
    """One symbol; ``address`` counts from where the shared object is loaded."""

    name: str
    section: str
    address: int
    size: int

    def read(self, base: int) -> bytes:
        """Return its bytes as they are now, in this process."""
        return ctypes.string_at(base + self.address, self.size)


def library_of(grammar: str) -> Path:
    """Return the shared object that a grammar is in."""
    package = best_package(grammar)
    load_grammar(grammar, package)
    name = f"{package}._binding" if package else f"tree_sitter_language_pack.bindings.{grammar}"
    return Path(import_module(name).__file__ or "")


def writable_objects(path: Path) -> list[WritableObject] | None:
    """Return the named writable data of a 64-bit ELF file; None for another file, and where the names were stripped."""
    image = path.read_bytes()
    if image[:6] != b"\x7fELF\x02\x01":
        return None
    (table,) = struct.unpack_from("<Q", image, 40)
    entry_size, count, names_section = struct.unpack_from("<3H", image, 58)
    # Of each section: name, type, flags, address, offset, size, link …
    sections = [struct.unpack_from("<IIQQQQIIQQ", image, table + i * entry_size) for i in range(count)]

    def text(strings: int, start: int) -> str:
        first = sections[strings][4] + start
        return image[first : image.index(b"\0", first)].decode()

    names = [text(names_section, section[0]) for section in sections]
    symbols = next((section for section in sections if section[1] == _SYMBOL_TABLE), None)
    if symbols is None:
        return None
    found = []
    for offset in range(symbols[4], symbols[4] + symbols[5], 24):
        name, _, _, number, address, size = struct.unpack_from("<IBBHQQ", image, offset)
        if not (0 < number < count and size):
            continue
        flags = sections[number][2]
        is_writable = flags & _IS_WRITABLE and flags & _IS_LOADED and not flags & _IS_THREAD_LOCAL
        if is_writable and not names[number].startswith(_READ_ONLY_AFTER_LOADING):
            found.append(WritableObject(text(symbols[6], name), names[number], address, size))
    return sorted(found, key=lambda found_object: found_object.address)


def load_address(path: Path) -> int:
    """Return where this process has loaded a shared object. Raises LookupError."""
    for line in Path("/proc/self/maps").read_text().splitlines():
        bounds, _, offset, _, _, *name = line.split(maxsplit=5)
        if name == [str(path)] and int(offset, 16) == 0:
            return int(bounds.partition("-")[0], 16)
    raise LookupError(f"{path} is not loaded")
