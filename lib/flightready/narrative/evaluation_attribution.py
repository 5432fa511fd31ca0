"""The attribution of the drop in sentences: what wrong answers go with, what to mend first, what cannot be told."""

from __future__ import annotations

from flightready import policy
from flightready.errors import listed
from flightready.evaluation.attribution.attribution_result import AttributedPart, Attribution, Valued
from flightready.wording import count, interval, money, points, rounded

NOTHING = (
    "No raw record carries both a right answer and the pilot's, so nothing says which defect the wrong answers go with."
)

AMOUNTS = (
    "The intervals of points hold for all parts together, so they are wider than those of this part alone, which the "
    "table of tried defects shows. Wrong answers and cost a month are given where a part is shown, nine times in ten "
    "for this part alone; they are medians and do not add up exactly."
)


def answer(found: Attribution | None) -> tuple[str, ...]:
    """Say how much of the drop goes with which defects, what that is worth, and what is left."""
    if found is None:
        return (NOTHING,)
    shown = [p for p in found.defects if p.is_attributed and p.points > 0]
    if not found.defects:
        return (f"{_start(found)} No scored record carries a defect that the detectors know. {_rest(found)}",)
    if not shown:
        return (f"{_start(found)} No kind of defect is shown to cost any of it.", _rest(found), *_open(found))
    first, together = shown[0], sum(p.points for p in shown)
    told = f"{points(together)} of that go with {count(len(shown), 'kind')} of defect" if len(shown) > 1 else ""
    lead = f"{told}; mend first" if told else "Mend first"
    size = f"{points(first.points)}, nine times in ten {_ends(first)}"
    return f"{_start(found)} {lead}: {first.name} ({size}){_worth(first.worth, found)}.", _rest(found), *_open(found)


def grade(found: Attribution | None) -> str:
    """Say what the evidence is worth."""
    if found is None:
        return ""
    basis = (
        ""
        if found.of == "drop"
        else " Without a scored demo set this splits the wrong answers on raw data, not the drop from the demo set."
    )
    return (
        "This is what wrong answers go with, which is not yet proof of what causes them: putting a defect into clean "
        f"records, or mending it, and scoring again is stronger evidence.{basis}"
    )


def title(found: Attribution) -> str:
    """Say the answer in one line."""
    shown = [p for p in found.defects if p.is_attributed and p.points > 0]
    what = f"the {points(found.total)} lost" if found.of == "drop" else f"{points(found.total)} of wrong answers"
    if found.of == "drop" and found.total <= 0:
        return "Raw data is answered as well as the demo set: there is no drop to split"
    if not shown:
        return f"Of {what}, none is shown to go with a defect yet"
    names = listed(p.name for p in shown) if len(shown) < 3 else count(len(shown), "kind") + " of defect"
    return f"Of {what}, {points(sum(p.points for p in shown)).removesuffix(' points')} go with {names}"


def how_sure(part: AttributedPart) -> str:
    """Say that a part is shown, or what is lacking and how many more rows would help."""
    if part.is_attributed:
        return "shown"
    told = part.why
    if part.rows_needed is None:
        return told
    more = f"about {rounded(part.rows_needed)} more labelled {'row' if part.rows_needed == 1 else 'rows'}"
    if part.rows_needed > policy.value("most_rows_to_label"):
        more = "more rows than can be labelled"
    if part.simultaneous is None:
        return f"{told}; {more} would bring them"
    return f"{told}; if it is of that size, {more} would show it"


def size(part: AttributedPart) -> str:
    """Write the points of a part with the interval of all parts together; too few records give no number."""
    if part.points is None or part.simultaneous is None:
        return "cannot tell yet"
    low, high = (in_points(end).split()[0] for end in (part.simultaneous.low, part.simultaneous.high))
    return f"{in_points(part.points).split()[0]} [{low} to {high}]"


