"""Sentences about a month in production: what it costs, in parts and per unit, what drives it, how far it reaches."""

from __future__ import annotations

from flightready.cost.drivers import Driver, Saving
from flightready.cost.result import CostResult
from flightready.cost.running import not_counted
from flightready.cost.units import ANSWERED, REQUEST, RIGHT, YEAR, UnitCost
from flightready.narrative.cost_terms import UNITS, amount, between, input_label, part_label
from flightready.wording import chance, count, number, rounded, share, with_noun

_MOST = 0.5  # a driver that explains half or more is told alone


def headline(result: CostResult) -> str:
    """Return the answer in one sentence: a month, its load, a unit of value, and the chance to stay approved."""
    if result.monthly is None:
        one = result.unit(REQUEST)
        thousand = between(result, 1000 * one.low, 1000 * one.high)
        return (f"1,000 requests cost {amount(result, 1000 * one.median)} (nine times in ten {thousand}). "
                "What a month costs depends on the planned load, which is not stated yet."
                + _fixed_beside(result))  # fmt: skip
    m, unit = result.monthly, unit_of_value(result)
    users = with_noun(rounded(result.users_per_day.median), "user")
    sentence = (f"A month costs about {amount(result, m.median)} (nine times in ten {between(result, m.low, m.high)}) "
                f"at about {users} a day, {amount(result, unit.summary.median)} per {UNITS[unit.key]}")  # fmt: skip
    a = result.approval
    if a is not None:
        sentence += (f"; the chance that a month stays within the approved {amount(result, a.approved_usd)} is "
                     f"{chance(1 - a.exceeded_share)}")  # fmt: skip
    return f"{sentence}."


def on_top(result: CostResult) -> str:
    """Return what comes on top of the bill: people who review, and wrong answers."""
    beside = result.month.on_top if result.month is not None else ()
    if not beside:
        return ""
    told = [f"{part_label(p).lower()} at about {amount(result, p.summary.median)} a month "
            f"({between(result, p.summary.low, p.summary.high)})" for p in beside]  # fmt: skip
    approved = ", and not within the approved amount," if result.approval is not None else ""
    return f"On top of this bill{approved} come {' and '.join(told)}."


def _fixed_beside(result: CostResult) -> str:
    fixed = float(result.response.fixed_usd.mean())
    return f" About {amount(result, fixed)} a month comes on top, whatever the load." if fixed else ""


def unit_of_value(result: CostResult) -> UnitCost:
    """Return the unit nearest to what the pilot is for: a right answer, else an answer, else a request."""
    found = {u.key: u for u in result.units}
    return next(found[key] for key in (RIGHT, ANSWERED, REQUEST) if key in found)


def year(result: CostResult) -> str:
    """Return what the first year costs, and how it stands against twelve times the approved amount."""
    found = result.unit(YEAR)
    if found is None:
        return ""
    sentence = (f"The first year costs about {amount(result, found.median)}, nine times in ten "
                f"{between(result, found.low, found.high)}")  # fmt: skip
    a = result.approval
    if a is not None:
        twelve = amount(result, 12 * a.approved_usd)
        sentence += (f"; the chance of more than twelve times the approved amount ({twelve}) is "
                     f"{chance(a.year_exceeded_share)}")  # fmt: skip
    return f"{sentence}."


def left_out(result: CostResult) -> str:
    """Return what a month does not hold because nobody stated it, or because it is in another currency."""
    if result.month is None:
        return ""
    foreign = not result.is_comparable and result.running is not None and bool(result.running.parts)
    other = f"What runs beside the calls is stated in {result.assessment_currency} and is not added." if foreign else ""
    return " ".join(filter(None, (other, not_counted(result.month.not_counted))))


def meaning_parts(result: CostResult) -> tuple[str, ...]:
    """Return what of a month stays whatever the load, what is missing, and what would save."""
    if result.month is None or not result.month.total_usd.any():
        return ("There is no month to take apart yet: it takes the cost of a request.",)
    parts, total = result.month.parts, float(result.month.total_usd.mean())
    sentences = []
    fixed = sum(p.summary.mean for p in parts if p.fixed)
    if fixed:
        sentences.append(f"{amount(result, fixed)} ({share(fixed / total)} of the mean) stays the same whatever "
                         "the load.")  # fmt: skip
    return (*sentences, *filter(None, (left_out(result), _saved(result))))


def _saved(result: CostResult) -> str:
    told = [f"{_change(s)} would save {amount(result, s.summary.median)}" for s in result.savings]
    per = "a month" if result.month.is_planned else "per 1,000 requests"
    return f"{'; '.join(told)} {per}." if told else ""


def _change(saving: Saving) -> str:
    if saving.key == "retries":
        return f"{share(saving.cut)} fewer repeated attempts"
    kind = "output" if saving.key == "output" else "uncached input"
    return f"{share(saving.cut)} fewer {kind} tokens"


