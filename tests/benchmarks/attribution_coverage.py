"""How often the intervals of the attribution hold the truth of the sample's generator, over many samples.

The generator says which defects it put into which record and by how many points each lowers the chance of a right
answer, down to a floor. The truth of a kind of defect is its Shapley average over that on/off counterfactual: the mean,
over the orders in which the defects of a record could be taken away, of what taking this one away gives. It is
enumerated exactly for each record and averaged over all samples, because each sample is a draw of what is generated.
"""

from __future__ import annotations

import datetime as dt
import json
import tempfile
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import cache
from math import factorial
from pathlib import Path

import numpy as np
from ruamel.yaml import YAML
from sharpness import MEANT, SAMPLE_DATA, make  # puts the folder of the samples on the path

from making.calendar_times import TicketNumbers  # isort: skip
from making.config import DISGUISED_POINTS, KINDS, MISSING_POINTS, MODEL, TEAMS  # isort: skip
from making.streams import Dice  # isort: skip
from making.systems import SYSTEM_SIZES, make_raw  # isort: skip
from making.tickets import Defect, Ticket, predict_raw  # isort: skip
from making.wording import Fresh  # isort: skip

from flightready.assessment import load
from flightready.evaluation.attribution.decomposition import Records
from flightready.evaluation.attribution.observed import attribute
from flightready.evaluation.attribution.split import Split
from flightready.evaluation.scored_sample import scored_sample
from flightready.intervals import newcombe
from flightready.realism.inspection import inspected
from flightready.realism.sources import read_sample

NOT_SCORED = {"does_not_parse", "exact_duplicate"}
KIND_NAMES = tuple(kind for kind in MEANT if kind not in NOT_SCORED)
DETECTORS = {MEANT[kind]: [k for k in KIND_NAMES if MEANT[k] == MEANT[kind]] for kind in KIND_NAMES}
ANY = "any column"
PARTS = 64  # equal parts of the distribution of the pilot's confidence, over which the truth is averaged
REPLICATES = 400  # fewer than the product takes, for time; ends that scatter more cover a little less


@dataclass
class Tickets:
    """One generated sample: the demo set, and all raw records by system in file order."""

    seed: int
    curated: list[Ticket]
    raw: dict[str, list[Ticket]]

    def scored(self) -> list[Ticket]:
        """Raw records that parse and repeat none."""
        return [t for tickets in self.raw.values() for t in tickets if not t.kinds() & NOT_SCORED]


