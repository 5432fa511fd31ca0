"""The detector 'encoding'."""

from __future__ import annotations

from realism_samples import HIT, NAME, Injection, put

INJECTION = Injection(lambda f: put(f, "text", [f"{NAME} NÃ®mes", "caf\ufffd", "a &eacute; b", "a\x07b"]), "text", HIT)
