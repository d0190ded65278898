"""Runs as values, and as JSON that nobody vouches for."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from repomap_fast.bench.runs import (
    ALERT_MEMORY,
    COLD,
    MAX_NUMBER,
    SCAN,
    WARM,
    Alert,
    Case,
    Run,
    Sample,
    Stage,
    from_json,
    to_json,
)
from support.made_runs import MACHINE, make_case, make_run, make_sample

NUMBERS = st.floats(0, MAX_NUMBER) | st.floats(0, 1, allow_subnormal=True)
COUNTS = st.integers(0, MAX_NUMBER)
TEXTS = st.text(max_size=20)
STAGES = st.builds(Stage, name=TEXTS, elapsed_s=NUMBERS, cpu_s=NUMBERS, peak_memory_bytes=COUNTS)
ALERTS = st.builds(Alert, kind=TEXTS, limit=NUMBERS, value=NUMBERS, at_s=st.none() | NUMBERS)
SAMPLES = st.builds(
    Sample,
    **dict.fromkeys(("elapsed_s", "cpu_s", "call_elapsed_s", "call_cpu_s", "hit_rate"), NUMBERS),
    **dict.fromkeys(("peak_memory_bytes", "files", "files_parsed", "files_failed", "source_bytes", "workers"), COUNTS),
    stages=st.lists(STAGES, max_size=3).map(tuple),
    alerts=st.lists(ALERTS, max_size=2).map(tuple),
)
CASES = st.builds(
    Case,
    operation=TEXTS,
    state=TEXTS,
    samples=st.lists(SAMPLES, min_size=1, max_size=3).map(tuple),
)
RUNS = st.builds(
    Run,
    started_s=NUMBERS,
    root=TEXTS,
    commit=st.none() | TEXTS,
    versions=st.dictionaries(TEXTS, TEXTS, max_size=3),
    machine=st.just(MACHINE),
    cases=st.lists(CASES, min_size=1, max_size=2).map(tuple),
    options=st.dictionaries(TEXTS, TEXTS, max_size=2),
    notes=st.lists(TEXTS, max_size=2).map(tuple),
)


@given(RUNS)
def test_a_run_comes_back_from_json_as_it_was(run: Run) -> None:
    assert from_json(json.loads(json.dumps(to_json(run), allow_nan=False))) == run


def test_a_path_that_is_no_utf_8_comes_back() -> None:
    run = make_run(root="/code/\udcff")
    assert from_json(json.loads(json.dumps(to_json(run)).encode("ascii"))).root == "/code/\udcff"


def test_what_a_later_version_adds_is_left_out_and_what_has_a_default_may_be_missing() -> None:
    document = to_json(make_run())
    document["colour"] = {"of": "later"}
    document["cases"][0]["samples"][0]["colour"] = 3
    del document["notes"], document["machine"]["load"]
    found = from_json(json.loads(json.dumps(document)))
    assert found == replace(make_run(), notes=(), machine=replace(MACHINE, load=None))


def changed(path: str, value: object) -> dict[str, Any]:
    document = json.loads(json.dumps(to_json(make_run())))
    *names, last = (int(name) if name.isdigit() else name for name in path.split("/"))
    part = document
    for name in names:
        part = part[name]
    if value is KeyError:
        del part[last]
    else:
        part[last] = value
    return document  # type: ignore[no-any-return]


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("format", 2),
        ("format", None),
        ("format", KeyError),
        ("started_s", "today"),
        ("started_s", True),
        ("started_s", -1),
        ("started_s", float("nan")),
        ("started_s", float("inf")),
        ("started_s", 10**400),
        ("started_s", 1e16),
        ("root", 3),
        ("root", KeyError),
        ("commit", ["a"]),
        ("versions", {"python": 3}),
        ("versions", [1]),
        ("machine", None),
        ("machine/processors", 1.5),
        ("machine/load", "high"),
        ("cases", []),
        ("cases", {}),
        ("cases/0/samples", []),
        ("cases/0/samples", 5),
        ("cases/0/samples/0", None),
        ("cases/0/samples/0/files", 2**70),
        ("cases/0/samples/0/hit_rate", "all"),
        ("cases/0/samples/0/stages/0/name", None),
        ("cases/0/samples/0/stages/0/elapsed_s", KeyError),
        ("notes", ["fine", 3]),
    ],
)
def test_what_is_no_run_is_refused(path: str, value: object) -> None:
    with pytest.raises(ValueError, match=r"expected|has no|has at least|is an object"):
        from_json(changed(path, value))


@pytest.mark.parametrize("document", [None, 3, "run", [], {}, [{}]])
def test_other_documents_are_refused(document: object) -> None:
    with pytest.raises(ValueError, match=r"is an object|format is"):
        from_json(document)


def test_figures_of_a_case_are_medians_each_for_itself() -> None:
    case = Case(
        operation=SCAN,
        state=COLD,
        samples=(
            replace(make_sample(1.0), cpu_s=3.0, peak_memory_bytes=10),
            replace(make_sample(2.0), cpu_s=1.0, peak_memory_bytes=30),
            replace(make_sample(4.0), cpu_s=2.0, peak_memory_bytes=20),
        ),
    )
    assert (case.elapsed_s, case.cpu_s, case.peak_memory_bytes, case.range_s) == (2.0, 2.0, 20, (1.0, 4.0))
    assert case.cpu_percent == 50.0
    assert (case.files_per_s, case.bytes_per_s) == (500.0, 4_000_000.0)
    assert case.name == "scan, cold"
    assert (case.figures.elapsed_s, case.figures.memory_bytes, case.figures.hit_rate) == (2.0, 20, 0.0)


def test_a_stage_that_some_samples_lack_took_them_no_time() -> None:
    with_join = Stage(name="join", elapsed_s=0.3, cpu_s=0.2, peak_memory_bytes=5)
    samples = [make_sample(1.0), replace(make_sample(1.0), stages=(*make_sample(1.0).stages, with_join))]
    (start, tag, join) = Case(operation=SCAN, state=COLD, samples=tuple(samples)).stages
    assert (start.name, start.elapsed_s, tag.name, tag.elapsed_s) == ("start", 0.2, "tag", 0.8)
    assert (join.name, join.elapsed_s, join.cpu_s) == ("join", 0.15, 0.1)


def test_nothing_in_no_time_is_no_speed() -> None:
    sample = replace(make_sample(0.0), files=5)
    assert (sample.files_per_s, sample.bytes_per_s, sample.cpu_percent) == (0.0, 0.0, 0.0)


def test_the_worst_alert_of_each_kind_stands_for_the_case() -> None:
    mild = Alert(kind=ALERT_MEMORY, limit=100.0, value=110.0)
    grave = Alert(kind=ALERT_MEMORY, limit=100.0, value=300.0, at_s=0.5)
    few = Alert(kind="hit rate", limit=0.7, value=0.1)
    samples = [replace(make_sample(), alerts=alerts) for alerts in ((mild,), (grave, few), ())]
    assert Case(operation=SCAN, state=WARM, samples=tuple(samples)).alerts == [grave, few]


def test_a_run_knows_its_cases() -> None:
    run = make_run()
    assert run.case(SCAN, WARM) is run.cases[1]
    assert run.case("map", WARM) is None
    assert make_case(1.0).alerts == []
