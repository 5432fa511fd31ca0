"""Data realism in sentences: what raw records are like, how sure that is, and what it means for the decision."""

from __future__ import annotations

from collections.abc import Iterable

from flightready import policy
from flightready.intervals import clopper_pearson
from flightready.narrative.telling import open_question
from flightready.realism.detector import RECORD
from flightready.realism.kinds import Kind
from flightready.realism.outcome import Defect, Rate
from flightready.realism.result import ColumnProfile, Completeness, RealismResult
from flightready.realism.time_span import Coverage
from flightready.wording import count, interval, points, share

_WORDS = (Kind.TEXT, Kind.FREE_TEXT, Kind.CATEGORY)
_IN_NAMES = {RECORD: "whole records"}
TOLD_WITH_EVENTS = ("time_gap", "stale", "sequence_gap")
"""Detectors whose facts are told with the timeline of events."""


def answer(result: RealismResult) -> tuple[str, ...]:
    """Say in a few sentences whether raw data is what the pilot was shown on."""
    if not result.n_raw:
        return (
            "Cannot tell yet: there are no raw records, so nothing is known about the data of production."
            if result.n_curated
            else "Cannot tell yet: there are no records at all.",
        )
    parts = (_opening(result), _leaked(result), to_mend(result), incomplete(result), coverage(result))
    return tuple(s for s in parts if s)


def _opening(result: RealismResult) -> str:
    found = result.found()
    if not found:
        return f"In {count(result.n_raw, 'raw record')} no defect of the kinds that are looked for was found."
    worse = result.worse()
    if not result.n_curated:
        most = "; the most frequent" if len(found) > 1 else ""
        return (
            f"In {count(result.n_raw, 'raw record')} {count(len(found), 'defect')} in {places(found)} "
            f"{'occurs' if len(found) == 1 else 'occur'}{most}: {named(found[0])} "
            f"({rate(found[0].rate)}). There is no demo set to compare with."
        )
    if not worse:
        return f"In {count(result.n_raw, 'raw record')} nothing is shown to be worse than in the demo set."
    return (
        f"Raw data is not the data that the demo ran on: {count(len(worse), 'defect')} in "
        f"{places(worse)} {'is' if len(worse) == 1 else 'are'} more frequent than in the "
        "demo set, beyond "
        f"chance. The largest: {named(worse[0])} ({share(worse[0].raw.share)} against {share(worse[0].curated.share)})."
    )


def _leaked(result: RealismResult) -> str:
    """Say that raw records are the demo set's own, where they are many."""
    found = next((d.raw for d in result.defects if d.detector == "overlap" and d.raw and d.raw.hits), None)
    if found is None or found.share <= policy.value("most_overlap_share"):
        return ""
    verb = "is" if found.hits == 1 else "are"
    return (
        f"{found.hits:,} of {count(found.n, 'raw record')} {verb} in the demo set too: such a sample repeats the demo "
        "instead of testing it."
    )


def places(found: Iterable[Defect]) -> str:
    """Say in how many columns defects are, and whether they are in whole records too: one count for all sentences."""
    held = {d.column for d in found}
    columns = len(held - {RECORD})
    told = [count(columns, "column")] * bool(columns) + ["whole records"] * (RECORD in held)
    return " and in ".join(told)


def to_mend(result: RealismResult) -> str:
    """Say how many raw records need some repair; empty where none does."""
    affected = sum(r.added for r in result.repairs)
    if not affected:
        return ""
    ends = clopper_pearson(affected, result.n_raw)
    need = "needs" if result.n_raw == 1 else "need"
    return (
        f"{share(affected / result.n_raw)} of {count(result.n_raw, 'raw record')} {need} some repair (nine times in "
        f"ten {interval(ends.low, ends.high, share)})."
    )


def optional_note(result: RealismResult, defect: Defect) -> str:
    """Say of an empty value that it is none to mend, because its column is often empty; else nothing."""
    left_out = result.completeness.left_out if result.completeness else ()
    if defect.detector == "missing" and defect.column in left_out:
        return "often empty, so taken as optional"
    return ""


def shares_note() -> str:
    """Say of what the shares of defects are shares."""
    return "Each share is of the values that are there to look at, so their number differs from column to column."


def named(defect: Defect) -> str:
    """Name a defect with its column.

    For example: missing values in 'body'.
    """
    return f"{defect.name} in {_IN_NAMES.get(defect.column, repr(defect.column))}"


def rate(found: Rate) -> str:
    """Write a rate with its interval, or what none in so many means."""
    if not found.n:
        return "no record to look at"
    if not found.hits:
        return f"none in {found.n:,}: at most {share(found.interval.high)}"
    return f"{share(found.share)}, nine times in ten {interval(found.interval.low, found.interval.high, share)}"


