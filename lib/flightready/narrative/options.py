"""Sentences about the options side by side: which is cheapest where, how sure that is, and what is not known."""

from __future__ import annotations

from collections.abc import Sequence

from flightready import policy
from flightready.draws import Summary
from flightready.errors import listed
from flightready.evidence import Grade
from flightready.options.comparison import Comparison
from flightready.options.crossings import Cheapest, Crossing
from flightready.options.result import OptionResult, OptionsResult
from flightready.wording import count, in_hundred, interval, money, number, seconds, share, with_noun

_LONGEST_LABEL, _LONGEST = 39, 60
_GRADES = {Grade.MEASURED: "measured", Grade.ESTIMATED: "as stated", Grade.ASSUMED: "assumed"}
_PILOT = "the pilot's own way"
_WITHOUT = "what runs beside the calls, such as monitoring, is left out"
_MONTHS = (
    "A month leaves out what is paid once; the first year holds it, with the months as demand grows. What runs beside "
    "the calls, such as review and monitoring, is the same for all and left out. "
)
_DOUBT = "A cheaper option whose right answers are not known may be the dearer one."
NOTHING_STATED = "No other way of answering is stated under cost.options, so there is nothing to set the pilot against."


def answer(result: OptionsResult) -> tuple[str, ...]:
    """Return which option is cheapest where, at the planned load, and what its being cheaper leaves open."""
    if len(result.options) == 1:
        return (NOTHING_STATED,)
    if result.comparison is None:
        return _by_request(result)
    best = _best(result)
    return tuple(filter(None, (where_cheapest(result), _at_plan(result, best), _quality(result, best))))


def where_cheapest(result: OptionsResult) -> str:
    """Return the ranges of users with the cheapest option of each; many changes are told as one range of them."""
    ranges = result.comparison.cheapest
    first, last = ranges[0], ranges[-1]
    if len(ranges) == 1:
        return f"From {users(first.low)} to {daily(first.high)} {called(result, first.name)} costs least."
    start = f"Up to about {daily(first.high)} {called(result, first.name)} costs least"
    end = f"above {'that' if len(ranges) == 2 else users(last.low)} {called(result, last.name)}"
    if not are_few(ranges[1:]):
        others = dict.fromkeys(called(result, r.name) for r in ranges if r.name not in (first.name, last.name))
        also = f", with {listed(others)} among them" if others else ""
        return f"{start}, {end}; in between the cheapest changes {count(len(ranges) - 1, 'time')}{also}."
    middle = [f"from there to {users(r.high)} {called(result, r.name)}" for r in ranges[1:-1]]
    return f"{start}; {'; '.join([*middle, end])}."


def ranges(result: OptionsResult) -> list[tuple[str, str, str, str]]:
    """Return rows of users from and to, the cheapest between them, and in how many of 100 cases; many are one row."""
    found = result.comparison.cheapest
    whole = [(users(r.low), users(r.high), _short(r.name, _LONGEST), in_hundred(r.chance)) for r in found]
    if are_few(found[1:]):
        return whole
    names = listed(dict.fromkeys(name for _, _, name, _ in whole[1:-1]))
    return [whole[0], (whole[1][0], whole[-2][1], f"changes between {names}", ""), whole[-1]]


def title(result: OptionsResult) -> str:
    """Return the answer as the title of a chart, and that cheaper need not be better."""
    ranges = result.comparison.cheapest
    here = _range_at(ranges, result.planned_users.median)
    if not are_few(ranges[1:]) and here not in (ranges[0], ranges[-1]):
        between = f"Between {users(ranges[0].high)} and {daily(ranges[-1].low)}"
        return f"{between} the cheapest changes again and again"
    option = next(o for o in result.options if o.name == here.name)
    doubt = "" if option.is_pilot or option.accuracy_value is not None else "; how often it is right is not known"
    low, high = window(result.comparison, result.planned_users)
    where = f"From {users(here.low)} to {daily(here.high)}"
    if here.low <= low:
        where = "At every load shown" if here.high >= high else f"Up to {daily(here.high)}"
    elif here.high >= high:
        where = f"From {daily(here.low)} on"
    return f"{where} {called(result, here.name)} costs least{doubt}"


