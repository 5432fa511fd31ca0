"""A release against the accepted score, the control by a worse model, and accuracy over time, in sentences."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from html import escape
from typing import Any

from flightready.evaluation.release.negative_control import NegativeControl
from flightready.evaluation.release.pipeline import Pipeline
from flightready.evaluation.release.result import Change, Compared, ReleaseComparison, ReleaseScore
from flightready.evaluation.release.score import SIDES
from flightready.evaluation.release.staleness_result import Staleness, Trend
from flightready.evaluation.shares.accuracy import Accuracy, accuracy
from flightready.wording import count, interval, points, share

ACCEPTED = "This score is now the accepted one (accepted_score.json)."
NOT_ACCEPTED = (
    "It was not accepted, as it is worse. To accept it all the same, move accepted_score.json away and run it again."
)
HEAD = ("Records", "Now", "Then", "Change in points (nine times in ten)", "Verdict")
_MARKS = {Change.BETTER: "▲", Change.SAME: "=", Change.WORSE: "▼", Change.CANNOT_TELL: "?"}
_SPECIAL = "\\`*_[]{}|~#@$!"


@dataclass(frozen=True)
class Told:
    """What one run of the pipeline has to tell.

    Parameters
    ----------
    now : ReleaseScore
    compared : ReleaseComparison
    then_name : str
        What the score that it is compared with is called.
    accepted : str
        `ACCEPTED`, `NOT_ACCEPTED` or empty.
    exit_code : int
    """

    now: ReleaseScore
    compared: ReleaseComparison
    then_name: str
    accepted: str
    exit_code: int


def exit_code(now: ReleaseScore, compared: ReleaseComparison, *, is_accepted: bool) -> int:
    """Return the exit code: a first score that is accepted has nothing to be worse than."""
    if compared.accepted is None and is_accepted and now.sets and not compared.failures:
        return 0
    return compared.exit_code


def headline(told: Told) -> str:
    """Return the verdict in one sentence."""
    compared, main = told.compared, told.compared.main
    if not told.now.sets:
        return "CANNOT TELL: nothing is scored, as no record carries both a right answer and the pilot's."
    if compared.accepted is None:
        if compared.failures and told.accepted == ACCEPTED:
            return "FAILED: a rule does not hold. This first score is accepted, and the next one is compared with it."
        if compared.failures:
            return f"FAILED: a rule does not hold, and there is no {_bare(told)} to compare with yet."
        if told.accepted == ACCEPTED:
            return "FIRST SCORE ACCEPTED: the next one is compared with it."
        return f"CANNOT TELL: there is no {_bare(told)} to compare with yet."
    verdict = str(compared.verdict).upper()
    stopped = "; FAILED, as a rule does not hold" if compared.failures and compared.verdict is not Change.WORSE else ""
    return f"{verdict} than {told.then_name}{stopped}." if compared.verdict in (
        Change.BETTER, Change.WORSE) else f"{verdict}{_same(compared, main, told.then_name)}{stopped}."  # fmt: skip


def _same(compared: ReleaseComparison, main: Compared | None, then_name: str) -> str:
    if compared.verdict is Change.SAME and main is not None and main.is_as_before:
        return f" as {then_name}: every answer is as right as before"
    if compared.verdict is Change.SAME:
        return f" as {then_name}, to {points(compared.margin)} either way"
    if compared.held_back:
        return f" against {then_name}: {compared.held_back}"
    if main is not None and main.rows_needed:
        needed = f"{main.rows_needed:,} scored records in all would decide, if both stay as they are"
        return f" against {then_name}: {needed}"
    return f" against {then_name}"


def sentences(told: Told) -> tuple[str, ...]:
    """Return what stands behind the verdict."""
    compared, said = told.compared, []
    if compared.main is not None:
        said.append(how_compared(compared.main, told.then_name))
    said += [f"Stopped: {why}" for why in compared.failures]
    if compared.held_back and compared.main is not None and compared.verdict is Change.CANNOT_TELL:
        said.append(f"Held back: {compared.held_back}.")
    open_guards = sum(g.verdict is Change.CANNOT_TELL for g in compared.guards)
    if open_guards:
        allowed = points(compared.largest_fall)
        said.append(f"{count(open_guards, 'further row')} cannot tell yet whether more than {allowed} were lost there.")
    if compared.accepted is None and told.now.sets and told.accepted != ACCEPTED:
        said.append(f"There is no {_bare(told)} yet; to accept this one, add --accept.")
    return (*said, *([told.accepted] if told.accepted else []), _origin(told))


def _bare(told: Told) -> str:
    return told.then_name.removeprefix("the ")


def how_compared(main: Compared, then_name: str) -> str:
    """Return how the main set was compared."""
    if not main.is_paired:
        return (
            f"The records are others than those of {then_name}, so two samples are compared: a change of the records "
            "would look like a change of the model."
        )
    as_before = "The same: every answer is as right as before. " if main.is_as_before else ""
    told = f"{as_before}Compared record by record on {count(main.now.n, 'record')} that both scores hold"
    told += f": {main.gained:,} gained, {main.lost:,} lost"
    aside = [f"{main.new:,} new"] if main.new else []
    aside += [f"{main.gone:,} gone or with another right answer"] if main.gone else []
    return f"{told} ({', '.join(aside)} left out)." if aside else f"{told}."


def _origin(told: Told) -> str:
    known = told.now.provenance
    models = ", ".join(known.models) or "not known"
    if known.commit:
        dirty = {True: ", with changes that are not committed", False: "", None: ""}[known.is_dirty]
        commit = f"{known.commit[:12]}{dirty}"
    else:
        commit = f"none ({known.no_commit})" if known.no_commit else "not known"
    return (
        f"Scored as of {known.as_of}. Model: {models}. Commit: {commit}. "
        f"Data {known.data[:12]}, settings {known.config[:12]}, rules {known.policy[:12]}."
    )


def rows(told: Told) -> list[tuple[str, ...]]:
    """Return one row a set and group: now, then, change, verdict."""
    return _rows(told.compared, {name: accuracy(s.right, s.n) for name, s in told.now.sets.items()})


def _rows(compared: ReleaseComparison | None, now: dict[str, Accuracy]) -> list[tuple[str, ...]]:
    shown = [compared.main, *compared.guards] if compared is not None and compared.main is not None else []
    found = [
        (c.name, _score(c.now), _score(c.then), _change(c), str(c.verdict)) for c in shown
    ]  # fmt: skip
    named = {c.name for c in shown}
    return found + [(SIDES[n], _score(a), "", "", "") for n, a in now.items() if SIDES[n] not in named]


def _score(found: Accuracy) -> str:
    return f"{share(found.share)} of {found.n:,}"


def _change(c: Compared) -> str:
    if c.is_as_before:
        return f"none, each as right as before ({_signed(c.interval.low)} to {_signed(c.interval.high)})"
    return f"{_signed(c.change)} ({_signed(c.interval.low)} to {_signed(c.interval.high)})"


def _signed(value: float) -> str:
    """Points with their sign, and none for nothing."""
    return f"{round(100 * value, 1) + 0.0:+.1f}" if round(100 * value, 1) else "0.0"


def markdown(told: Told) -> str:
    """Return a summary for the page of a build; whatever comes from data or files is escaped."""
    lines = [f"## Score: {_safe(headline(told))}", "", f"**{_safe(told.now.pilot)}**", ""]
    table = rows(told)
    if table:
        lines += [f"| {' | '.join(HEAD)} |", "|---|---:|---:|---:|---|"]
        lines += [f"| {' | '.join([*map(_safe, row[:-1]), _marked(row[-1])])} |" for row in table]
        lines += [""]
    lines += [f"- {_safe(sentence)}" for sentence in sentences(told)]
    return "\n".join([*lines, "", ""])


def _marked(verdict: str) -> str:
    return f"{_MARKS[Change(verdict)]} {verdict}" if verdict else ""


def _safe(text: str) -> str:
    """Text in which nothing is markup: neither HTML nor Markdown, in one line."""
    one_line = escape(" ".join(text.split()), quote=False)
    plain = "".join(f"&#{ord(c)};" if c in _SPECIAL else c for c in one_line)
    return plain.replace("://", "&#58;//").replace("www.", "www&#46;")  # an address becomes a link by itself


def as_json(told: Told) -> str:
    """Return score and comparison as JSON, without the records' digests."""
    compared = told.compared
    content: dict[str, Any] = {
        "verdict": str(compared.verdict), "exit_code": told.exit_code, "headline": headline(told),
        "pilot": told.now.pilot, "task": told.now.task, "compared_with": told.then_name if compared.accepted else None,
        "accepted_now": told.accepted == ACCEPTED, "failures": list(compared.failures), "held_back": compared.held_back,
        "margin": compared.margin, "largest_fall": compared.largest_fall,
        "score": {name: _accuracy(accuracy(s.right, s.n)) for name, s in told.now.sets.items()},
        "comparison": [_compared(c) for c in (compared.main, *compared.guards) if c is not None],
        "provenance": asdict(told.now.provenance), "accepted": asdict(compared.accepted) if compared.accepted else None,
    }  # fmt: skip
    return json.dumps(content, indent=2, ensure_ascii=False, default=str) + "\n"