def incomplete(result: RealismResult) -> str:
    """Say how many raw records miss at least one value, and where most."""
    found = result.completeness
    if found is None or not found.overall.n:
        return ""
    if not found.overall.hits:
        told = f"No raw record misses a value (of {found.overall.n:,}: at most {share(found.overall.interval.high)})"
        return f"{told}{_left_out(found)}."
    told = (
        f"{share(found.overall.share)} of {count(found.overall.n, 'raw record')} miss at least one "
        "value, empty or disguised "
        f"(nine times in ten {interval(found.overall.interval.low, found.overall.interval.high, share)})"
    )
    if len(found.by_system) > 1:
        worst = max(found.by_system, key=lambda s: found.by_system[s].share)
        told += f"; most in '{worst}' ({share(found.by_system[worst].share)})"
    return f"{told}{_left_out(found)}."


def _left_out(found: Completeness) -> str:
    if not found.left_out:
        return ""
    return f". Not counted, because often empty and so taken as optional: {', '.join(found.left_out)}"


def coverage(result: RealismResult) -> str:
    """Say what time the raw records cover."""
    found = result.coverage
    if found is None:
        return (
            "No date can be read in the raw records, so the time that they cover is not known." if result.n_raw else ""
        )
    if found.n_ambiguous > policy.value("most_ambiguous_share") * found.n_dated:
        return "Most dates could be read day first or month first, so the time that they cover is not known."
    if found.days == 1:
        return f"They are all of one day, {found.first}."
    told = f"They cover {count(found.days, 'day')}, from {found.first} to {found.last}"
    told += (
        f", with {count(len(found.empty_months), 'empty month')}" if found.empty_months else ", without an empty month"
    )
    return told + "."


def map_meaning(result: RealismResult) -> str:
    """Say what the heat map means for the decision."""
    found, worse = result.found(), result.worse()
    if not found:
        return (
            "Nothing to repair was found; what is not looked for (such as wrong but well-formed values) may "
            "still be there."
        )
    if not result.n_curated:
        return (
            "Counts are facts about these records. Whether the pilot was built on data like this cannot be "
            "said without the "
            "demo set."
        )
    unsure = len([d for d in found if d.worse is False])
    told = (
        f"{count(len(worse), 'cell')} of the map {'is' if len(worse) == 1 else 'are'} worse than the "
        "demo set beyond chance"
    )
    if unsure:
        told += (
            f"; {count(unsure, 'further cell')} {'holds' if unsure == 1 else 'hold'} a defect that is not "
            "shown to be more frequent"
        )
    budget = policy.value("false_discovery_budget")
    return f"{told}. On average at most {share(budget)} of the differences called worse are chance."


def worst_meaning(result: RealismResult) -> str:
    """Say what the worst column means."""
    found = result.worse() or result.found()
    if not found:
        return "There is no defect to compare."
    first = found[0]
    where = [s for s, r in first.by_system.items() if r.hits]
    told = f"{named(first)[0].upper()}{named(first)[1:]}: {rate(first.rate)}"
    if first.difference is not None:
        told += f"; {points(first.difference)} more than in the demo set"
    if first.difference_interval is not None:
        low, high = (100 * end for end in (first.difference_interval.low, first.difference_interval.high))
        told += f" (nine times in ten {low:.1f} to {high:.1f} points)"
    if len(result.systems) > len(where) > 0:
        told += f"; only in {', '.join(repr(s) for s in where)}"
    return f"{told}. What mends it: {first.repair}."


def nothing_noted(result: RealismResult) -> str:
    """Say that nothing was seen beyond single records."""
    if not result.n_raw:
        return "There are no raw records to look at."
    if not result.n_curated:
        return "Without a demo set nothing can be said to have shifted; no column or file stands out by itself."
    return "No column is shown to be distributed otherwise than in the demo set, and no file or column stands out."


def months_meaning(result: RealismResult) -> str:
    """Say what the records by month mean."""
    found = result.coverage
    if found is None:
        return coverage(result)
    needed = policy.value("least_coverage")
    told = [f"The raw sample covers {count(found.days, 'day')}; a year ({needed} days) shows every season once."]
    if found.empty_months:
        told.append(f"Without a record: {', '.join(found.empty_months)}.")
    if found.n_undated:
        told.append(f"{count(found.n_undated, 'record')} {_have(found.n_undated)} no date that can be read.")
    if found.n_ambiguous:
        told.append(_open_order(found))
    if found.n_future:
        told.append(
            f"{count(found.n_future, 'date')} {'lies' if found.n_future == 1 else 'lie'} after the day of "
            "the assessment."
        )
    told.append(f"The last record is {count(found.age_days, 'day')} old.")
    if found.n_far:
        left = "is" if found.n_far == 1 else "are"
        told.append(f"{count(found.n_far, 'date')} far from all others {left} left out of this span.")
    return " ".join(told)


def _open_order(found: Coverage) -> str:
    """Say which dates could be read in two ways, and why nothing settles it."""
    held = f"{count(found.n_ambiguous, 'date')} {'stays' if found.n_ambiguous == 1 else 'stay'} open and "
    why = "; ".join(found.notes) or "Day and month could change places"
    return f"{why[0].upper()}{why[1:]}; {held}{'was' if found.n_ambiguous == 1 else 'were'} read day first."