def table_caption(result: OptionsResult) -> tuple[str, str]:
    """Return what the table of options shows, and how to read it."""
    if result.planned_users is None:
        return "Ways of answering, by the request", _DOUBT
    return "Ways of answering, at the planned load", _MONTHS + _DOUBT


def meaning(result: OptionsResult) -> tuple[str, ...]:
    """Return where each option crosses the pilot's own way, and what the chart leaves out."""
    if result.comparison is None:
        return ()
    others = [o for o in _priced(result) if not o.is_pilot and _pilot(result).monthly is not None]
    left_out = len(_priced(result)) - len(drawn(result))
    told = [_against_pilot(result, o) for o in others]
    never = {side: [called(result, o.name) for o, t in zip(others, told, strict=True) if t == side]
             for side in ("Cheaper", "Dearer")}  # fmt: skip
    sentences = [t for t in told if t not in never]
    sentences += [f"{side} than {_PILOT} at every load: {listed(names)}." for side, names in never.items() if names]
    if left_out:
        sentences.append(f"The chart leaves out the dearest {left_out if left_out > 1 else 'one'}; the table has all.")
    sentences.append("Lines are drawn with every input at its middle, and leave out what is paid once at the start.")
    return tuple(sentences)


def unknown(result: OptionsResult) -> tuple[str, ...]:
    """Return of which options nobody knows how often they are right, and how long they take."""
    options = [o for o in result.options if not o.is_pilot]
    if not options:
        return ()
    unsure = [called(result, o.name) for o in options if o.accuracy_value is None]
    late = [called(result, o.name) for o in options if o.p95_s is None]
    unpriced = [called(result, o.name) for o in options if o.monthly is None and o.per_request is None]
    sentences = [f"Without a price, and so not compared: {listed(unpriced)}."] if unpriced else []
    if _pilot(result).accuracy_value is None:
        sentences.append("How often the pilot is right on raw data is not known, so no option can be held against it. "
                         "Label raw records first: cheaper is not better.")  # fmt: skip
    elif unsure:
        sentences.append(f"Nobody has measured how often these are right: {listed(unsure)}. Cheaper is not better: a "
                         "wrong answer costs money as well. Let them answer the same raw records as the pilot "
                         "(evaluation.candidates).")  # fmt: skip
    if late:
        sentences.append(f"How long these take is not stated (p95): {listed(late)}.")
    return tuple(sentences)


def _at_plan(result: OptionsResult, best: OptionResult) -> str:
    plan, cases = daily(result.planned_users.median), in_hundred(result.comparison.chances[best.name])
    now = _pilot(result).monthly
    beside = "" if best.is_pilot or now is None else f", in place of {amount(result, now.median)} with {_PILOT}"
    second = _runner_up(result, best)
    unknown_now = f" What {_PILOT} costs is not known." if now is None else ""
    month = f"A month costs about {amount(result, best.monthly.median)}{beside}; {_WITHOUT}.{unknown_now}"
    return (f"At the planned {plan} {called(result, best.name)} costs least in {cases} of 100 "
            f"cases{second}. {month}")  # fmt: skip


def _runner_up(result: OptionsResult, best: OptionResult) -> str:
    chances = {name: chance for name, chance in result.comparison.chances.items() if name != best.name and chance > 0}
    if not chances:
        return ""
    name = max(chances, key=lambda n: chances[n])
    return f", {called(result, name)} in {in_hundred(chances[name])}"


def _quality(result: OptionsResult, best: OptionResult) -> str:
    if best.is_pilot:
        return ""
    if best.accuracy_value is not None:
        pilot = _pilot(result)
        beside = f"; {_PILOT} in {right(pilot)}" if pilot.accuracy_value is not None else ""
        return f"It is right in {right(best)}{beside}."
    known = [o for o in _priced(result) if o.accuracy_value is not None and o.monthly is not None]
    if not known:
        return _not_known(result, best)
    least = min(known, key=lambda o: o.monthly.median)
    late = f", 95 of 100 answers within {seconds(least.p95_s)}" if least.p95_s is not None else ""
    month = f"about {amount(result, least.monthly.median)} a month"
    return (f"{_not_known(result, best)} Of those whose right answers are known {called(result, least.name)} costs "
            f"least: {month}, right in {share(least.accuracy_value)}{late}.")  # fmt: skip


