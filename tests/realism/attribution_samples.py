"""An attribution as a result, for the tests of its sentences, chart and pages."""

from __future__ import annotations

from dataclasses import replace

from flightready.evaluation.attribution.attribution_result import AttributedPart, Attribution, Valued
from flightready.evidence import Interval, State

EMPTY = AttributedPart(
    detectors=(), name="", kind="defect", n_raw=0, n_curated=0, share_raw=0.0, share_curated=0.0, wrong_with=0,
    points=0.0, interval=None, simultaneous=None, composition=None, rate=None, is_attributed=False,
    state=State.UNKNOWN, why="it may be nothing", rows_needed=None, worth=Valued(),
)  # fmt: skip
WORTH = Valued(119_000.0, Interval(66_100.0, 251_000.0), 252_000.0, Interval(122_000.0, 551_000.0))
SHOWN = replace(
    EMPTY, name="broken characters", n_raw=128, wrong_with=72, points=0.036, interval=Interval(0.026, 0.046),
    simultaneous=Interval(0.02, 0.052), is_attributed=True, state=State.FAIL, why="", worth=WORTH, repair="mend it",
)  # fmt: skip
WIDE = replace(EMPTY, name="near copies", points=0.004, simultaneous=Interval(-0.0004, 0.012), rows_needed=979)
THIN = replace(EMPTY, name="late records", wrong_with=1, why="1 wrong answer with it, 10 are needed", rows_needed=1)
REST = replace(
    EMPTY,
    kind="unexplained",
    name="unexplained",
    points=0.005,
    simultaneous=Interval(-0.01, 0.02),
    why="it may be nothing",
)
FOUND = Attribution(
    of="drop", total=0.045, interval=Interval(0.02, 0.07), n_raw=1161, n_curated=600, raw_accuracy=0.855,
    curated_accuracy=0.9, parts=(SHOWN, WIDE, THIN, REST), covariates=("class",), method="A way.", replicates=1000,
    n_clusters=1761, currency="USD",
)  # fmt: skip
