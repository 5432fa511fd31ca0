"""The detector 'disguised'."""

from __future__ import annotations

from realism_samples import HIT, Injection, put

INJECTION = Injection(lambda f: put(f, "name", ["N/A", "-", " unknown ", "#NV"]), "name", HIT)
