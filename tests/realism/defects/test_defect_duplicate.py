"""The detector 'duplicate'."""

from __future__ import annotations

from realism_samples import HIT, Injection, copied

from flightready.realism.detector import RECORD

INJECTION = Injection(copied, RECORD, [r + 200 for r in HIT])
