"""The detector 'secret'; keys are put together at run time, so that no scanner of repositories takes them for real."""

from __future__ import annotations

from realism_samples import HIT, NAME, Injection, put

KEYS = [
    "AK" + "IA" + "QZ7X4MPL2RTW8NBD",
    "gh" + "p_" + "a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8",
    "pass" + "word: " + f"{NAME}2024",
]
INJECTION = Injection(lambda f: put(f, "text", [f"I used {k} here" for k in KEYS]), "text", HIT)
