"""The detector 'new_format'."""

from __future__ import annotations

from realism_samples import HIT, NAME, Injection, put

INJECTION = Injection(lambda f: put(f, "category", [f"#{NAME} 7", "R-12"]), "category", HIT)
