"""A report as text, in the format that was asked for."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import PurePath
from typing import TYPE_CHECKING, Any

from repomap_fast.reporting.graph_texts import dot_text, graphml_text, mermaid_text
from repomap_fast.unseen import shown_line
from repomap_fast.utf8 import utf8_document

if TYPE_CHECKING:
    from repomap_fast.reporting.report import Report, ReportFormat

SCHEMA = 1
"""Rises when a field of the JSON document is removed or changes its meaning; new fields may come without."""


def write_report(report: Report, form: ReportFormat) -> str:
    """Return the text of a report."""
    match form:
        case "html":
            from repomap_fast.reporting.page import build_page
            from repomap_fast.reporting.page_data import page_data

            return build_page("report", f"{_name(report)}: report", page_data(report))
        case "svg":
            from repomap_fast.reporting.picture import svg_text

            return svg_text(report, _name(report))
        case "mermaid":
            return mermaid_text(report.overview)
        case "dot":
            return dot_text(report.overview)
        case "graphml":
            return graphml_text(report.folders)
        case "json":
            return f"{json.dumps(utf8_document(document(report)), indent=2)}\n"


def document(report: Report) -> dict[str, Any]:
    """Return the report as an object of JSON; paths are as ``os.fsdecode`` gives them."""
    members = {"schema": SCHEMA, **asdict(report), "state": report.state._asdict()}
    del members["text"]
    return members


def _name(report: Report) -> str:
    return shown_line(PurePath(report.root).name or report.root)
