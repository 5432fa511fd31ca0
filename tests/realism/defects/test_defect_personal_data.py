"""The detector 'personal_data'."""

from __future__ import annotations

from realism_samples import HIT, NAME, Injection, put

PEOPLE = [
    f"{NAME}.x@mail.example",
    "ring +49 30 23125 199",
    "paid with 4111 1111 1111 1111",
    "DE89 3704 0044 0532 0130 00",
]
INJECTION = Injection(lambda f: put(f, "text", [f"please help, {p}" for p in PEOPLE]), "text", HIT)
