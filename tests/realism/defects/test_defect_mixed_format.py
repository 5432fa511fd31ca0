"""The detector 'mixed_format'."""

from __future__ import annotations

from realism_samples import HIT, Injection, put

INJECTION = Injection(lambda f: put(f, "amount", ["12,50", "1.5E+02", "12.50 EUR"]), "amount", HIT)
