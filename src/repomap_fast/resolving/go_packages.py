"""Go: the packages of a repository, what each declares, and the builds that its files are part of."""

from __future__ import annotations

import posixpath
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from repomap_fast.joining import facts as of
from repomap_fast.joining.imports import IMPORT_KIND_MASK, IMPORT_PACKAGE
from repomap_fast.resolving.scopes import NONE

if TYPE_CHECKING:
    from repomap_fast.resolving.meanings import Sources
    from repomap_fast.resolving.scopes import FileScopes

Bound = tuple[int, int]
"""File and binding."""

_SYSTEM_NAMES = (
    "aix android darwin dragonfly freebsd hurd illumos ios js linux nacl netbsd openbsd plan9 solaris"
    " wasip1 windows zos"
)
_ARCHITECTURE_NAMES = (
    "386 amd64 amd64p32 arm arm64 arm64be armbe loong64 mips mips64 mips64le mips64p32 mips64p32le mipsle ppc ppc64"
    " ppc64le riscv riscv64 s390 s390x sparc sparc64 wasm"
)
_SYSTEMS = frozenset(_SYSTEM_NAMES.split())
_ARCHITECTURES = frozenset(_ARCHITECTURE_NAMES.split())
_UNIX = _SYSTEMS - frozenset(("js", "nacl", "plan9", "wasip1", "windows", "zos"))
_CONSTRAINT = re.compile(r"^//go:build[ \t]+(.+)$", re.MULTILINE)
_TOKEN = re.compile(r"&&|\|\||!|\(|\)|[\w.]+")
_RELEASE = re.compile(r"go1\.\d+")
_NEVER = ("ignore", "none")
"""Tags that nobody sets, by convention."""
_MOST_TOKENS = 100


class Build(NamedTuple):
    """One of the ways in which a repository can be built."""

    system: str
    architecture: str
    has_tags: bool

    def has(self, tag: str) -> bool:
        """Return whether a build tag is set."""
        if tag in _SYSTEMS:
            return tag == self.system
        if tag in _ARCHITECTURES:
            return tag == self.architecture
        if tag == "unix":
            return self.system in _UNIX
        if _RELEASE.fullmatch(tag) or tag in ("gc", "cgo"):
            return True
        return self.has_tags and tag not in _NEVER and tag != "gccgo"


_BUILDS = [
    Build(system, architecture, has_tags)
    for system, architecture in (
        ("linux", "amd64"), ("windows", "amd64"), ("darwin", "arm64"), ("linux", "arm64"), ("js", "wasm"),
        ("freebsd", "amd64"), ("linux", "386"), ("netbsd", "amd64"), ("openbsd", "amd64"), ("plan9", "amd64"),
        ("solaris", "amd64"), ("aix", "ppc64"), ("linux", "ppc64le"), ("linux", "s390x"), ("linux", "riscv64"),
        ("linux", "mips64"), ("linux", "arm"), ("dragonfly", "amd64"), ("android", "arm64"), ("ios", "arm64"),
    )
    for has_tags in (False, True)
]  # fmt: skip
"""The first in which a file takes part is the one in which its names are looked up."""


@dataclass
class Package:
    """The files of a folder that name the same package, and what they declare.

    names    of each name at the top, what declares it; no methods, which are no names.
    methods  of each type, of each of its methods, what declares it.
    """

    files: list[int]
    names: dict[bytes, list[Bound]] = field(default_factory=dict)
    methods: dict[bytes, dict[bytes, list[Bound]]] = field(default_factory=dict)