def _accuracy(found: Accuracy) -> dict[str, Any]:
    ends = {"low": found.interval.low, "high": found.interval.high}
    return {"right": found.right, "n": found.n, "share": found.share, "interval": ends}


def _compared(c: Compared) -> dict[str, Any]:
    return {
        "name": c.name, "verdict": str(c.verdict), "now": _accuracy(c.now), "then": _accuracy(c.then),
        "change": c.change, "interval": {"low": c.interval.low, "high": c.interval.high}, "is_paired": c.is_paired,
        "gained": c.gained, "lost": c.lost, "gone": c.gone, "new": c.new, "rows_needed": c.rows_needed,
    }  # fmt: skip


def pipeline_meaning(found: Pipeline | None) -> str:
    """Return where the scoring pipeline stands."""
    if found is None:
        return "No record is scored, so there is no score to accept, and none to compare with."
    if found.problem:
        return f"The accepted score cannot be used: {found.problem}"
    if found.comparison is None or found.accepted is None:
        return (
            "No score is accepted yet, so a worse release would not be noticed. To accept this one: "
            "flightready score DIR --accept"
        )
    told = f"Against the score accepted on {found.accepted.as_of}: {found.comparison.verdict}."
    if found.comparison.main is not None:
        told += f" {how_compared(found.comparison.main, 'the accepted score')}"
    return " ".join([told, *(f"Stopped: {why}" for why in found.comparison.failures)])