def meaning_units(result: CostResult) -> tuple[str, ...]:
    """Return what a unit of value still lacks; what each unit costs stands in its table."""
    if not result.units:
        return ("What one unit costs can be said once an input says what a request costs.",)
    if unit_of_value(result).key != RIGHT:
        return ("What a right answer costs takes the accuracy on raw data, which is not known here.",)
    return ()


def meaning_month(result: CostResult) -> tuple[str, ...]:
    """Return what the spread of the month means for the approval."""
    if result.monthly is None:
        missing = "a planned load" if result.per_request is not None else "the cost of a request and a planned load"
        return (f"Without {missing} there is no month to forecast.",)
    m, a = result.monthly, result.approval
    wide = f"The dear end of the range is {m.high / m.low:.1f} times the cheap end" if m.low > 0 else ""
    if result.drivers:
        wide += f"; {_widest(result.drivers[0])}" if wide else ""
    if a is None:
        return (f"{wide}." if wide else f"Every case costs {amount(result, m.median)}.",)
    return (f"{wide}.",) if wide else ()


def _widest(top: Driver) -> str:
    part = "most of that comes" if top.share >= _MOST else "the largest part of that comes"
    return f"{part} from the {input_label(top.name)}"


def meaning_drivers(result: CostResult) -> tuple[str, ...]:
    """Return what of the range of a month belongs to none of the inputs that the chart shows."""
    if result.monthly is None:
        return ("What drives a month can be said once it can be forecast.",)
    if not result.drivers:
        return ("No input of the month is uncertain enough to move it.",)
    sentences = []
    rest = 1 - sum(d.share for d in result.drivers)
    if rest < 0:
        sentences.append("The shares add up to more than the whole, because some of these inputs move together.")
    elif round(rest, 2) > 0:
        sentences.append(f"{share(round(rest, 2))} belongs to no single input: inputs act together, and small ones "
                         "are not shown.")  # fmt: skip
    return tuple(sentences)


def sharper(result: CostResult) -> str:
    """Return which figure would narrow the range of a month most; empty when nothing is uncertain."""
    if not result.drivers:
        return ""
    top = result.drivers[0].name
    if top == "cost.mix" and not result.basis.spread.from_log:
        return ("A longer log would narrow the range most: it replaces an assumed difference between pilot and "
                "production.")  # fmt: skip
    if top in ("cost.mix", "cost.per_request"):
        return ("A steadier cost of a request would narrow the range most: its prompts and answers differ from day to "
                "day.")  # fmt: skip
    return f"A sharper figure for the {input_label(top)} would narrow the range most."


def meaning_users(result: CostResult) -> tuple[str, ...]:
    """Return up to how many users the approval holds, and where the pilot stands."""
    if result.curve is None:
        return meaning_volumes(result)
    sentences = [_enough_users(result)]
    if result.pilot_users_per_day is not None:
        few = result.pilot_users_per_day < 1
        users = "less than 1 user" if few else with_noun(number(result.pilot_users_per_day), "user")
        sentences.append(f"The pilot's traffic is what {users} a day would make; about "
                         f"{number(result.users_per_day.median)} are planned.")  # fmt: skip
    if not any(sentences):
        return ("Cost grows in step with users; there is nothing yet to compare it with.",)
    return tuple(filter(None, sentences))


def _enough_users(result: CostResult) -> str:
    a, plan = result.approval, result.users_per_day
    if a is None or a.users_at_approval is None:
        return ""
    if a.users_at_approval == 0:
        return "What a month costs whatever the load is by itself more than the approved amount, one time in ten."
    enough = ("more than is planned" if a.users_at_approval >= plan.high else
              "less than is planned" if a.users_at_approval < plan.low else "within the planned range")  # fmt: skip
    sentence = ("The approved amount is enough, nine times in ten, for up to "
                f"{rounded(a.users_at_approval)} users a day; that is {enough}.")  # fmt: skip
    if a.users_in_year is not None:
        sentence += (" Over the first year, as it is planned month by month, twelve times that amount is enough for a "
                     f"plan of up to {rounded(a.users_in_year)} users a day.")  # fmt: skip
    return sentence


def meaning_volumes(result: CostResult) -> tuple[str, ...]:
    """Return how to read the costs at round volumes."""
    if not result.volumes:
        return ("Nothing can be said about growth before a request has a cost.",)
    v = result.volumes[-1]
    fixed = " on top of what stays whatever the load" if result.response.fixed_usd.any() else ""
    return (f"Cost grows in step with requests{fixed}: {count(v.requests, 'request')} a month cost about "
            f"{amount(result, v.median_usd)}. Name the planned load, and the month can be told.",)  # fmt: skip
