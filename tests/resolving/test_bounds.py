"""What resolving costs: linear in the sites, and bounded whatever a repository says."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

import repomap_fast
from repomap_fast import ScanResult
from repomap_fast.resolving.site_resolver import SiteResolver
from support.counted_calls import count_calls
from support.import_trees import write_files

N = 20
GROWTH = 2.3


def resolve_all(result: ScanResult) -> int:
    """Resolve each site, and return how many there are."""
    resolver = SiteResolver(result)
    n_sites = 0
    for file in range(len(result.file_table)):
        if resolver.can_resolve(file):
            sites = range(len(resolver.sources.scopes(file).site_names))
            n_sites += len(sites)
            for site in sites:
                resolver.resolve(file, site)
    return n_sites


def python_files(n: int) -> dict[str, str]:
    files = {f"m{i}.py": f"class K{i}:\n    def m{i}(self): return K{i}()\n" for i in range(n)}
    return files | {f"u{i}.py": f"from m{i} import K{i}\nx = K{i}()\nx.m{i}().m{i}()\n" for i in range(n)}


def c_files(n: int) -> dict[str, str]:
    headers = {f"k{i}.h": f"struct k{i} {{ struct k{i} *n{i}; }};\nint f{i}(struct k{i} *p);\n" for i in range(n)}
    body = '#include "k{0}.h"\nint f{0}(struct k{0} *p) {{ return f{0}(p->n{0}); }}\n'
    bodies = {f"k{i}.c": body.format(i) for i in range(n)}
    return headers | bodies


def c_sites_in_one_file(n: int) -> dict[str, str]:
    return {"k.c": "struct s { struct s *n; };\nint f(struct s *p) {\n" + "  f(p->n->n);\n" * (5 * n) + "}\n"}


def generic_calls(n: int) -> dict[str, str]:
    """Functions that give what the next one gives, and calls each of which is given what the one before gives."""
    passes_on = "".join(f"function g{i}<T>(x: T) {{ return {f'g{i + 1}(x)' if i % 5 else 'x'} }}\n" for i in range(n))
    given = "declare function two<A, B>(x: A, y: B): { l: A, r: B };\ndeclare const p: { px: 1 };\n"
    before = [f"c{i - 1}" if i % 5 else "p" for i in range(n)]
    calls = "".join(f"const c{i} = two({one}, {one});\nc{i}.l.r.px;\ng{i}(c{i}).px;\n" for i, one in enumerate(before))
    return {"a.ts": passes_on + given + calls}


def objects_that_are_given(n: int) -> dict[str, str]:
    return {
        "a.ts": "declare function id<T>(x: T): T;\n"
        + "".join(f"id({{ a{i}: [{{ b: 1 }} as B] }}).a{i}[0].b;\n" for i in range(n))
    }


@pytest.mark.parametrize(
    "files_of", [python_files, c_files, c_sites_in_one_file, generic_calls, objects_that_are_given]
)
def test_twice_the_sites_take_twice_the_calls(files_of: Callable[[int], dict[str, str]], tmp_path: Path) -> None:
    results = [repomap_fast.scan(write_files(tmp_path / str(n), files_of(n)), cache=False) for n in (N, 2 * N)]
    n_small, n_large = (count_calls(lambda result=result: resolve_all(result)) for result in results)
    assert n_large <= GROWTH * n_small


HOSTILE = {
    "a long chain of members, Python": {"a.py": "x" + ".y" * 5_000 + "\n"},
    "a long chain of members, C": {"a.c": "int f(struct s *p) { return p" + "->y" * 5_000 + "; }\n"},
    "a very long chain of members, Python": {"a.py": "x" + ".y" * 100_000 + "\n"},
    "a very long chain of members, C": {"a.c": "int f(struct s *p) { return p" + "->y" * 100_000 + "; }\n"},
    "bases in a circle": {"a.py": "".join(f"class K{i}(K{(i + 1) % 99}): pass\n" for i in range(99)) + "K0().m()\n"},
    "imports in a circle": {f"m{i}.py": f"from m{(i + 1) % 60} import *\nf()\n" for i in range(60)},
    "a file that passes everything on": {
        "all.py": "".join(f"from m{i} import *\n" for i in range(60)) + "nothing()\n",
        **{f"m{i}.py": "from all import *\nnothing()\n" for i in range(60)},
    },
    "includes in a circle": {f"m{i}.h": f'#include "m{(i + 1) % 99}.h"\nint x{i} = nothing();\n' for i in range(99)},
    "every header includes every other": {
        f"m{i}.h": "".join(f'#include "m{j}.h"\n' for j in range(40)) + f"int x{i} = f();\nint f(void);\n"
        for i in range(40)
    },
    "types in a circle": {
        "a.c": "".join(f"typedef t{(i + 1) % 99} t{i};\n" for i in range(99)) + "int f(t0 *p) { p->x; }\n"
    },
    "a module that every file adds to": {
        "m0.ts": "export interface K { x: 1 }\n",
        **{
            f"m{i}.ts": f"import {{ K }} from './m{i - 1}'\n"
            f"declare module './m{i - 1}' {{ interface K {{ x{i}: K }} }}\nlet k: K; k.x{i}.x.y;\n"
            for i in range(1, 40)
        },
    },
    "members without names in a circle": {
        "a.ts": "".join(f"interface K{i} {{ [k: string]: K{(i + 1) % 40}[keyof K{i}] }}\n" for i in range(40))
        + "let k: K0; k.a.b.c.d.e; k['x'].y.z;\n"
    },
    "a comment before many functions": {
        "a.js": "/** "
        + "@param {A.b<C[], D>} x\n" * 300
        + "*/\na"
        + ".b = " * 30
        + "\n"
        + "function f("
        + ", ".join(f"x{i}" for i in range(500))
        + ") { x0.y }\n"
        + "f = x => x.z;\n" * 50
    },
    "elements in elements": {"a.tsx": "const a = " + "<Box on={(x) => x.y}>" * 200 + "</Box>" * 200 + ";\n"},
    "structs in structs": {
        "a.c": "struct s { struct " * 300 + "{ int x; };" + " };" * 300 + "\nint f(struct s *p) { p->x; }\n"
    },
}


def check_steps(name: str, folder: Path) -> None:
    """A question costs no more than its bound of steps, whatever the files say."""
    result = repomap_fast.scan(write_files(folder, HOSTILE[name]), cache=False)
    n_sites = resolve_all(result)
    assert count_calls(lambda: resolve_all(result)) <= 100_000 + 15_000 * n_sites


@pytest.mark.parametrize("name", [name for name in HOSTILE if "very long" not in name])
def test_hostile_files_are_resolved_within_a_bound(name: str, tmp_path: Path) -> None:
    check_steps(name, tmp_path)


@pytest.mark.slow
@pytest.mark.parametrize("name", [name for name in HOSTILE if "very long" in name])
def test_very_long_chains_are_resolved_within_a_bound(name: str, tmp_path: Path) -> None:
    check_steps(name, tmp_path)
