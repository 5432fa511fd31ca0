"""Cells on the planned load and on the profile of the pilot's own."""

from __future__ import annotations

import numpy as np
import plotly.graph_objects as go

from flightready.draws import summarise
from flightready.figures import cost_demand as figures
from flightready.narrative import cost_demand as words
from flightready.pages import display
from flightready.pages.display import Prose, Table
from flightready.roi.inputs import horizon_months
from flightready.study import Study
from flightready.wording import interval, number, rounded, share


def demand_months(study: Study) -> go.Figure | Prose:
    """The planned requests of each month."""
    if study.demand is None:
        return Prose(())
    return figures.figure_months(study.demand, horizon_months(study.pilot))


def meaning_demand(study: Study) -> Prose:
    """What the planned load is, and what it rests on."""
    return display.meaning(*words.planned(study.demand, horizon_months(study.pilot)))


def demand_table(study: Study) -> Table | Prose:
    """The figures that make the load, and where each comes from."""
    demand = study.demand
    if demand is None:
        return Prose(())
    users = summarise(demand.users_per_day)
    rows = [("Users a day", number(users.median), interval(users.low, users.high, number), "stated")]
    for name, (label, write) in words.FIGURES.items():
        s = summarise(np.broadcast_to(getattr(demand, name), demand.users_per_day.shape))
        source = words.ORIGINS[words.origin(demand, name)]
        rows.append((label[0].upper() + label[1:], write(s.median), interval(s.low, s.high, write), source))
    for label, rate in (
        ("peak hour", demand.peak_per_second),
        ("busiest minute of that hour", demand.peak_minute_per_second),
        ("peak hour of a month's busiest day", demand.peak_day_per_second),
    ):
        s = summarise(rate)
        name = f"Requests a second in the {label}"
        rows.append((name, rounded(s.median), interval(s.low, s.high, rounded), "follows from these"))
    head = ("Figure", "Middle", "Nine times in ten", "From")
    return Table("What the planned load is made of", head, rows, frozenset({1, 2}))


def load_profile(study: Study) -> go.Figure | Prose:
    """When the pilot's requests came, by weekday and hour."""
    found = study.profile
    if found is None or found.peak_to_mean is None:
        return Prose(())
    return figures.figure_profile(found)


def meaning_profile(study: Study) -> Prose:
    """What the pilot's log shows about its load, and what it cannot."""
    has_log = bool(study.pilot.spec.cost.usage_files)
    return display.meaning(*words.profile(study.profile, has_log=has_log))


def profile_table(study: Study) -> Table | Prose:
    """The pilot's weekdays in figures, where no chart shows them."""
    found = study.profile
    if found is None or not found.whole_days.size or found.peak_to_mean is not None:
        return Prose(())
    means, weekdays = found.weekday_means, found.weekdays[found.is_whole]
    total = np.nansum(means) or 1.0
    rows = []
    for day, name in enumerate(words.WEEKDAYS):
        if np.isnan(means[day]):
            rows.append((name, "0", "", "", ""))
            continue
        hour = "" if found.hours is None or not means[day] else words.hour_name(int(np.argmax(found.hours[day])))
        rows.append(
            (name, str(np.count_nonzero(weekdays == day)), rounded(means[day]), share(means[day] / total), hour)
        )
    head = ("Weekday", "Days in the log", "Requests a day", "Share of a week", "Busiest hour (UTC)")
    return display.without_empty_columns(Table("The pilot's week", head, rows, frozenset({1, 2, 3, 4})))
