"""What keeps a good figure from being believed, why a side cannot be scored, and what is missing."""

from __future__ import annotations

from functools import reduce

from flightready import policy
from flightready.assessment import Pilot
from flightready.evaluation.labels.result import Drawn
from flightready.evaluation.scoring import Scored
from flightready.evaluation.shares.accuracy import Accuracy
from flightready.evaluation.tasks import lacking
from flightready.evidence import Absence
from flightready.realism.inspection import Inspection
from flightready.realism.rules import DRAWN_BY_CHANCE
from flightready.realism.sample import Sample


def held_back(sample: Sample, raw: Scored | None, labelling: Drawn | None) -> str:
    """Why a good figure may still mislead: too few records, a chosen part of them labelled, or the demo's own."""
    if raw is None or sample.raw is None:
        return ""
    n, counted, needed = len(raw), raw.counted, policy.value("least_raw_records")
    if n < needed:
        return f"{n:,} scored records are fewer than the {needed} that are needed"
    unlabelled = counted.unlabelled / max(1, counted.unlabelled + n)
    most = policy.value("most_unlabelled_share")
    if labelling is not None and labelling.is_random:  # chance chose which records were to be labelled
        without = labelling.n - labelling.labelled
        if without > most * labelling.n:
            return f"{without:,} of {labelling.n:,} records drawn for labelling carry no label"
    elif unlabelled > most:
        return f"{counted.unlabelled:,} raw records carry no right answer, and nothing says how the others were chosen"
    shared = _shared_with_demo(sample)
    if shared > policy.value("most_overlap_share") * len(sample.raw):
        return f"{shared:,} raw records are records of the demo set"
    return ""


def not_by_chance(pilot: Pilot) -> str:
    """Why a drop measured on these records may not be that of production (for accuracy, realism says so itself)."""
    sampling = pilot.spec.data.sampling
    if sampling is None:
        return "how the raw records were drawn is not said"
    return "" if sampling.method in DRAWN_BY_CHANCE else "the raw records were not drawn by chance alone"


def _shared_with_demo(sample: Sample) -> int:
    """Raw records whose text, or else whose id, stands in the demo set too."""
    for columns in (sample.columns.text, [sample.columns.id]):
        known = [c for c in columns if c and c in sample.raw.frame.columns]
        if sample.curated is not None and known and set(known) <= set(sample.curated.frame.columns):
            demo, raw = (
                reduce(lambda a, b: a.str.cat(b, sep="\x1f"), (side.frame[c].fillna("") for c in known))
                for side in (sample.curated, sample.raw)
            )
            return int((raw.isin(set(demo)) & (raw.str.strip("\x1f ") != "")).sum())
    return 0


def why_not_scored(pilot: Pilot, inspection: Inspection) -> str:
    """Why no raw record could be scored."""
    if inspection.sample.raw is None:
        return "there are no raw records"
    missing = lacking(pilot, inspection, "raw")
    if "labels" in missing:
        return f"the raw records carry no {'ratings' if pilot.spec.evaluation.task == 'scored' else 'right answers'}"
    if "predictions" in missing:
        return "the raw records carry no answers of the pilot"
    return "no raw record carries both a right answer and the pilot's"


def absences(
    pilot: Pilot, inspection: Inspection, raw: Accuracy | None, curated: Accuracy | None
) -> tuple[Absence, ...]:
    """Return what the evaluation lacks."""
    keys = []
    if inspection.sample.curated is None and curated is None:
        keys.append("curated")
    if raw is None:
        if inspection.sample.raw is None:
            keys.append("production")
        else:
            keys += lacking(pilot, inspection, "raw") or ("labels",)
    known, spec = policy.absences(), pilot.spec.evaluation
    if "floor" in known and (spec.floor.accuracy is None or spec.allowed_drop is None):
        keys.append("floor")
    return tuple(known[key] for key in keys)
