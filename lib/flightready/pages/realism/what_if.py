"""The what-if of notebook 01: how many records a defect touches, by column, system, period and threshold."""

from __future__ import annotations

from typing import Any

import plotly.graph_objects as go

from flightready import policy
from flightready.figures import realism as figures
from flightready.narrative import affected as narrative
from flightready.pages.display import Prose, meaning
from flightready.pages.realism.absent import NO_DEFECT, NO_RECORDS
from flightready.realism.detector import RECORD
from flightready.realism.result import RealismResult
from flightready.realism.selection import ANY_COLUMN, Chosen, months
from flightready.realism.selection import affected as select
from flightready.study import Study

_ALL, _ANY = "all systems", "any month"
_MOST_TOLD = 4


def affected(
    study: Study, column: str = "", system: str = "", since: str = "", until: str = "", at_least: float = 0.0,
    records_per_day: float = 0.0,
) -> go.Figure | Prose:  # fmt: skip
    """Return how many records a day a defect touches, by system.

    Parameters
    ----------
    study : Study
    column : str, optional
        By default whole records, by the number of repairs that they need.
    system : str, optional
        By default all of them.
    since, until : str, optional
        First and last month, such as `2026-03`.
    at_least : float, optional
        From which number of repairs, or from which strength (days, for late records), a record counts.
    records_per_day : float, optional
        Volume; by default a thousand.
    """
    chosen = Chosen(column or ANY_COLUMN, system, since, until, at_least)
    return _shown(study.realism, chosen, records_per_day or policy.value("default_records_per_day"))[0]


def meaning_affected(
    study: Study, column: str = "", system: str = "", since: str = "", until: str = "", at_least: float = 0.0,
    records_per_day: float = 0.0,
) -> Prose:  # fmt: skip
    """Return in sentences how many records a day are affected; parameters as of `affected`."""
    chosen = Chosen(column or ANY_COLUMN, system, since, until, at_least)
    return _shown(study.realism, chosen, records_per_day or policy.value("default_records_per_day"))[1]


def _shown(result: RealismResult, chosen: Chosen, records_per_day: float) -> tuple[go.Figure | Prose, Prose]:
    found = [a for a in select(result, chosen) if a.overall.n]
    if not result.n_raw or not result.found():
        return meaning(NO_DEFECT if result.n_raw else NO_RECORDS), meaning("")
    if not found:
        return meaning(f"Nothing was found {narrative.where(chosen)} to count, in {narrative.of(chosen)}."), meaning("")
    first = found[0]
    rates = {_ALL: first.overall, **first.rates} if len(first.rates) > 1 else first.rates
    chart = figures.figure_affected(rates, narrative.what(first, chosen), records_per_day)
    told = [narrative.sentence(a, chosen, records_per_day) for a in found[:_MOST_TOLD]]
    if first.defect is None:
        told.append(narrative.unparsed(sum(s.malformed for s in result.sources if s.side == "raw")))
    return chart, meaning(*told, narrative.threshold_note(first, chosen), narrative.undated(first, chosen))


def what_if(study: Study) -> Any:
    """Return controls that choose column, system, period, threshold and volume, and show what is affected."""
    from flightready.widgets.panel import Choice, Number, panel

    result = study.realism
    if not result.n_raw or not result.found():
        return meaning(NO_DEFECT if result.n_raw else NO_RECORDS)
    names = list(dict.fromkeys(d.column for d in result.found()))
    labels = [("any column: whole records by repairs", ANY_COLUMN)]
    labels += [("whole record" if c == RECORD else c, c) for c in names]
    systems = [(_ALL, ""), *((s, s) for s in (result.systems if len(result.systems) > 1 else ()))]
    period = [(_ANY, ""), *((m, m) for m in months(result))]
    volume = policy.value("default_records_per_day")
    controls = (
        Choice("column", "Column", labels, ANY_COLUMN),
        Choice("system", "System", systems, ""),
        Choice("since", "From month", period, ""),
        Choice("until", "To month", period, ""),
        Number("at_least", "Count a record from", 1, 0, 1e6, 1, "repairs, or days late"),
        Number("records_per_day", "Volume in production", volume, 1, 1e9, 100, "records a day"),
    )

    def show(v: dict[str, Any]) -> tuple[go.Figure | Prose, Prose]:
        chosen = Chosen(v["column"], v["system"], v["since"], v["until"], v["at_least"])
        return _shown(result, chosen, v["records_per_day"])

    return panel(controls, show)
