"""What references of Python mean, rule by rule."""

from __future__ import annotations

import tempfile
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import repomap_fast
from support.import_trees import write_files
from support.resolved import all_sites, resolved

POOL = "class Base:\n    def close(self): pass\n\nclass Pool(Base):\n    def open(self) -> 'Pool': return self\n"


def test_a_name_means_what_its_scope_binds(tmp_path: Path) -> None:
    text = "def f(): pass\n\ndef g():\n    def f(): pass\n    f()\n\nf()\n"
    assert resolved(tmp_path, {"use.py": text}, "f") == ["scope use.py:4", "scope use.py:1"]


def test_a_method_is_no_name_of_the_functions_in_its_class(tmp_path: Path) -> None:
    text = "def f(): pass\n\nclass A:\n    def f(self): pass\n    def g(self): f()\n    h = f\n"
    assert resolved(tmp_path, {"use.py": text}, "f") == ["scope use.py:1", "scope use.py:4"]


def test_a_parameter_hides_a_function(tmp_path: Path) -> None:
    text = "def f(): pass\n\ndef g(f):\n    f()\n\ng(f)\n"
    assert resolved(tmp_path, {"use.py": text}, "f")[-1] == "scope use.py:1"
    assert "scope use.py:1" not in resolved(tmp_path, {"use.py": text}, "f")[:-1]


@pytest.mark.parametrize(
    ("imported", "used"),
    [
        ("from pool import Pool", "Pool"),
        ("import pool", "pool.Pool"),
        ("import pool as p", "p.Pool"),
        ("from pool import *", "Pool"),
        ("from package import Pool", "Pool"),
        ("import package.inner", "package.inner.Pool"),
        ("from package import inner", "inner.Pool"),
    ],
)
def test_an_import_leads_to_the_definition(tmp_path: Path, imported: str, used: str) -> None:
    files = {
        "pool.py": POOL,
        "package/__init__.py": "from .inner import Pool\n",
        "package/inner.py": "from pool import Pool\n",
        "use.py": f"{imported}\n{used}()\n",
    }
    assert set(resolved(tmp_path, files, "Pool")) == {"import pool.py:4"}


@pytest.mark.parametrize(
    ("head", "found"),
    [
        ("", ["import a.py:2", "unknown"]),
        ("__all__ = ['_h']", ["unknown", "import a.py:3"]),
        ("__all__ = ['f', '_h']", ["import a.py:2", "import a.py:3"]),
        ("__all__ = names()", ["import a.py:2", "import a.py:3"]),
    ],
)
def test_an_import_of_all_names_takes_what_the_module_lists(tmp_path: Path, head: str, found: list[str]) -> None:
    files = {"a.py": f"{head}\ndef f(): pass\ndef _h(): pass\n", "use.py": "from a import *\nf()\n_h()\n"}
    assert [resolved(tmp_path, files, name)[0] for name in ("f", "_h")] == found


def test_another_name_of_an_import_leads_there_too(tmp_path: Path) -> None:
    files = {"pool.py": POOL, "use.py": "from pool import Pool as P\nP()\n"}
    assert resolved(tmp_path, files, "P") == ["import pool.py:4"]
    assert resolved(tmp_path, files, "Pool") == ["import pool.py:4"]


def test_a_name_from_outside_links_nowhere(tmp_path: Path) -> None:
    files = {"pool.py": POOL, "use.py": "from requests import Pool\nPool()\nprint(len('')).close()\n"}
    assert resolved(tmp_path, files, "Pool") == ["outside", "outside"]


@pytest.mark.parametrize(
    "before",
    [
        "Pool()",
        "make()",
        "made",
        "Pool().open()",
        "annotated",
        "Holder().pool",
        "Holder().made",
        "(Pool() or None)",
    ],
)
def test_a_member_is_that_of_the_type_before_the_dot(tmp_path: Path, before: str) -> None:
    text = (
        "from pool import Pool\n"
        "def make(): return Pool()\n"
        "made = make()\n"
        "annotated: Pool = get()\n"
        "class Holder:\n"
        "    pool: Pool\n"
        "    def __init__(self): self.made = Pool()\n"
        f"{before}.close()\n"
    )
    assert resolved(tmp_path, {"pool.py": POOL, "use.py": text}, "close") == ["member pool.py:2"]


@pytest.mark.parametrize(
    "body",
    [
        "def f(p: Pool): p.close()",
        "def f(p: 'Pool'): p.close()",
        "def f(p: Pool | None): p.close()",
        "from typing import Optional\ndef f(p: Optional[Pool]): p.close()",
        "def f(ps: list[Pool]):\n    for p in ps: p.close()",
        "def f(ps: list[Pool]): ps[0].close()",
        "def f(ps: list[Pool]): return [p.close() for p in ps]",
        "def f():\n    with Pool() as p: p.close()",
        "class Sub(Pool):\n    def f(self): self.close()",
        "class Sub(Pool):\n    def close(self): super().close()",
        "class Sub(Pool):\n    @classmethod\n    def f(cls): cls.close",
        "class Sub(Pool):\n    @property\n    def pool(self): return Pool()\nSub().pool.close()",
    ],
)
def test_a_written_or_constructed_type_gives_the_member(tmp_path: Path, body: str) -> None:
    text = f"from pool import Pool\n{body}\n"
    assert resolved(tmp_path, {"pool.py": POOL, "use.py": text}, "close") == ["member pool.py:2"]


