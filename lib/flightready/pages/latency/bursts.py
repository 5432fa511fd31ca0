"""Cells on what bursts do at the planned peak, at the same mean load."""

from __future__ import annotations

import numpy as np

from flightready.latency.bursts import Bursts, bursts
from flightready.narrative import latency_bursts as words
from flightready.pages.display import Prose, Table, meaning
from flightready.study import Study
from flightready.telemetry.frames import seconds_since_1970


def bursts_table(study: Study) -> Table | Prose:
    """Times at the planned peak if requests come by chance, as in the log, or in bursts that all users share."""
    found = _found(study)
    if found is None:
        return meaning(words.NO_LOG)
    return Table("The same mean load, coming differently", words.HEAD, words.bursts_rows(found),
                 frozenset(range(1, len(words.HEAD))))  # fmt: skip


def meaning_bursts(study: Study) -> Prose:
    """Return what the log's pattern does against even chance; empty where it is not known."""
    found = _found(study)
    return Prose(()) if found is None else meaning(*words.bursts_sentences(found))


def _found(study: Study) -> Bursts | None:
    calls = study.usage.calls if study.usage is not None else None
    if calls is None or study.demand is None or study.latency.scenario is None:
        return None
    first = calls[~calls["outcome"].duplicated().to_numpy() & calls["time"].notna().to_numpy()]
    curve = study.latency.curve
    return bursts(
        study.latency.scenario, float(np.median(study.demand.peak_per_second)),
        np.asarray(seconds_since_1970(first["time"]), dtype=float), study.profile, seed=study.pilot.spec.seed,
        borne_per_second=None if curve is None else curve.gives_way_per_second or curve.saturation_per_second,
    )  # fmt: skip
