"""All that a report on one PCN says, as plain data: what a program is given and what is kept."""

from dataclasses import asdict
from typing import Any

from linkwork.reports import definitions, statements, tables
from linkwork.reports.capacity import Report


def of_report(report: Report) -> dict[str, Any]:
    """All that a report says, as plain data: docs/capacity-json.md describes it."""
    basis = report.basis
    return {
        "format": 1,
        "pcn": {"code": report.pcn.ods_code, "name": report.pcn.name},
        "financial_year": basis.year.label,
        "as_of": basis.as_of.isoformat(),
        "scope": basis.scope.value,
        "target": {"people": basis.target.people, "source": basis.target.source},
        "sentence": report.standing.sentence,
        "figures": [
            {**asdict(one), "scope": one.scope.value, "as_of": basis.as_of.isoformat()}
            for one in statements.of_report(report)
        ],
        "assumptions": [
            {"code": setting.code, "label": setting.label, "text": text, "source": setting.source}
            for setting, text in report.assumptions.texts
        ],
        "tables": [asdict(table) for table in tables.of_report(report)],
        "definitions": [asdict(one) for one in definitions.of_files(basis, report.assumptions)],
    }