def test_a_member_is_that_of_the_first_base_that_has_it(tmp_path: Path) -> None:
    text = (
        "class Top:\n    def f(self): pass\n"
        "class Left(Top): pass\n"
        "class Right(Top):\n    def f(self): pass\n"
        "class Both(Left, Right): pass\n"
        "Both().f()\n"
    )
    assert resolved(tmp_path, {"use.py": text}, "f") == ["member use.py:5"]


def test_a_class_of_an_unknown_base_may_have_the_member_from_outside(tmp_path: Path) -> None:
    text = "import requests\nclass Sub(requests.Session): pass\nSub().fetch()\n"
    other = "class Other:\n    def fetch(self): pass\n"
    assert resolved(tmp_path, {"use.py": text, "other.py": other}, "fetch") == ["outside"]


def test_only_one_class_that_has_the_member_is_a_guess(tmp_path: Path) -> None:
    files = {"pool.py": "class Pool:\n    def drain(self): pass\n", "use.py": "def f(p):\n    p.drain()\n"}
    assert resolved(tmp_path, files, "drain") == ["guess pool.py:2"]
    more = {"other.py": "class Tank:\n    def drain(self): pass\n"}
    assert resolved(tmp_path, more, "drain") == ["unknown"]


@pytest.mark.parametrize("made", ["urlparse(x)", "make(x)", "threading.Event()"])
def test_what_a_call_of_something_outside_gives_is_not_guessed(tmp_path: Path, made: str) -> None:
    text = f"import threading\nfrom urllib.parse import urlparse\ndef make(x): return urlparse(x)\n{made}.drain()\n"
    files = {"pool.py": "class Pool:\n    def drain(self): pass\n", "use.py": text}
    assert resolved(tmp_path, files, "drain") == ["unknown"]


def test_what_built_in_types_have_is_not_guessed(tmp_path: Path) -> None:
    files = {"pool.py": "class Pool:\n    def append(self): pass\n", "use.py": "def f(p):\n    p.append()\n"}
    assert resolved(tmp_path, files, "append") == ["unknown"]


def test_a_module_of_another_language_binds_no_names(tmp_path: Path) -> None:
    files = {"fast.pyx": "def run(): pass\n", "use.py": "import fast\nfrom fast import run\nfast.run()\nrun()\n"}
    assert set(resolved(tmp_path, files, "run")) <= {"unknown", "import fast.pyx:1"}


def test_circles_end(tmp_path: Path) -> None:
    files = {
        "a.py": "from b import *\nfrom b import X\nclass A(X): pass\n",
        "b.py": "from a import *\nfrom a import A\nclass X(A): pass\n",
        "use.py": "from a import *\nclass S(S): pass\nx = x.y\ndef f(): return g()\ndef g(): return f()\n"
        "A().m()\nX().m()\nS().m()\nx.m()\nf().m()\n",
    }
    assert len(resolved(tmp_path, files, "m")) == 5


def test_a_chain_of_re_exports_is_followed_and_a_very_long_one_is_cut(tmp_path: Path) -> None:
    def files(n: int) -> dict[str, str]:
        links = {f"m{i}.py": f"from m{i + 1} import target\n" for i in range(n)}
        return {**links, f"m{n}.py": "def target(): pass\n", "use.py": "from m0 import target\n"}

    assert resolved(tmp_path / "short", files(10), "target") == ["import m10.py:1"]
    assert resolved(tmp_path / "long", files(300), "target") == ["unknown"]


def test_very_long_chains_and_deep_bases_end(tmp_path: Path) -> None:
    classes = "class C0:\n    def m(self): pass\n" + "".join(f"class C{i}(C{i - 1}): pass\n" for i in range(1, 300))
    text = classes + "C299().m()\nx" + ".y" * 20_000 + "\n" + "f" + "()" * 500 + ".m()\n"
    assert len(resolved(tmp_path, {"use.py": text}, "m")) == 2


NAMES = ("a", "b")
STATEMENTS = st.sampled_from(
    [
        "from {0} import *",
        "from {0} import f",
        "from {0} import K as f",
        "import {0}",
        "def f(): return K()",
        "class K:\n    def m(self): return self.n()\n    def n(self): pass",
        "class K(L):\n    def m(self): pass",
        "class L:\n    x: 'K'\n    def n(self): return f()",
        "f().m()",
        "{0}.f().n()",
        "K().m()",
        "L().x.m()",
        "x = K()\nx.n()",
    ]
)
TEXT = st.lists(STATEMENTS, max_size=5).map("\n".join)


@settings(max_examples=8, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(NAMES), TEXT), min_size=1, max_size=4), st.randoms(use_true_random=False))
def test_after_any_edits_targets_are_those_of_a_fresh_scan(edits: list[tuple[str, str]], random: Random) -> None:
    """In whatever order it is asked what sites mean."""
    with tempfile.TemporaryDirectory() as folder, repomap_fast.open(folder, cache=False) as repository:
        root = Path(folder)
        for name, text in edits:
            write_files(root, {f"{name}.py": text.replace("{0}", "b" if name == "a" else "a")})
            edited = all_sites(root, result=repository.scan())
        assert edited == all_sites(root, order=random.shuffle)
