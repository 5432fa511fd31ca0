"""Sentences about what to measure next, and about what moves the value."""

from __future__ import annotations

from flightready.evidence import Grade
from flightready.narrative.roi import writer
from flightready.roi.alternatives import PLAN
from flightready.roi.information import Worth
from flightready.roi.labels_worth import LabelsWorth
from flightready.roi.measuring import InputWorth, RoiInformation, StudyWorth
from flightready.roi.studies import LABELS, PILOT
from flightready.wording import count, in_hundred, interval, money, share

NOTHING = "What to measure next needs a planned load and the worth of a case."
_FEW = 3
_SMALLEST = 0.5
"""Amounts below half a unit of money are written as nothing."""


def what_to_measure(found: RoiInformation) -> tuple[str, ...]:
    """Return the decision as it stands, what could turn it, and what to measure next."""
    return tuple(filter(None, (decision(found), _next(found), _not_worth(found))))


def decision(found: RoiInformation) -> str:
    """Return which choice is better on average, how often that is wrong, and what knowing everything is worth."""
    several = len(found.ways) > 1
    better = "Stopping" if not found.choice else "Going" if not several or found.choice == PLAN else (
        f"Going by '{found.choice}'")  # fmt: skip
    if found.choice == PLAN and several:
        better = "Going as planned"
    other = "another choice" if several else "stopping" if found.choice else "going"
    told = (
        f"{better} is the best choice on average; in {in_hundred(found.chance_wrong)} of 100 draws {other} is better."
    )
    if not found.perfect.is_clear:
        return f"{told} Nothing that could be measured is likely to turn that."
    return (
        f"{told} Knowing everything before deciding would be worth {money(found.perfect.worth, found.currency)}: "
        "no measurement can be worth more."
    )


def _next(found: RoiInformation) -> str:
    best = next((s for s in found.studies if s.pays), None)
    if best is None:
        return (
            "None of the studies that were weighed is worth its cost for this decision."
            if found.perfect.is_clear
            else ""
        )
    assumed = " (assumed)" if best.study.grade is Grade.ASSUMED else ""
    return (
        f"Worth measuring next: {quoted(best)}. It costs about {money(best.cost, found.currency)}{assumed}, and "
        f"what it is likely to show is worth {money(best.worth.worth, found.currency)} before the decision."
    )


def _not_worth(found: RoiInformation) -> str:
    idle = [s for s in found.studies if not s.worth.is_clear]
    if not idle or len(idle) == len(found.studies):
        return ""
    names = ", ".join(f"'{s.study.name}'" for s in idle[:_FEW])
    more = f" and {count(len(idle) - _FEW, 'more study')}" if len(idle) > _FEW else ""
    return f"By itself, none of these is likely to turn the decision: {names}{more}."


def titled(weighed: StudyWorth) -> str:
    """Return the name of a study with its size."""
    size = {LABELS: count(weighed.size, "record"), PILOT: count(weighed.size, "more week")}.get(weighed.study.key)
    return f"{weighed.study.name} ({size})" if size else weighed.study.name


def quoted(weighed: StudyWorth) -> str:
    """Return the name of a study in quotes, its size behind."""
    return f"'{weighed.study.name}'" + titled(weighed).removeprefix(weighed.study.name)


def how_to_read_measure(found: RoiInformation) -> tuple[str, ...]:
    """Return what the worth of knowing means, how sure it is, and why it does not add up."""
    top = next((i for i in found.inputs if i.worth.is_clear), None)
    single = (
        f"The single input most worth knowing is '{top.label}': {worth_cell(top.worth, found.currency)}." if top else ""
    )
    return tuple(
        filter(
            None,
            (
                single,
                "A measurement is worth something only where it could turn the decision to go or to stop; an input may "
                "move the value far and still be worth nothing to know. The worths do not add up: what one study "
                "shows, another need not show again, and two together can turn what neither turns alone.",
                _noise(found),
            ),
        )
    )


def _noise(found: RoiInformation) -> str:
    if found.noise <= 0:
        return ""
    return (
        f"Less than {money(found.noise, found.currency)} for an input may be noise of the computation; the chart "
        "marks it."
    )


def worth_cell(worth: Worth, currency: str) -> str:
    """Write what knowing something is worth; nothing where it is not clear."""
    if not worth.is_clear:
        return "nothing clear"
    return (
        f"{money(worth.worth, currency)} (±{money(worth.error_90, currency)})"
        if worth.error
        else (money(worth.worth, currency))
    )


