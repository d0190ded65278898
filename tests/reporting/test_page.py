"""page: one file that loads nothing, in which no text of a repository is more than text."""

from __future__ import annotations

import base64
import hashlib
import json
import re

import pytest

from repomap_fast.reporting.page import build_page, read_part, script_json
from support.made_reports import ATTACKS

SCRIPTS = re.compile(r"<script>(.*?)</script>", re.DOTALL)


@pytest.mark.parametrize("attack", [*ATTACKS, "\udcff", "</SCRIPT >", "<\0"])
def test_json_in_a_script_ends_no_script_and_decodes_to_the_same(attack: str) -> None:
    text = script_json({attack: [attack]})
    assert not set(text) & set("<>&\u2028\u2029")
    assert json.loads(text) == {attack: [attack]}


def test_the_policy_names_each_script_and_allows_no_other_source() -> None:
    page = build_page("report", 'a "title" & <b>', {"name": "</script><script>alert(1)</script>"})
    (policy,) = re.findall(r'http-equiv="Content-Security-Policy" content="([^"]*)"', page)
    scripts = SCRIPTS.findall(page)
    assert len(scripts) == 2
    for script in scripts:
        digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
        assert f"&#x27;sha256-{digest}&#x27;" in policy
    assert policy.startswith("default-src &#x27;none&#x27;;")
    assert "<title>a &quot;title&quot; &amp; &lt;b&gt;</title>" in page


def test_nothing_is_loaded_from_anywhere() -> None:
    page = build_page("report", "title", {}).replace(read_part("echarts.min.js"), "")
    assert not re.search(r"(src|href)=(?!\"#)|url\(|@import|https?://", page)


def test_the_script_writes_no_html() -> None:
    for name in ("report.js",):
        assert not re.search(
            r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval\(|Function\(", read_part(name)
        )


def test_the_library_is_the_one_of_the_pinned_version() -> None:
    library = read_part("echarts.min.js")
    assert library.startswith("/*! Apache ECharts 6.1.0, Apache-2.0")
    # No parser of HTML takes a part of it for the end of the script.
    assert "</script" not in library.lower()
    assert "<!--" not in library
    assert len(library) < 650_000
    for licence, words in {
        "echarts": "Apache License",
        "zrender": "BSD 3-Clause",
        "d3": "Redistribution",
        "tslib": "Permission",
    }.items():
        assert words in read_part(f"licenses/{licence}.txt")