def tickets(seed: int, n: int, *, harmless: bool = False) -> Tickets:
    """Generate a sample with so many raw records; more than the generator makes at once are drawn from several runs.

    Parameters
    ----------
    seed, n : int
    harmless : bool
        No defect has an effect; the answers are generated anew.
    """
    whole = sum(SYSTEM_SIZES.values())
    numbers, texts = TicketNumbers(), Fresh()
    curated = make.make_curated(seed, numbers, texts)
    runs = [make_raw(100_000 * i + seed, numbers, texts) for i in range(-(-n // whole))]
    raw = {s: sorted((t for r in runs for t in r[s]), key=lambda t: (t.arrived, t.ticket_id)) for s in SYSTEM_SIZES}
    if n < whole * len(runs):
        places = [(s, i) for s, mine in raw.items() for i in range(len(mine))]
        rng = np.random.default_rng([seed, n])
        drawn = {places[i] for i in rng.choice(len(places), n, replace=False)}
        raw = {s: [t for i, t in enumerate(mine) if (s, i) in drawn] for s, mine in raw.items()}
    if harmless:
        dice = Dice(seed, "harmless")
        for ticket in (t for mine in raw.values() for t in mine):
            for defect in ticket.defects:
                defect.points = 0.0
            predict_raw(dice, ticket)
    return Tickets(seed, curated, raw)


# --- the truth ---------------------------------------------------------------------------------------------


def shapley_values(worth: Callable[[frozenset[int]], float], n: int) -> list[float]:
    """Return the Shapley value of each of n members, from the worth of every set of them."""
    found = []
    for i in range(n):
        others = [j for j in range(n) if j != i]
        total = 0.0
        for chosen in range(1 << len(others)):
            members = frozenset(j for place, j in enumerate(others) if chosen >> place & 1)
            weight = factorial(len(members)) * factorial(n - len(members) - 1) / factorial(n)
            total += weight * (worth(members | {i}) - worth(members))
        found.append(total)
    return found


@cache
def lost(points: tuple[float, ...]) -> tuple[float, ...]:
    """Return what each defect of one record costs in chance of a right answer, given the points it was meant to cost.

    Averaged over how sure the pilot is, in whose place the record starts above the floor.
    """
    said = np.minimum(MODEL.top, ((np.arange(PARTS) + 0.5) / PARTS) ** (1 / MODEL.confidence_power))
    start = MODEL.curated_accuracy - MODEL.unexplained_shift + MODEL.raw_spread * (said - MODEL.curated_accuracy)
    room = start - MODEL.floor

    def worth(on: frozenset[int]) -> float:
        return float(np.minimum(sum(points[i] for i in on) / 100, room).mean())

    return tuple(shapley_values(worth, len(points)))


def meant_points(defect: Defect) -> float:
    """Points of a defect before the generator shrank them at the floor."""
    by_column = {"missing": MISSING_POINTS, "disguised_null": DISGUISED_POINTS}.get(defect.kind)
    return by_column[defect.column] if by_column else KINDS[defect.kind].points


def truth(records: Iterable[Ticket]) -> np.ndarray:
    """Return what each kind costs over these records together, shape (kinds,)."""
    total = np.zeros(len(KIND_NAMES))
    for ticket in records:
        known = [d for d in ticket.defects if d.kind in KIND_NAMES]
        for defect, cost in zip(known, lost(tuple(meant_points(d) for d in known)), strict=True):
            total[KIND_NAMES.index(defect.kind)] += cost
    return total


# --- one attribution ---------------------------------------------------------------------------------------


@dataclass
class Seen:
    """What one attribution said of each defect: NaN where it was not judged.

    `attributed` holds those whose simultaneous interval excludes zero; `truth` is the sum over `n` records.
    """

    points: np.ndarray
    low: np.ndarray
    high: np.ndarray
    joint_low: np.ndarray
    joint_high: np.ndarray
    truth: np.ndarray
    n: int
    rest_attributed: bool = False

    @property
    def attributed(self) -> np.ndarray:
        return (self.joint_low > 0) | (self.joint_high < 0)


PLACES = tuple(
    (kind, column)
    for kind in KIND_NAMES
    for column in ({"missing": MISSING_POINTS, "disguised_null": DISGUISED_POINTS}.get(kind) or (ANY,))
)
"""Kinds by column: what a missing value costs depends on where it is missing; the other kinds have one effect each."""
OWNER = np.array([KIND_NAMES.index(kind) for kind, _ in PLACES])


def carries(ticket: Ticket, kind: str, column: str) -> bool:
    """Whether a record carries a kind of defect in a column."""
    return any(d.kind == kind and column in (d.column, ANY) for d in ticket.defects)


def numbers_of(records: Sequence[Ticket], *, is_raw: bool) -> Records:
    """Records with the recorded kinds by column as flags, teams as mix, and systems as controls on the raw side."""
    flags = np.array([[bool(t.defects) and carries(t, *place) for place in PLACES] for t in records], dtype=bool)
    team = np.array([[t.team == name for name in TEAMS[1:]] for t in records], dtype=float)
    system = np.array([[t.system == name for name in list(SYSTEM_SIZES)[1:]] for t in records], dtype=float)
    system = system - system.mean(axis=0) if is_raw else 0 * system
    wrong = np.array([not t.right for t in records], dtype=float)
    return Records(wrong, flags, team, system, np.arange(len(records)))


def recorded(sample: Tickets) -> Seen:
    """Attribute with the kinds that the generator recorded."""
    raw = sample.scored()
    split = Split.of(
        numbers_of(raw, is_raw=True), numbers_of(sample.curated, is_raw=False),
        owner=OWNER, replicates=REPLICATES, rng=np.random.default_rng([sample.seed, len(raw)]),
    )  # fmt: skip
    k = len(KIND_NAMES)
    ends = [_ends([split.interval(j, joint=joint) for j in range(k)]) for joint in (False, True)]
    points = np.where(split.judged[:k], split.found.parts[:k], np.nan)
    rest = any(split.is_attributed(j) for j in (k, k + 1))
    return Seen(points, *ends[0], *ends[1], truth(raw), len(raw), rest)


def detected(sample: Tickets) -> Seen:
    """Attribute with what the detectors find, through files as a pilot has them."""
    with tempfile.TemporaryDirectory() as folder:
        for name, content in make.build_records(sample.seed, sample.curated, sample.raw).items():
            (Path(folder) / name).write_bytes(content)
        (Path(folder) / "assessment.yaml").write_text(_assessment(), encoding="utf-8")
        pilot = load(Path(folder))
        inspection = inspected(pilot, read_sample(pilot), as_of=dt.date(2026, 10, 15))
        found = attribute(scored_sample(pilot, inspection))
    parts = {d: p for p in found.defects for d in p.detectors if len(p.detectors) == 1}
    mine = [parts.get(d) for d in DETECTORS]
    judged = [p if p is not None and p.interval is not None else None for p in mine]
    points = np.array([np.nan if p is None else p.points for p in judged])
    ends = [_ends([None if p is None else getattr(p, name) for p in judged]) for name in ("interval", "simultaneous")]
    whole = truth(sample.scored())
    summed = np.array([sum(whole[KIND_NAMES.index(k)] for k in kinds) for kinds in DETECTORS.values()])
    rest = any(p.is_attributed for p in found.parts if p.kind != "defect")
    return Seen(points, *ends[0], *ends[1], summed, found.n_raw, rest)


def _ends(intervals: Sequence) -> tuple[np.ndarray, np.ndarray]:
    return tuple(np.array([np.nan if i is None else getattr(i, end) for i in intervals]) for end in ("low", "high"))


def _assessment() -> str:
    spec = YAML(typ="safe").load((SAMPLE_DATA / "support_triage" / "assessment.yaml").read_text(encoding="utf-8"))
    kept = {key: spec[key] for key in ("name", "seed", "data", "evaluation")}
    return json.dumps(kept, default=str)


# --- many of them ------------------------------------------------------------------------------------------


@dataclass
class Coverage:
    """How often intervals hold the truth.

    Parameters
    ----------
    names : tuple of str
        Kinds of defect, or detectors.
    seen : list of Seen
    """

    names: tuple[str, ...]
    seen: list[Seen] = field(default_factory=list)

    @property
    def truth(self) -> np.ndarray:
        """Mean cost of each in all samples, a share."""
        return sum(s.truth for s in self.seen) / sum(s.n for s in self.seen)

    def stacked(self, name: str) -> np.ndarray:
        """One figure of all samples, shape (samples, names)."""
        return np.array([getattr(s, name) for s in self.seen])

    def holds(self) -> np.ndarray:
        """Whether each judged interval holds the truth; NaN where it was not judged."""
        low, high = self.stacked("low"), self.stacked("high")
        return np.where(np.isnan(low), np.nan, (low <= self.truth) & (self.truth <= high))

    @property
    def pooled(self) -> float:
        """Share of all judged intervals that hold the truth."""
        return float(np.nanmean(self.holds()))

    @property
    def often_judged(self) -> float:
        """The same over defects that are judged in nine samples of ten: there, being judged says nothing of chance."""
        return float(np.nanmean(self.holds()[:, self.judged_share() >= 0.9]))

    def judged_share(self) -> np.ndarray:
        """Share of samples in which each is judged."""
        return 1 - np.isnan(self.stacked("low")).mean(axis=0)

    @property
    def together(self) -> float:
        """Share of samples in which all simultaneous intervals hold the truth."""
        low, high = self.stacked("joint_low"), self.stacked("joint_high")
        return float((np.isnan(low) | ((low <= self.truth) & (self.truth <= high))).all(axis=1).mean())

    @property
    def falsely(self) -> float:
        """Share of samples in which anything without an effect is attributed."""
        return float((self.stacked("attributed") & (self.truth == 0)).any(axis=1).mean())

    def table(self) -> str:
        """Every defect by itself, for reading."""
        points, holds, judged = self.stacked("points"), self.holds(), self.judged_share()
        shown = self.stacked("attributed").mean(axis=0)
        lines = [f"{'':24}{'truth':>7}{'mean':>7}{'spread':>8}{'width':>7}{'judged':>8}{'covered':>9}{'shown':>7}"]
        for j, name in enumerate(self.names):
            if not judged[j]:
                lines.append(f"{name:24}{100 * self.truth[j]:7.2f}   never judged")
                continue
            width = np.nanmean(self.stacked("high")[:, j] - self.stacked("low")[:, j])
            figures = (100 * np.nanmean(points[:, j]), 100 * np.nanstd(points[:, j]), 100 * width)
            lines.append(
                f"{name:24}{100 * self.truth[j]:7.2f}{figures[0]:7.2f}{figures[1]:8.2f}{figures[2]:7.2f}"
                f"{judged[j]:8.0%}{np.nanmean(holds[:, j]):9.1%}{shown[j]:7.0%}"
            )
        lines.append(
            f"pooled {self.pooled:.1%}; defects judged in nine samples of ten {self.often_judged:.1%}; all at once "
            f"{self.together:.1%}; something without effect attributed in {self.falsely:.1%} of {len(self.seen)} samples"
        )
        return "\n".join(lines)


def covered(samples: int, n: int, *, first_seed: int, flags: str = "recorded", harmless: bool = False) -> Coverage:
    """Attribute many samples with the recorded or the detected flags.

    Parameters
    ----------
    samples, n, first_seed : int
    flags : str
        recorded or detected.
    harmless : bool
        No defect has an effect.
    """
    made = (tickets(first_seed + i, n, harmless=harmless) for i in range(samples))
    seen = [recorded(s) if flags == "recorded" else detected(s) for s in made]
    if harmless:
        for one in seen:
            one.truth = np.zeros_like(one.truth)
    return Coverage(KIND_NAMES if flags == "recorded" else tuple(DETECTORS), seen)


@dataclass(frozen=True)
class Halves:
    """What was claimed of two random halves of one set, as shares of the runs: there is no drop between them."""

    runs: int
    drop_claimed: float
    defect_attributed: float
    rest_attributed: float


def halves(runs: int, *, first_seed: int) -> Halves:
    """Split the raw records of many samples in two at random, and take one half for the demo set."""
    claims = np.zeros((runs, 3))
    for i in range(runs):
        sample = tickets(first_seed + i, sum(SYSTEM_SIZES.values()))
        records = sample.scored()
        rng = np.random.default_rng([first_seed, i])
        order = rng.permutation(len(records))
        raw, demo = ([records[j] for j in part] for part in np.array_split(order, 2))
        sides = [numbers_of(side, is_raw=is_raw) for side, is_raw in ((raw, True), (demo, False))]
        split = Split.of(*sides, owner=OWNER, replicates=REPLICATES, rng=rng)
        right = [(sum(t.right for t in side), len(side)) for side in (demo, raw)]
        k = len(KIND_NAMES)
        claims[i] = (
            newcombe(*right[0], *right[1]).low > 0,
            any(split.is_attributed(j) for j in range(k)),
            any(split.is_attributed(j) for j in (k, k + 1)),
        )
    return Halves(runs, *(float(c) for c in claims.mean(axis=0)))