def study_row(weighed: StudyWorth, found: RoiInformation) -> tuple[str, ...]:
    """Return one study as table cells: name, about what, worth of knowing exactly, of the study, cost, net, pays."""
    labels = {i.key: i.label for i in found.inputs}
    about = "; ".join(labels[key] for key in weighed.study.inputs if key in labels)
    c = found.currency
    cost = money(weighed.cost, c) + (" (assumed)" if weighed.study.grade is Grade.ASSUMED else "")
    return (
        titled(weighed), weighed.study.does, about, worth_cell(weighed.exact, c), worth_cell(weighed.worth, c), cost,
        "yes" if weighed.pays else "cannot tell yet" if weighed.may_pay else "no",
    )  # fmt: skip


def labels_sentence(found: RoiInformation) -> str:
    """Return at how many more labels labelling stops paying for the decision to go."""
    if not found.labels:
        return "What more labels are worth needs an accuracy that is not certain, and a value that depends on it."
    c = found.currency
    if not found.best_labels:
        last = found.labels[-1]
        if last.worth < last.cost:
            return (
                f"For the decision to go, labelling more raw records does not pay: even {count(last.n, 'more label')} "
                f"are worth {money(last.worth, c)}, for {money(last.cost, c)} of work. Labels may still be needed to "
                "show that the accuracy floor is held."
            )
    step = next(s for s in found.labels if s.n == found.best_labels)
    beyond = (
        "Beyond that a further label costs more than it tells."
        if step is not found.labels[-1]
        else "More were not weighed."
    )
    return (
        f"For the decision to go, labelling pays up to about {count(step.n, 'more record')}: they are worth "
        f"{money(step.worth, c)}, for {money(step.cost, c)} of work. {beyond}"
    )


def labels_row(step: LabelsWorth, currency: str) -> tuple[str, ...]:
    """Return one number of labels as table cells: labels, worth, cost, worth less cost."""
    worth = money(step.worth, currency) if step.worth >= _SMALLEST else "nothing"
    return f"{step.n:,}", worth, money(step.cost, currency), money(step.net, currency)


def pilot_row(weighed: StudyWorth, currency: str) -> tuple[str, ...]:
    """Return one length of the pilot as table cells: weeks, worth, cost, worth less cost."""
    net = money(weighed.net, currency)
    return count(weighed.size, "week"), worth_cell(weighed.worth, currency), money(weighed.cost, currency), net


def tornado_sentence(found: RoiInformation) -> tuple[str, ...]:
    """Return which input moves the value most, and how the shares of the spread are known."""
    if not found.inputs:
        return ("No input of the value is uncertain.",)
    top = max(found.inputs, key=lambda i: i.swing.width)
    c, write = found.currency, writer(top.unit, found.currency)
    told = (
        f"'{top.label}' moves the value most: where it is at most {write(top.swing.low_to)} the mean value is "
        f"{money(top.swing.at_low, c)}, where it is at least {write(top.swing.high_from)} it is "
        f"{money(top.swing.at_high, c)}."
    )
    return told, depends_sentence(found)


def depends_sentence(found: RoiInformation) -> str:
    """Return which inputs go together, so that their shares of the spread cannot be told apart."""
    if not found.depends:
        return "The inputs vary independently of one another, so each has a share of the spread of its own."
    pairs = "; ".join(f"'{a}' with '{b}'" for a, b in found.depends[:_FEW])
    more = f" and {count(len(found.depends) - _FEW, 'more pair')}" if len(found.depends) > _FEW else ""
    return (
        f"Some inputs go together ({pairs}{more}). Their shares of the spread cannot be told apart; the table gives "
        "how closely the value follows their rank."
    )


def _part(of_spread: float) -> str:
    return share(round(min(max(of_spread, 0.0), 1.0), 3))


def input_row(one: InputWorth, currency: str) -> tuple[str, ...]:
    """Return one input as table cells: label, value low and high, shares of the spread, rank, worth of knowing it."""
    write, i = writer(one.unit, currency), one.influence
    ends = interval(one.swing.low_to, one.swing.high_from, write)
    alone = "goes with others" if i.alone is None else _part(i.alone)
    in_all = "" if i.in_all is None else _part(i.in_all)
    return (
        one.label, ends, money(one.swing.at_low, currency), money(one.swing.at_high, currency), alone, in_all,
        f"{i.rank:+.2f}", worth_cell(one.worth, currency),
    )  # fmt: skip