class GoPackages:
    """The packages of the files of a scan, read when they are needed."""

    def __init__(self, sources: Sources) -> None:
        self._sources = sources
        self._tree = sources.tree
        self._of_folder: dict[str, dict[bytes, Package]] = {}
        self._builds: dict[int, frozenset[int]] = {}

    def of(self, file: int) -> Package:
        """Return the package that a file is part of, with all that it declares."""
        packages = self._in_folder(self._tree.folder_of(file))
        package = packages[package_named_in(self._sources, file)]
        if not package.names and not package.methods:
            for one in package.files:
                self._add(package, one)
        return package

    def name_of(self, file: int) -> bytes:
        """Return the name of the package that an import of this file names."""
        packages = self._in_folder(self._tree.folder_of(file))
        return max(packages, key=lambda name: (name != b"main", not name.endswith(b"_test"), len(packages[name].files)))

    def imported(self, file: int) -> Package:
        """Return the package that an import of a file means: not that of tests or of programs beside it."""
        return self.of(self._in_folder(self._tree.folder_of(file))[self.name_of(file)].files[0])

    def built_with(self, file: int, bound: list[Bound]) -> list[Bound]:
        """Return those declarations that are there when a file is: of the first build that has any."""
        mine = self._builds_of(file)
        for build in sorted(mine):
            there = [one for one in bound if build in self._builds_of(one[0])]
            if there:
                return there
        return []

    def may_be_used_elsewhere(self, file: int, name: str) -> bool:
        """Return whether other repositories can use what a file declares, or builds that are not looked at."""
        if not self._builds_of(file):
            return True
        path = self._tree.paths[file]
        is_of_module = path.endswith("_test.go") or "internal" in path.split("/")[:-1]
        return name[:1].isupper() and not is_of_module and package_named_in(self._sources, file) != b"main"

    def _in_folder(self, folder: str) -> dict[bytes, Package]:
        if folder not in self._of_folder:
            packages = self._of_folder[folder] = {}
            for file in self._tree.folders.get(folder, ()):
                if self._tree.languages[file] == "go":
                    packages.setdefault(package_named_in(self._sources, file), Package([])).files.append(file)
        return self._of_folder[folder]

    def _add(self, package: Package, file: int) -> None:
        here = self._sources.scopes(file)
        for number, bindings in here.members(0).items():
            for binding in bindings:
                if here.binding_kinds[binding] != of.BIND_DEFINITION:
                    continue
                names, owner = package.names, type_of_method(here, binding)
                if owner is not None:
                    names = package.methods.setdefault(owner, {})
                names.setdefault(here.names[number], []).append((file, binding))

    def _builds_of(self, file: int) -> frozenset[int]:
        """Return the builds that a file is part of, by its name and the constraint above its package."""
        if file not in self._builds:
            path = self._tree.paths[file]
            tags = _tags_of_name(posixpath.basename(path))
            text = self._tree.read(path) or ""
            head = text[: text.find("\npackage ") + 1]
            written = _CONSTRAINT.search(head)
            tokens = _tokens_of(written[1]) if written else []
            self._builds[file] = frozenset(
                i for i, build in enumerate(_BUILDS) if all(map(build.has, tags)) and meets(build, tokens)
            )
        return self._builds[file]


def package_named_in(sources: Sources, file: int) -> bytes:
    """Return the name of the package that a file says it is part of."""
    table = sources.imports(file)
    for i, kind in enumerate(table.kinds.tolist()):
        if kind & IMPORT_KIND_MASK == IMPORT_PACKAGE:
            return table.modules[i]
    return b""


def type_of_method(here: FileScopes, binding: int) -> bytes | None:
    """Return the name of the type that a function is a method of; None for other bindings."""
    scope = here.opened_by(binding)
    if scope == NONE:
        return None
    return next((here.last_name(base) for base, kind in here.bases.get(scope, ()) if kind == of.BASE_METHOD_OF), None)


def _tags_of_name(name: str) -> list[str]:
    """Return the system and the architecture that a file is for by its name."""
    parts = name.removesuffix(".go").removesuffix("_test").split("_")[1:]
    if len(parts) > 1 and parts[-2] in _SYSTEMS and parts[-1] in _ARCHITECTURES:
        return parts[-2:]
    return [part for part in parts[-1:] if part in _SYSTEMS or part in _ARCHITECTURES]


def _tokens_of(text: str) -> list[str]:
    """Return the parts of what stands behind ``//go:build``; none of what is longer than anybody writes."""
    tokens = _TOKEN.findall(text.partition("//")[0])
    return tokens if len(tokens) <= _MOST_TOKENS else []


def meets(build: Build, tokens: list[str]) -> bool:
    """Return whether a build meets a constraint; what cannot be read is always met."""
    try:
        is_met, end = _either(build, tokens, 0)
    except IndexError:
        return True
    return is_met or end < len(tokens)


def _either(build: Build, tokens: list[str], at: int) -> tuple[bool, int]:
    is_met, at = _both(build, tokens, at)
    while at < len(tokens) and tokens[at] == "||":
        is_other_met, at = _both(build, tokens, at + 1)
        is_met |= is_other_met
    return is_met, at


def _both(build: Build, tokens: list[str], at: int) -> tuple[bool, int]:
    is_met, at = _single(build, tokens, at)
    while at < len(tokens) and tokens[at] == "&&":
        is_other_met, at = _single(build, tokens, at + 1)
        is_met &= is_other_met
    return is_met, at


def _single(build: Build, tokens: list[str], at: int) -> tuple[bool, int]:
    if tokens[at] == "!":
        is_met, at = _single(build, tokens, at + 1)
        return not is_met, at
    if tokens[at] == "(":
        is_met, at = _either(build, tokens, at + 1)
        return is_met, at + 1
    return build.has(tokens[at]), at + 1
