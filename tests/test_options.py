"""The options of a scan: what is refused, what is converted, and that there is one list of them."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from dataclasses import fields
from pathlib import Path
from typing import Any, get_args

import pytest

import repomap_fast
from repomap_fast.bench.bench import bench
from repomap_fast.bench.runs import COLD, MAP, SCAN, WARM
from repomap_fast.drawing.formats import FORMATS
from repomap_fast.errors import OptionError
from repomap_fast.options import (
    MIN_MAX_MEMORY_BYTES,
    IndexBefore,
    MapFormat,
    Match,
    Operation,
    ScanKeywords,
    ScanOptions,
    Unit,
)
from repomap_fast.ranking.search import Likeness


def test_keywords_and_fields_are_the_same() -> None:
    assert [field.name for field in fields(ScanOptions)] == list(ScanKeywords.__annotations__)


def test_a_flag_bears_the_name_of_its_keyword() -> None:
    for field in fields(ScanOptions):
        flag = field.metadata["flag"]
        assert flag.names[0].removeprefix("--").replace("-", "_") in (field.name, field.name.removesuffix("s"))
        assert flag.unit in get_args(Unit)
        assert flag.help.endswith(".")
        assert bool(flag.metavar) == (flag.unit != "yes or no")


def test_literals_are_the_values_that_are_taken() -> None:
    assert get_args(MapFormat) == tuple(FORMATS)
    assert get_args(Match) == tuple(likeness.label for likeness in Likeness)
    assert get_args(Operation) == (SCAN, MAP)
    assert get_args(IndexBefore) == (COLD, WARM)


@pytest.mark.parametrize("given", [-1, 0, 1, 63_999_999, "63K"])
def test_less_memory_than_the_interpreter_needs_is_refused(given: Any) -> None:
    with pytest.raises(
        OptionError, match=r"max_memory is -?\d+ bytes; expected at least 64000000, such as 256M: .* about 40 MB"
    ):
        ScanOptions(max_memory=given)


@pytest.mark.parametrize("percent", [-100, 0, 25_601])
def test_a_share_of_no_processor_or_of_too_many_is_refused(percent: int) -> None:
    with pytest.raises(OptionError, match=f"max_cpu is {percent}; expected 1 to 25600"):
        ScanOptions(max_cpu=percent)


def test_limits_are_off_unless_they_are_set() -> None:
    options = ScanOptions()
    assert (options.max_memory, options.max_cpu) == (None, None)
    options = ScanOptions(max_memory=256_000_000, max_cpu=150)
    assert (options.max_memory, options.max_cpu) == (256_000_000, 150)


def test_sizes_may_be_text() -> None:
    options: Any = ScanOptions(max_file_size="1.5 MB", max_file_memory="1G", max_memory="256m")  # type: ignore[arg-type]
    assert (options.max_file_size, options.max_file_memory, options.max_memory) == (3 << 19, 1 << 30, 256 << 20)
    with pytest.raises(OptionError, match="max_file_size is '64T'; expected bytes, or a number with K, M or G"):
        ScanOptions(max_file_size="64T")  # type: ignore[arg-type]


def test_a_tilde_is_the_home_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    for name in ("queries", "code"):
        (tmp_path / name).mkdir()
    (tmp_path / "code" / "a.py").write_text("def f(): pass\n")
    assert ScanOptions(queries="~/queries").queries == tmp_path / "queries"  # type: ignore[arg-type]
    result = repomap_fast.scan("~/code", cache_dir="~/cache")
    assert (result.root, len(result.tags)) == (tmp_path / "code", 1)
    assert (tmp_path / "cache" / "CACHEDIR.TAG").exists()
    assert "def f" not in repomap_fast.map("~/code", focus="~/code/a.py", cache=False).text


CALLS: list[Callable[..., Any]] = [
    repomap_fast.scan,
    repomap_fast.map,
    repomap_fast.open,
    repomap_fast.Index.open,
    bench,
    lambda root, **rest: repomap_fast.explain(root, "f", **rest),
    lambda root, **rest: repomap_fast.search(root, "f", **rest),
]


@pytest.mark.parametrize("call", CALLS)
@pytest.mark.parametrize(
    ("wrong", "meant"), [("language", "languages"), ("max_file_bytes", "max_file_size"), ("cachedir", "cache_dir")]
)
def test_a_keyword_that_is_none_is_named_with_the_one_that_is_meant(
    call: Callable[..., Any], wrong: str, meant: str, tmp_path: Path
) -> None:
    with pytest.raises(TypeError, match=rf"^\w+\(\) has no keyword '{wrong}'; did you mean '{meant}'\?$"):
        call(tmp_path, **{wrong: 1})


def test_a_keyword_like_none_is_answered_with_all(tmp_path: Path) -> None:
    with pytest.raises(TypeError, match=r"scan\(\) has no keyword 'zzz'; expected cache, cache_dir, cancel, exclude, "):
        repomap_fast.scan(tmp_path, zzz=1)  # type: ignore[call-arg]


@pytest.mark.own_memory
@pytest.mark.skipif(sys.platform != "linux", reason="other systems count other pages")
def test_the_least_limit_leaves_room_beside_the_interpreter_and_all_modules() -> None:
    program = """
import repomap_fast.api
from repomap_fast.resources.memory import peak_memory_bytes
print(peak_memory_bytes())
"""
    output = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True).stdout
    assert int(output) < 0.85 * MIN_MAX_MEMORY_BYTES
