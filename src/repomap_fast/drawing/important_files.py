"""Important files: they describe what a repository is for, and how it is built, run and tested.

They come first in a map, by their paths alone. Only files at the root count, and the workflows of a few CI services. A
README in a folder describes that folder.
"""

from __future__ import annotations

import os
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence

from repomap_fast.paths import row_of

_PROSE = ("readme", "architecture", "design", "agents", "claude", "contributing")
"""With any of the suffixes below, in any case."""
_PROSE_SUFFIXES = ("", ".md", ".markdown", ".rst", ".txt", ".adoc", ".org")

_NAMES_BY_USE = {
    "what it is made of": (
        *("pyproject.toml", "setup.py", "setup.cfg", "requirements.txt", "Pipfile", "environment.yml"),
        *("package.json", "pnpm-workspace.yaml", "deno.json", "lerna.json", "nx.json", "turbo.json"),
        *("Cargo.toml", "go.mod", "go.work", "Gemfile", "composer.json", "Package.swift", "Podfile"),
        *("pom.xml", "build.gradle", "build.gradle.kts", "settings.gradle", "settings.gradle.kts", "build.sbt"),
        *("build.xml", "project.clj", "deps.edn", "mix.exs", "rebar.config", "pubspec.yaml", "shard.yml"),
        *("stack.yaml", "cabal.project", "dune-project", "Project.toml", "DESCRIPTION", "cpanfile", "Makefile.PL"),
        *("Directory.Build.props", "global.json", "vcpkg.json", "conanfile.py", "conanfile.txt", "flake.nix"),
    ),
    "how it is built": (
        *("Makefile", "GNUmakefile", "makefile", "CMakeLists.txt", "meson.build", "configure.ac", "SConstruct"),
        *("WORKSPACE", "WORKSPACE.bazel", "MODULE.bazel", "BUILD", "BUILD.bazel", "Kconfig", "Kbuild", "Justfile"),
        *("justfile", "Taskfile.yml", "Rakefile", "noxfile.py", "tox.ini", "tasks.py", "manage.py", "build.rs"),
        *("build.zig", "gulpfile.js", "webpack.config.js", "vite.config.ts", "vite.config.js", "tsconfig.json"),
        *("rollup.config.js", "next.config.js", "angular.json", "babel.config.js"),
    ),
    "how it is run": (
        *("Dockerfile", "Containerfile", "docker-compose.yml", "docker-compose.yaml", "compose.yml", "compose.yaml"),
        *("Procfile", "Vagrantfile", "app.yaml", "serverless.yml", "fly.toml", "vercel.json", "netlify.toml"),
        *("main.tf", "Chart.yaml", "skaffold.yaml", "action.yml", "openapi.yaml", "openapi.json", "schema.graphql"),
    ),
    "how it is checked": (
        *(
            ".gitlab-ci.yml",
            ".travis.yml",
            "Jenkinsfile",
            "azure-pipelines.yml",
            "appveyor.yml",
            "bitbucket-pipelines.yml",
        ),
        *(".pre-commit-config.yaml", "pytest.ini", "jest.config.js", "MAINTAINERS", "CODEOWNERS"),
    ),
}
"""Exact names, in their order in a map."""

_WORKFLOW_FOLDERS = (b".github/workflows/", b".circleci/")
_WORKFLOW_SUFFIXES = (b".yml", b".yaml")

_ORDER = {
    os.fsencode(name): position
    for position, name in enumerate(name for names in _NAMES_BY_USE.values() for name in names)
}
_PROSE_ORDER = {
    os.fsencode(word + suffix): position for position, word in enumerate(_PROSE) for suffix in _PROSE_SUFFIXES
}


def important_rows(paths: Sequence[bytes], first: Iterable[bytes] = ()) -> list[int]:
    """Return the rows of the important files, the most important first.

    paths  sorted.
    first  paths of files that come before all others, in this order; missing ones are skipped.
    """
    chosen = [row for path in first if (row := row_of(paths, path)) is not None]
    ordered = sorted((key, row) for row in _rows_at_root(paths) if (key := _sort_key(paths[row])) is not None)
    workflows = [row for folder in _WORKFLOW_FOLDERS for row in _workflow_rows(paths, folder)]
    return list(dict.fromkeys([*chosen, *(row for _, row in ordered), *workflows]))


def _rows_at_root(paths: Sequence[bytes]) -> Iterator[int]:
    """Yield the rows of the files that are in no folder. A folder of any size is skipped in one step."""
    row = 0
    while row < len(paths):
        folder, slash, _ = paths[row].partition(b"/")
        if slash:
            # "0" is the character after "/".
            row = bisect_left(paths, folder + b"0", row)
        else:
            yield row
            row += 1


def _workflow_rows(paths: Sequence[bytes], folder: bytes) -> Iterator[int]:
    row = bisect_left(paths, folder)
    while row < len(paths) and paths[row].startswith(folder):
        if paths[row].endswith(_WORKFLOW_SUFFIXES):
            yield row
        row += 1


def _sort_key(name: bytes) -> tuple[int, int] | None:
    """Return the position of a file of this name among the important ones, prose first; None if it is not one."""
    if (position := _PROSE_ORDER.get(name.lower())) is not None:
        return 0, position
    if (position := _ORDER.get(name)) is not None:
        return 1, position
    return None