def pipeline_rows(found: Pipeline) -> list[tuple[str, ...]]:
    """Return one row a set and group."""
    return _rows(found.comparison, found.now)


def control_meaning(found: NegativeControl | None) -> str:
    """Return whether a worse model would be caught."""
    if found is None:
        return "No record is scored, so whether a worse model would be caught cannot be tried."
    caught, alarms = found.worst_catch, found.worst_false_alarm
    parts = f"{points(found.allowed_drop)} allowed and {points(found.detectable)} that so many records can show"
    made = f"{points(found.fall)} ({parts})"
    told = (
        f"Made worse on purpose by {made}, the model is called worse in {caught.hits:,} of {caught.n:,} runs at least "
        f"({interval(caught.interval.low, caught.interval.high, share)}). One that is as good is called worse in "
        f"{alarms.hits:,} of {alarms.n:,} at most ({interval(alarms.interval.low, alarms.interval.high, share)})."
    )
    smallest = [
        f"{points(fall)} on {where}"
        for fall, where in ((found.smallest_same_records, "the same records"), (found.smallest_new_records, "new ones"))
        if fall is not None
    ]
    return f"{told} Caught in 8 of 10 cases: a fall of {' and '.join(smallest)}." if smallest else told


def staleness_meaning(found: Staleness | None) -> str:
    """Return whether accuracy moves over time, and what the alarm said."""
    if found is None:
        return "No raw record is scored, so accuracy over time is not known."
    told = [_trend(found.trend, "Accuracy"), _trend(found.confidence_trend, "The pilot's own confidence")]
    if found.trigger is None:
        told.append(f"There is no alarm to try: {found.why_not}.")
    elif found.trigger.rang_on is None:
        told.append("The alarm did not ring over the records as they came.")
    else:
        t = found.trigger
        told.append(f"The alarm rang on {t.rang_on}; the fall began about {t.fell_on}. Evaluate again, or retrain.")
    if found.n_undated:
        left = "is" if found.n_undated == 1 else "are"
        told.append(f"{count(found.n_undated, 'scored record')} without a day that can be read {left} left out.")
    return " ".join(filter(None, told))


def _trend(found: Trend | None, what: str) -> str:
    if found is None:
        return ""
    ends = f"nine times in ten {_signed(found.interval.low)} to {_signed(found.interval.high)}"
    if found.interval.low > 0 or found.interval.high < 0:
        moves = "rises" if found.per_month > 0 else "falls"
        return f"{what} {moves} by {points(abs(found.per_month))} a month ({ends})."
    return f"{what} shows no trend ({_signed(found.per_month)} points a month, {ends})."


def alarm_meaning(found: Staleness | None) -> str:
    """Return how soon the alarm rings when accuracy falls, and how often by itself."""
    if found is None or found.trigger is None:
        return ""
    t = found.trigger
    told = (
        f"A fall of {points(t.fall)} put into the later half rings the alarm in {t.fired.hits:,} of {t.fired.n:,} "
        f"replays; unchanged quality rings it in {t.false_alarms.hits:,} of {t.false_alarms.n:,} "
        f"({interval(t.false_alarms.interval.low, t.false_alarms.interval.high, share)})."
    )
    if t.delay_records is not None:
        days = t.delay_records / t.records_per_day
        told += (
            f" After the last record half of such falls ring within {t.delay_records:,.0f} scored records, "
            f"here {count(round(days), 'day')}."
        )
    if t.needed_per_day is not None:
        told += f" To ring within {t.within_days} days, {count(t.needed_per_day, 'answer')} a day must be checked."
    return f"{told} In production right answers come late: falling confidence is an early sign, and no proof."
