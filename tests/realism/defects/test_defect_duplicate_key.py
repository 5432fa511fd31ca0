"""The detector 'duplicate_key'."""

from __future__ import annotations

from realism_samples import HIT, NAME, Injection, copied

INJECTION = Injection(lambda f: copied(f, name=f"{NAME} X"), "id", [r + 200 for r in HIT])