def in_points(value: float) -> str:
    """Write points without a sign before zero.

    Examples
    --------
    >>> in_points(-0.0004), in_points(-0.0046)
    ('0.0 points', '-0.5 points')
    """
    return points(round(value, 3) + 0.0)


def records(part: AttributedPart, found: Attribution) -> tuple[str, str, str]:
    """Write how many raw records carry a defect, how many of them are wrong, and how many demo records carry it."""
    if part.kind != "defect":
        return "", "", ""
    return f"{part.n_raw:,}", f"{part.wrong_with:,}", f"{part.n_curated:,}" if found.n_curated else ""


def counted(found: Attribution) -> str:
    """Say of how many records the columns count."""
    demo = f" and {count(found.n_curated, 'demo record')}" if found.n_curated else ""
    return f"Of {count(found.n_raw, 'raw record')}{demo}."


def is_told(found: Attribution) -> bool:
    """Whether any part has an interval; without one a chart would draw what nobody can tell."""
    return any(p.simultaneous is not None for p in found.parts)


def cases(worth: Valued) -> str:
    """Write wrong answers a month with their interval."""
    if worth.cases_per_month is None:
        return ""
    return f"{_cases(worth.cases_per_month)} ({interval(worth.cases_interval.low, worth.cases_interval.high, _cases)})"


def cost(worth: Valued, currency: str) -> str:
    """Write what they cost a month with its interval."""
    if worth.cost_per_month is None:
        return ""
    ends = interval(worth.cost_interval.low, worth.cost_interval.high, lambda v: money(v, currency))
    return f"{money(worth.cost_per_month, currency)} ({ends})"


def _cases(value: float) -> str:
    return f"-{rounded(-value)}" if value < 0 else rounded(value)


def _start(found: Attribution) -> str:
    if found.of == "errors":
        return f"{points(found.total)} of answers on raw data are wrong."
    if found.total <= 0:
        return "Raw data is answered as well as the demo set, so there is no drop; its parts may still cancel out."
    return f"Accuracy falls by {points(found.total)} from the demo set to raw data."


def _rest(found: Attribution) -> str:
    """What no defect carries."""
    rest = found.unexplained
    if rest.simultaneous is None:
        return "Too few records were scored to say how much no known defect explains."
    said = f"{points(rest.points)} (nine times in ten {_ends(rest)})"
    if found.of == "errors":
        return f"Records without any of these defects make up {said} of the wrong answers."
    if rest.is_attributed:
        return f"No known defect explains {said}: the same records are {'harder' if rest.points > 0 else 'easier'}."
    return f"What no known defect explains is {said}, which may be nothing."


def _open(found: Attribution) -> tuple[str, ...]:
    """Defects that cannot be judged yet."""
    thin = [p for p in found.defects if p.simultaneous is None]
    wide = [p for p in found.defects if p.simultaneous is not None and not p.is_attributed]
    told = []
    if wide:
        most = max(wide, key=lambda p: p.simultaneous.high)
        told.append(
            f"Cannot tell yet whether {listed(p.name for p in wide)} {_verb(wide, 'costs', 'cost')} anything; "
            f"{'it costs' if len(wide) == 1 else 'none of these costs more than'} "
            f"{'at most ' if len(wide) == 1 else ''}{points(most.simultaneous.high)}."
        )
    if thin:
        told.append(f"Too few wrong answers carry {listed(p.name for p in thin)} to say anything.")
    return tuple(told)


def _verb(parts: list[AttributedPart], one: str, many: str) -> str:
    return one if len(parts) == 1 else many


def _ends(part: AttributedPart) -> str:
    low, high = part.simultaneous.low, part.simultaneous.high
    return f"{in_points(low).split()[0]} to {in_points(high)}"


def _worth(worth: Valued, found: Attribution) -> str:
    if worth.cases_per_month is None:
        return ""
    told = f", at the planned load about {rounded(worth.cases_per_month)} wrong answers a month"
    if worth.cost_per_month is None:
        return told
    return f"{told} that cost {money(worth.cost_per_month, found.currency)}"
