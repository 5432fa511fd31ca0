"""Joint shift: records as a whole are not those of the demo set, even where every column by itself may be."""

from __future__ import annotations

from flightready.realism.detector import RECORD, Detection, detector
from flightready.realism.inspection import Inspection
from flightready.realism.joint import Joint, joint_shift
from flightready.realism.outcome import Effect

AREA = "share of pairs in which a classifier ranks the raw record higher"
_GUESSING = 0.5
_MOST_NAMED = 3


@detector(
    "shift_joint", name="records unlike those of the demo set", place=42, kind="shift",
    repair="take demo records from production, so that values occur together as they do there, and score them again",
)  # fmt: skip
def find(inspection: Inspection) -> dict[str, Detection]:
    """Let a classifier tell the sides apart on records that it never saw."""
    if inspection.sample.raw is None or inspection.sample.curated is None:
        return {}
    joint = joint_shift(inspection)
    if joint is None:
        return {}
    return {RECORD: Detection(p_value=joint.p_value, effect=Effect(AREA, joint.area, joint.interval, _GUESSING),
                              told=_told(joint))}  # fmt: skip


def _told(joint: Joint) -> str:
    if not joint.carriers:
        return "a classifier tells raw from demo records no better than chance would"
    names = " and ".join(repr(c) for c in joint.carriers[:_MOST_NAMED])
    return f"a classifier tells raw from demo records in {100 * joint.area:.0f} of 100 pairs, by {names}"
