"""What truth set, scoring pipeline and alarm say to the checklists: R2, R10 and E5."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from flightready import policy
from flightready.evaluation.labels.truth_set_result import TruthSetAudit
from flightready.evaluation.release.negative_control import NegativeControl
from flightready.evaluation.release.pipeline import Pipeline
from flightready.evaluation.release.staleness_result import Staleness, Trigger
from flightready.evidence import Finding, Grade, State, judge_at_least, judge_at_most
from flightready.realism.outcome import Rate
from flightready.wording import count, points, share


@dataclass(frozen=True)
class Part:
    """One part of a question: what is known of it, and what would decide it."""

    state: State
    told: str
    decides: str = ""


def truth_set(audit: TruthSetAudit, control: NegativeControl | None, pipeline: Pipeline | None) -> Finding:
    """R2: right answers with provenance, and a scoring pipeline that a worse model fails; every part must pass."""
    total = audit.n_curated + audit.n_raw
    parts = [*_truth_parts(audit), _control(control), _accepted(pipeline)]
    state = _together(parts)
    is_first_look = not total
    ordered = [p.told for s in (State.FAIL, State.UNKNOWN, State.PASS) for p in parts if p.state is s]
    told = "; ".join(ordered)
    open_parts = [p.decides for p in parts if p.state is State.UNKNOWN and p.decides]
    return Finding(
        "evaluation.truth_set", "Truth set and scoring pipeline", f"{told[0].upper()}{told[1:]}.",
        State.UNKNOWN if is_first_look else state, Grade.ASSUMED if is_first_look else Grade.MEASURED,
        value=float(total), unit="labelled records", n=total, rule="least_truth_set",
        threshold=float(policy.value("least_truth_set")), questions=("R2",), gaps=("G4",), tags=("maintainability",),
        decides="; ".join(open_parts) if state is State.UNKNOWN or is_first_look else "",
    )  # fmt: skip


def _truth_parts(audit: TruthSetAudit) -> Iterator[Part]:
    """Parts that concern the right answers; a part that nothing can be said of (no record repeats) is left out."""
    yield _size(audit)
    yield _provenance(audit)
    for found, most, what, cure in (
        (audit.leaked, "most_overlap_share", "demo records stand in the raw sample too", "a larger demo set"),
        (audit.conflicts, "most_label_conflicts", "repeated records carry different right answers",
         "more repeated records, or labels mended where they differ"),
    ):  # fmt: skip
        if found is not None and found.n:
            state = judge_at_most(found.interval, policy.value(most))
            yield Part(state, f"{found.hits:,} of {found.n:,} {what}", cure)
    yield _agreement(audit)


def _size(audit: TruthSetAudit) -> Part:
    total, needed = audit.n_curated + audit.n_raw, policy.value("least_truth_set")
    if not total:
        return Part(
            State.UNKNOWN, "no record carries both a right answer and the pilot's", f"{needed} labelled records"
        )
    counted = f"{count(total, 'scored record')} ({audit.n_curated:,} demo, {audit.n_raw:,} raw) carry a right answer"
    counted = counted.replace(" carry", " carries") if total == 1 else counted
    if total < needed:
        return Part(State.FAIL, f"{counted}, fewer than the {needed} that are needed")
    return Part(State.PASS, counted)


def _provenance(audit: TruthSetAudit) -> Part:
    keys = {"labelled_by": audit.labelled_by, "labelled_on": audit.labelled_on}
    lacking = [key for key, given in keys.items() if not given]
    oldest = policy.value("oldest_truth_set")
    if lacking:
        what = {"labelled_by": "who labelled", "labelled_on": "when"}
        told = " and ".join(what[key] for key in lacking) if len(lacking) > 1 else {
            "labelled_by": "who labelled", "labelled_on": "when they were labelled"}[lacking[0]]  # fmt: skip
        keyed = " and ".join(f"evaluation.truth_set.{key}" for key in lacking)
        return Part(State.UNKNOWN, f"{told} is not said", keyed)
    if audit.age_days is not None and audit.age_days < 0:
        return Part(State.UNKNOWN, f"they are said to be labelled on {audit.labelled_on}, which is yet to come",
                    "the day of labelling")  # fmt: skip
    if audit.age_days is not None and audit.age_days > oldest:
        told = f"the labels are {audit.age_days:,} days old, more than the {oldest} allowed"
        return Part(State.UNKNOWN, told, "newer labels")
    return Part(State.PASS, f"labelled by {audit.labelled_by} on {audit.labelled_on}")


def _agreement(audit: TruthSetAudit) -> Part:
    found = audit.agreement
    least, good = policy.value("tentative_agreement"), policy.value("good_agreement")
    if found is None:
        return _not_known(audit)
    told = f"{found.raters} labellers agree on {share(found.equal.share)} of {count(found.n, 'record')}"
    ends = (
        f"beyond chance {found.alpha:.2f} of 1, nine times in ten {found.interval.low:.2f} to {found.interval.high:.2f}"
    )
    told = f"{told} ({ends})"
    if found.interval.high < least:
        return Part(State.FAIL, f"{told}, which is too little")
    if found.interval.low >= least and found.alpha >= good:
        return Part(State.PASS, told)
    return Part(State.UNKNOWN, told, f"more records with a second label, or clearer rules ({good:.2f} is good)")


def _not_known(audit: TruthSetAudit) -> Part:
    """Whether labellers agree, where too few records or none carry two labels."""
    told, needed, n = "whether labellers agree is not known", policy.value("least_second_labels"), audit.n_twice
    if n >= needed:
        return Part(State.UNKNOWN, f"{told}, as all labels are the same, or nearly all are different",
                    "labels of a second person for other records")  # fmt: skip
    if n:
        carry = "carries" if n == 1 else "carry"
        return Part(State.UNKNOWN, f"{told}: {count(n, 'record')} {carry} two labels, {needed} are needed",
                    f"labels of a second person for {needed - n:,} more records")  # fmt: skip
    why = ", as there is one label a record" if audit.n_curated + audit.n_raw else ""
    return Part(State.UNKNOWN, f"{told}{why}", "labels of a second person for some records")


def _control(control: NegativeControl | None) -> Part:
    if control is None:
        return Part(State.UNKNOWN, "no worse model could be tried, as nothing is scored", "scored records")
    caught, alarms = control.worst_catch, control.worst_false_alarm
    state = _together([Part(_caught(caught), ""), Part(_quiet(alarms), "")])
    told = (
        f"a model made worse by {points(control.fall)} on purpose is called worse in {_of(caught)} runs, "
        f"and one that is as good in {_of(alarms)}"
    )
    return Part(state, told, "more scored records, so that a worse model shows beyond chance")


def _accepted(pipeline: Pipeline | None) -> Part:
    run = "one run of flightready score --accept"
    if pipeline is None or (pipeline.accepted is None and not pipeline.problem):
        return Part(State.UNKNOWN, "no score is accepted yet", run)
    if pipeline.accepted is None:
        return Part(State.UNKNOWN, "the accepted score cannot be used", run)
    days, most = pipeline.age_days or 0, policy.value("accepted_score_days")
    if days < 0:
        return Part(State.UNKNOWN, f"the accepted score is of {pipeline.accepted.as_of}, which is yet to come", run)
    if days > most:
        return Part(State.UNKNOWN, f"the last score was accepted {days:,} days ago, more than {most}", run)
    return Part(State.PASS, f"a score was accepted on {pipeline.accepted.as_of}")


def retraining_trigger(found: Staleness | None, owner: str) -> Finding:
    """E5: the alarm that starts retraining rings when accuracy falls, seldom by itself, and someone owns it."""
    about = _about("retraining_trigger", "Retraining trigger", "E5", "G4", "maintainability")
    if found is None or found.trigger is None:
        return _no_trigger(found, about)
    t = found.trigger
    state = _together([Part(_caught(t.fired), ""), Part(_quiet(t.false_alarms), "")])
    told = f"{_tested(t)}; {_rang(t)}"
    decides = _more_records(t) if state is State.UNKNOWN else ""
    if state is State.FAIL and _quiet(t.false_alarms) is not State.FAIL:
        state, decides = State.UNKNOWN, _more_records(t)  # too few records, and no fault of the plan
    if not owner:
        told += "; nobody is named who retrains or evaluates again"
        state = State.UNKNOWN if state is State.PASS else state
        decides = "; ".join(filter(None, (decides, "a role under evaluation.retraining.owner")))
    return Finding(
        sentence=f"{told}.", state=state, grade=Grade.MEASURED, value=t.fired.share, interval=t.fired.interval,
        n=found.n_dated, unit="share", rule="power_of_detection", threshold=policy.value("power_of_detection"),
        decides=decides, **about,
    )  # fmt: skip


def quality_alert(found: Staleness | None, capacity_per_day: float | None) -> Finding:
    """R10: a fall in quality raises the alarm within days, and unchanged quality seldom does."""
    about = _about("quality_alert", "Alarm on quality", "R10", "G2", "reliability")
    if found is None or found.trigger is None:
        return _no_trigger(found, about)
    t = found.trigger
    told = (
        f"At {_rate_a_day(t.records_per_day)} as here, a fall of {points(t.fall)} rings within {t.within_days} days in "
        f"{_of(t.in_time)} runs, and unchanged quality rings in {_of(t.false_alarms)} over the whole time"
    )
    in_time, quiet = _caught(t.in_time), _quiet(t.false_alarms)
    state, decides = _together([Part(in_time, ""), Part(quiet, "")]), ""
    lasted = min(found.n_dated, policy.value("trigger_records")) / t.records_per_day
    if state is State.PASS and lasted < t.within_days:  # labelled at one go, they are no rate that goes on
        state, decides = State.UNKNOWN, f"scored raw records of {t.within_days} days or more"
        told += f"; but the records are of {lasted:.0f} days only, which says little of how many are checked a day"
        return _alert(t, state, told, decides, found, about)
    if state is not State.PASS and quiet is not State.FAIL:
        # how often answers are checked here is not how often they will be in production
        state, needed = State.UNKNOWN, t.needed_per_day
        decides = f"{needed:,} checked answers a day, which would ring in time" if needed else _more_records(t)
        if needed and capacity_per_day is not None and capacity_per_day < needed:
            state, decides = State.FAIL, ""
            told += (
                f"; {needed:,} checked answers a day would ring in time, and people can check {capacity_per_day:,.0f}"
            )
        elif needed:
            told += f"; {count(needed, 'checked answer')} a day would ring in time"
    return _alert(t, state, told, decides, found, about)


def _alert(t: Trigger, state: State, told: str, decides: str, found: Staleness, about: dict) -> Finding:
    return Finding(
        sentence=f"{told}.", state=state, grade=Grade.MEASURED, value=t.in_time.share, interval=t.in_time.interval,
        n=found.n_dated, unit="share", rule="alert_within", threshold=policy.value("power_of_detection"),
        decides=decides, **about,
    )  # fmt: skip


def _about(name: str, title: str, question: str, gap: str, tag: str) -> dict:
    return {"id": f"evaluation.{name}", "title": title, "questions": (question,), "gaps": (gap,), "tags": (tag,)}


def _no_trigger(found: Staleness | None, about: dict) -> Finding:
    why = found.why_not if found is not None else "no raw record is scored"
    needed = policy.value("least_trigger_records")
    return Finding(
        sentence=f"Whether an alarm would ring when accuracy falls is not known: {why}.", state=State.UNKNOWN,
        grade=Grade.ASSUMED, decides=f"{needed} or more scored raw records with their day", **about,
    )  # fmt: skip


def _tested(t: Trigger) -> str:
    return (
        f"A fall of {points(t.fall)} put into the later part rings the alarm in {_of(t.fired)} replays, and unchanged "
        f"quality rings it in {_of(t.false_alarms)}"
    )


def _rang(t: Trigger) -> str:
    if t.rang_on is None:
        return "over the records as they came it did not ring"
    return f"over the records as they came it rang on {t.rang_on}, for a fall that began about {t.fell_on}"


def _more_records(t: Trigger) -> str:
    if t.delay_records_most is None:
        return f"many more scored raw records than the {t.after:,} that followed the fall"
    return f"about {t.delay_records_most:,.0f} scored raw records after a fall, of which {t.after:,} are here"


def _rate_a_day(per_day: float) -> str:
    return f"{per_day:.1f} scored records a day" if per_day < 10 else f"{per_day:,.0f} scored records a day"


def _of(found: Rate) -> str:
    return f"{found.hits:,} of {found.n:,}"


def _caught(found: Rate) -> State:
    return judge_at_least(found.interval, policy.value("power_of_detection"))


def _quiet(found: Rate) -> State:
    return judge_at_most(found.interval, policy.value("most_false_alarms"))


def _together(parts: list[Part]) -> State:
    states = {p.state for p in parts}
    return next(s for s in (State.FAIL, State.UNKNOWN, State.PASS) if s in states)
