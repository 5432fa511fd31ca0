"""The part of notebook 02 on labels: the truth set, accuracy without labels, and what more labels are worth."""

from __future__ import annotations

import plotly.graph_objects as go

from flightready import policy
from flightready.evaluation.labels.result import Estimate, LabelValue
from flightready.figures import evaluation_labels as figures
from flightready.narrative import evaluation_labels as narrative
from flightready.pages.display import Prose, Table, meaning, without_empty_columns
from flightready.realism.outcome import Rate
from flightready.study import Study
from flightready.wording import count, interval, money, share


def truth_set(study: Study) -> Table | Prose:
    """Return what is known of the right answers themselves, as a table."""
    result = study.evaluation
    audit, drawn = result.truth_set, result.labelling
    if audit is None or not audit.n_curated + audit.n_raw:
        return meaning("")
    by = audit.labelled_by or "not said"
    on = f"{audit.labelled_on}" if audit.labelled_on else "not said"
    age = count(audit.age_days, "day") if audit.age_days is not None else "cannot tell"
    rows = [
        ("Demo records with a right answer", f"{audit.n_curated:,}", ""),
        ("Raw records with a right answer", f"{audit.n_raw:,}", f"{policy.value('least_truth_set')} or more in all"),
        ("Labelled by", by, "a role that does the job today"),
        ("Labelled on, and how long ago", f"{on}, {age}" if audit.labelled_on else on, "renewed as production changes"),
        ("How the right answer was found", audit.source or "not said", "written down"),
        ("Repeated records with another right answer", _rate(audit.conflicts, "no record repeats another"), "none"),
        ("Demo records in the raw sample too", _rate(audit.leaked, "one side only"), "none"),
        ("Agreement of labellers beyond chance", *_agreement(audit.agreement)),
    ]
    if drawn is not None:
        chosen = "by chance alone" if drawn.is_random else "not by chance alone"
        rows.insert(2, ("Drawn for labelling", f"{drawn.n:,} of {drawn.of:,}, {chosen}", "by chance alone"))
    return Table("The right answers themselves", ("What", "Found", "What is good"), rows)


def _rate(found: Rate | None, without: str) -> str:
    if found is None:
        return without
    ends = interval(found.interval.low, found.interval.high, share)
    return f"{found.hits:,} of {found.n:,} ({ends})"


def _agreement(found) -> tuple[str, str]:
    good = f"{policy.value('good_agreement')} or more"
    if found is None:
        return "no second labels, or too few", good
    ends = interval(found.interval.low, found.interval.high, "{:.2f}".format)
    return f"{found.alpha:.2f} ({ends}) on {count(found.n, 'record')}", good


def meaning_truth_set(study: Study) -> Prose:
    """Return how far the right answers can be trusted."""
    return meaning(narrative.truth_set_meaning(study.evaluation))


def estimate(study: Study) -> Table | Prose:
    """Return accuracy without labels in its three readings; a check where raw accuracy is measured."""
    found = study.evaluation.estimate
    if found is None or found.measured is not None:
        return meaning("")
    rows = [
        _estimate("confidence turned into right answers as on the demo set", found.calibrated),
        _estimate("demo accuracy less the fall in mean confidence", found.difference),
        _estimate("share above the confidence that demo accuracy implies", found.threshold),
    ]
    head = (
        "Way of reading the confidences",
        "Right answers on raw data, ESTIMATED",
        "Nine times in ten, by chance alone",
    )
    return Table(f"Without labels, {narrative.ASSUMPTION}", head, rows, frozenset({1}))


def _estimate(name: str, found: Estimate) -> tuple[str, str, str]:
    return name, share(found.value), interval(found.interval.low, found.interval.high, share)


def meaning_estimate(study: Study) -> Prose:
    """Return what accuracy would be without labels, or how far off that is."""
    return meaning(narrative.estimate_sentence(study.evaluation))


def label_value(study: Study) -> go.Figure | Prose:
    """Return what labelling more is worth."""
    found = study.evaluation.label_value
    return figures.figure_label_value(found) if _is_open(found) else meaning("")


def _is_open(found: LabelValue | None) -> bool:
    """Whether more labels could still change something; a chart of nothing is not shown."""
    return found is not None and bool(found.steps) and not found.is_decided


def label_value_table(study: Study) -> Table | Prose:
    """Return what labelling more gives, as a table."""
    found = study.evaluation.label_value
    if not _is_open(found):
        return meaning("")
    rows = [
        (
            f"{s.n:,}", f"{100 * s.half_width:.1f}", narrative.decided(s) if s.decides is not None else "",
            money(s.worth, found.currency) if s.worth is not None else "", money(s.cost, found.currency),
            money(s.net, found.currency) if s.net is not None else "",
        )
        for s in found.steps
    ]  # fmt: skip
    head = ("Labels more", "Accuracy then known to, points either way", "Chance that the floor is then decided",
            "Worth in a month", "Cost (assumed)", "Worth less cost")  # fmt: skip
    return without_empty_columns(Table("What labelling more gives", head, rows, frozenset({0, 1, 3, 4, 5})))


def meaning_label_value(study: Study) -> Prose:
    """Return what labelling more is worth, and what that starts from."""
    return meaning(narrative.value_meaning(study.evaluation))