def _not_known(result: OptionsResult, option: OptionResult) -> str:
    return f"How often {called(result, option.name)} is right on raw data is not known, and cheaper is not better."


def _by_request(result: OptionsResult) -> tuple[str, ...]:
    """What can be said without a planned load: what a request costs, where that is the same at every load."""
    load = "What a month costs, and where which is cheapest, depends on the planned load (workload), not stated yet."
    by_request = [o for o in result.options if o.per_request is not None]
    if len(by_request) < 2:
        return (load,)
    best, pilot = min(by_request, key=lambda o: o.per_request.median), _pilot(result)
    thousand = amount(result, 1000 * best.per_request.median)
    if best.is_pilot or pilot.per_request is None:
        return (f"By the request {called(result, best.name)} costs least: {thousand} for 1,000.", load)
    now = amount(result, 1000 * pilot.per_request.median)
    sentence = (f"By the request {called(result, best.name)} costs least: {thousand} for 1,000, in place of {now} with "
                f"{_PILOT}.")  # fmt: skip
    return (
        sentence,
        _not_known(result, best) if best.accuracy_value is None else f"It is right in {right(best)}.",
        load,
    )


def _against_pilot(result: OptionsResult, option: OptionResult) -> str:
    """A sentence on where an option crosses the pilot's own way; `Cheaper` or `Dearer` where it never does."""
    pilot = _pilot(result).name
    found = [c for c in result.comparison.crossings if {c.cheaper_below, c.cheaper_above} == {pilot, option.name}]
    name = called(result, option.name, starts=True)
    if not found:
        month = result.comparison.middle_usd
        return "Cheaper" if month[option.name][-1] < month[pilot][-1] else "Dearer"
    if not are_few(found):
        return (f"Between {users(found[0].users)} and {daily(found[-1].users)} the cheaper of {_PILOT} and "
                f"{called(result, option.name)} changes {count(len(found), 'time')}, because capacity comes in "
                "steps.")  # fmt: skip
    parts = [f"{'cheaper' if c.cheaper_above == option.name else 'dearer'} from about {daily(c.users)} on"
             for c in found]  # fmt: skip
    cases = in_hundred(option.cheaper_chance)
    return f"{name} is {', '.join(parts)} than {_PILOT}; at the planned load it is cheaper in {cases} of 100 cases."


def crossing(result: OptionsResult, found: Crossing) -> str:
    """Return a crossing as a label: which of two is cheaper above how many users, and in how many cases."""
    sure = "" if found.above_chance is None else f" ({in_hundred(found.above_chance)} of 100 cases agree)"
    return (f"above {daily(found.users)} {called(result, found.cheaper_above)} is cheaper than "
            f"{called(result, found.cheaper_below)}{sure}")  # fmt: skip


def called(result: OptionsResult, name: str, *, starts: bool = False) -> str:
    """Return what an option is called inside a sentence, or at its start."""
    if any(o.is_pilot and o.name == name for o in result.options):
        return _PILOT[:1].upper() + _PILOT[1:] if starts else _PILOT
    return f"'{_short(name, _LONGEST)}'"


def label(result: OptionsResult, name: str) -> str:
    """Return what an option's line is called: its name, and whether it was never measured."""
    option = next(o for o in result.options if o.name == name)
    doubt = "" if option.is_pilot or option.accuracy_value is not None else " (not measured)"
    return _short(name, _LONGEST_LABEL - len(doubt)) + doubt