def events_meaning(result: RealismResult) -> str:
    """Say what the timeline of events means: order, copies, dates that cannot be, and silences."""
    found = result.events
    if found is None:
        return "No raw record carries a date, so nothing can be said about when records came in."
    late, slipped, again = (sum(map(sum, of.values())) for of in (found.late, found.out_of_order, found.duplicated))
    told = []
    if late:
        told.append(f"{count(late, 'record')} came days late: figures of a period change after it has ended.")
    if slipped:
        told.append(
            f"{count(slipped, 'record')} {'stands' if slipped == 1 else 'stand'} behind newer ones; whatever depends "
            "on the order has to sort first."
        )
    if again:
        told.append(f"{count(again, 'record')} {'was' if again == 1 else 'were'} sent more than once.")
    if wrong := sum(found.future.values()):
        told.append(f"{count(wrong, 'date')} {'lies' if wrong == 1 else 'lie'} in the future or decades off.")
    told += [f"{o.sentence[0].upper()}{o.sentence[1:]}." for d in result.observed() if d.detector in TOLD_WITH_EVENTS
             for o in d.observations]  # fmt: skip
    if not told:
        told.append("Nothing was found wrong with the way that events came in.")
    unsaid = next((d.told for d in result.defects if d.detector == "late" and d.told), "")
    return " ".join([*told, *([f"{unsaid[0].upper()}{unsaid[1:]}."] if unsaid else [])])


def _have(n: int) -> str:
    return "has" if n == 1 else "have"


def sources_meaning(result: RealismResult) -> str:
    """Say how the files came."""
    if not result.sources:
        return "No file of records is named."
    bad = sum(s.malformed for s in result.sources if s.side == "raw")
    ways = {(s.format, s.encoding, s.delimiter) for s in result.sources if s.side == "raw"}
    told = "There is one raw file."
    if len(result.systems) > 1:
        told = f"{count(len(result.systems), 'raw system')} in {count(len(ways), 'way')} of writing."
    if bad:
        does, they = ("does", "it is") if bad == 1 else ("do", "they are")
        told += f" {count(bad, 'raw row')} {does} not parse; {they} counted, and kept out of the figures on columns."
    lacking, extra = result.columns_lacking, result.columns_extra
    if lacking:
        told += f" In the demo set only: {', '.join(lacking)}."
    if extra:
        told += f" In raw data only: {', '.join(extra)}."
    return told


def formats_meaning(result: RealismResult) -> str:
    """Say where systems write the same column in different ways; nothing where there is one system."""
    if len(result.systems) < 2:
        return ""
    differing = [p.column for p in result.profiles if p.kind not in _WORDS and _differs(p)]
    if not differing:
        return "Where several systems have a column, they write it the same way."
    return f"Systems write {', '.join(repr(c) for c in differing)} in different ways; one reader has to know them all."


def _differs(profile: ColumnProfile) -> bool:
    """Whether the way that one system writes mostly is none of the leading ways of another."""
    forms = [f for f in profile.formats.values() if f]
    return any(one[0] not in other for one in forms for other in forms)


def certainty(result: RealismResult) -> tuple[str, ...]:
    """Say how sure the figures are."""
    if not result.n_raw:
        return ("There are no raw records to be sure about.",)
    clean = [
        d for d in result.defects if d.raw and d.raw.n >= policy.value("least_records_of_a_bound") and not d.raw.hits
    ]
    told = [
        f"Every share is a count over those of {count(result.n_raw, 'raw record')} that have the value to look at, "
        "with an exact interval that holds nine times in ten.",
    ]
    if clean:
        bound = max(clean, key=lambda d: d.raw.interval.high)
        told.append(
            f"None seen is not none there: where no record was affected, at most {share(bound.raw.interval.high)} of "
            "production may be."
        )
    if result.n_curated:
        told.append(
            "A column is called worse only when the difference survives a correction for the number of comparisons "
            f"({count(len([d for d in result.defects if d.p_value is not None]), 'comparison')})."
        )
    if nearest := open_question(result):
        told.append(nearest)
    if any(a.key == "sampling" for a in result.absences):
        told.append(
            "How the records were drawn is not said; the figures hold for these records, not surely for production."
        )
    return tuple(told)


def change(result: RealismResult) -> tuple[str, ...]:
    """Say what would change the answer."""
    told = [f"{f.title}: {f.decides}." for f in result.findings if f.decides]
    if result.repairs:
        told.append(f"Mended data, in the order of 'What to repair first': {result.repairs[0].repair}.")
    return tuple(told) or ("Nothing that is missing would change it; a newer sample would.",)


def examples_note() -> str:
    """Say how examples are shown."""
    return (
        "Letters are shown as a or A and digits as 9, so that nobody's data appears here; file and line "
        "say where the real value "
        "stands. Words that stand for nothing, such as N/A, are shown as they are."
    )
