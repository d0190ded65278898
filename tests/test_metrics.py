"""metrics: time is added stage by stage, and copies are apart."""

from __future__ import annotations

import time

import pytest

from repomap_fast.metrics import IndexStats, ScanMetrics


def test_a_stage_that_runs_twice_has_the_time_of_both() -> None:
    metrics = ScanMetrics()
    for name in ("tag", "join", "tag"):
        with metrics.stage(name):
            time.sleep(0.01)
    assert list(metrics.stages_s) == ["tag", "join"]
    assert metrics.stages_s["tag"] >= 0.02
    assert metrics.stages_cpu_s["tag"] < metrics.stages_s["tag"]
    assert 0 < metrics.stages_peak_bytes["tag"] <= metrics.stages_peak_bytes["join"] or metrics.stages_peak_bytes


def test_a_stage_that_fails_counts() -> None:
    metrics = ScanMetrics()
    with pytest.raises(ZeroDivisionError), metrics.stage("tag"):
        raise ZeroDivisionError
    assert metrics.stages_s.keys() == metrics.stages_cpu_s.keys() == metrics.stages_peak_bytes.keys() == {"tag"}


def test_a_copy_stays_as_it_is() -> None:
    metrics = ScanMetrics(files_parsed=3)
    with metrics.stage("tag"):
        pass
    copy = metrics.copy()
    with metrics.stage("join"):
        pass
    assert (copy.files_parsed, list(copy.stages_s), list(copy.stages_cpu_s)) == (3, ["tag"], ["tag"])


@pytest.mark.parametrize(("files", "parsed", "rate"), [(4, 1, 0.75), (4, 4, 0.0), (0, 0, 1.0)])
def test_the_hit_rate_is_the_share_that_was_not_parsed(files: int, parsed: int, rate: float) -> None:
    assert IndexStats(files=files, parsed=parsed).hit_rate == rate
