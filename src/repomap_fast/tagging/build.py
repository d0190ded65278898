"""How the compiled core was built; an unexplained slow scan may be a build without optimisation.

It never loads the core.
"""

from __future__ import annotations

from dataclasses import dataclass
from importlib import metadata

from repomap_fast import __version__
from repomap_fast.languages.grammars import BETTER_PACKAGES, OTHER_PACKAGES, PACK, is_installed
from repomap_fast.tagging import _build


@dataclass(frozen=True, slots=True, kw_only=True)
class BuildInfo:
    """How an installed repomap-fast was built.

    version       of repomap-fast.
    mode          ``release``; ``debug``, with bounds and asserts checked; ``sanitize``, with ASan and UBSan.
    has_pgo       whether the core was laid out by profile-guided optimisation; about a tenth faster.
    has_lto       whether it was optimised at link time.
    core          version of the tree-sitter core; ``unknown`` if the builder brought its own.
    grammar_abi   oldest and newest ABI of the grammars that the core reads.
    grammars      packages that grammars are read from, with their versions.
    compiler      name and version.
    """

    version: str
    mode: str
    has_pgo: bool
    has_lto: bool
    core: str
    grammar_abi: tuple[int, int]
    grammars: tuple[str, ...]
    compiler: str

    @property
    def flavour(self) -> str:
        """The build in a few words, such as ``release, PGO, LTO``."""
        return ", ".join([self.mode, *(["PGO"] if self.has_pgo else []), *(["LTO"] if self.has_lto else [])])

    def __str__(self) -> str:
        oldest, newest = self.grammar_abi
        return (
            f"build: {self.flavour}; {self.compiler}\n"
            f"core: tree-sitter {self.core}, grammar ABI {oldest} to {newest}\n"
            f"grammars: {', '.join(self.grammars) or 'not installed'}"
        )


def build_info() -> BuildInfo:
    """Return how this repomap-fast was built."""
    mode, has_pgo, has_lto, core, oldest, newest, compiler = _build.build_facts()
    return BuildInfo(
        version=__version__,
        mode=mode,
        has_pgo=has_pgo,
        has_lto=has_lto,
        core=core,
        grammar_abi=(oldest, newest),
        grammars=_grammars(),
        compiler=compiler,
    )


def _grammars() -> tuple[str, ...]:
    others = () if is_installed(PACK) else OTHER_PACKAGES.values()
    modules = dict.fromkeys(name.partition(":")[0] for name in (PACK, *BETTER_PACKAGES.values(), *others))
    packages = [module.replace("_", "-") for module in modules if is_installed(module)]
    return tuple(f"{package} {metadata.version(package)}" for package in packages)