def right(option: OptionResult) -> str:
    """Return the share of right answers of an option with how sure it is."""
    if option.accuracy_value is None:
        return "not known"
    ends = option.accuracy
    around = f"{interval(ends.low, ends.high, share)}, " if ends and ends.low != ends.high else ""
    return f"{share(option.accuracy_value)} ({around}{_GRADES[option.accuracy_grade]})"


def within(option: OptionResult) -> str:
    """Return the time that 95 of 100 requests stay within."""
    return "not known" if option.p95_s is None else seconds(option.p95_s)


def notes(result: OptionsResult) -> list[tuple[str, str]]:
    """Return what a reader must know of each option, by its name."""
    told = [(o.name, " ".join(filter(None, (_capacity(o), _three_years(result, o), *o.notes)))) for o in result.options]
    return [(name, text) for name, text in told if text]


def _three_years(result: OptionsResult, option: OptionResult) -> str:
    if option.three_years is None:
        return ""
    moved = ", the move to a successor included" if option.migration is not None else ""
    return f"Three years cost about {amount(result, option.three_years.median)}{moved}."


def _capacity(option: OptionResult) -> str:
    needed = option.capacity
    if needed is None:
        return ""
    noun = option.capacity_unit.removesuffix("s")
    if needed.low == needed.high:
        return f"Takes {count(needed.median, noun)} at the planned load."
    return f"Takes {number(needed.low)} to {number(needed.high)} {option.capacity_unit} at the planned load."


def drawn(result: OptionsResult) -> list[str]:
    """Return the options that a chart shows: the pilot's own way, those cheapest somewhere, then the cheaper ones."""
    winners = [r.name for r in result.comparison.cheapest]
    by_month = sorted(_priced(result), key=lambda o: o.monthly.median)
    order = [o.name for o in by_month if o.is_pilot] + winners + [o.name for o in by_month]
    return list(dict.fromkeys(order))[: policy.value("option_lines_drawn")]


def window(found: Comparison, plan: Summary) -> tuple[float, float]:
    """Return the users between which a chart is drawn: around the plan."""
    reach = policy.value("option_figure_reach")
    low, high = plan.median / reach, min(plan.median * reach, float(found.users[-1]))
    return (low if low < high else float(found.users[0])), high


def are_few(found: Sequence[Crossing | Cheapest]) -> bool:
    """Whether changes are few enough to be told one by one."""
    return len(found) <= policy.value("option_crossings_told")


def users(value: float) -> str:
    """Write a number of users that is an estimate, with two digits that matter.

    Examples
    --------
    >>> users(41_237.0), users(1_290_000.0), users(7.31)
    ('41,000', '1.3 million', '7')
    """
    rounded = float(f"{value:.2g}")
    return f"{rounded / 1e6:,.10g} million" if rounded >= 1e6 else f"{rounded:,.0f}"


def daily(value: float) -> str:
    """Write a number of users a day with its noun.

    Examples
    --------
    >>> daily(1.0), daily(41_237.0)
    ('1 user a day', '41,000 users a day')
    """
    return f"{with_noun(users(value), 'user')} a day"


def amount(result: OptionsResult, value: float) -> str:
    """Write an amount in the result's currency."""
    return money(value, result.currency)


def between(result: OptionsResult, found: Summary | None) -> str:
    """Write a 90 % interval of amounts, one amount where nothing is uncertain; empty without one."""
    if found is None:
        return ""
    return interval(found.low, found.high, lambda value: amount(result, value))


def _best(result: OptionsResult) -> OptionResult:
    """The option that is most often the cheapest at the planned load."""
    return max(_priced(result), key=lambda o: result.comparison.chances[o.name])


def _pilot(result: OptionsResult) -> OptionResult:
    return next(o for o in result.options if o.is_pilot)


def _priced(result: OptionsResult) -> list[OptionResult]:
    return [o for o in result.options if o.name in result.comparison.middle_usd and o.monthly is not None]


def _range_at(ranges: Sequence[Cheapest], place: float) -> Cheapest:
    return next((r for r in ranges if place <= r.high), ranges[-1])


def _short(name: str, most: int) -> str:
    return name if len(name) <= most else name[: most - 1] + "…"
