"""What the review says of personal data in the records: none, or the kinds that they hold."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, WithJsonSchema

from flightready.errors import InputError, listed, nearest

PERSONAL_KINDS = (
    "mail", "phone", "card", "iban", "ip", "ssn", "name", "address", "birth_date", "health", "other",
)  # fmt: skip
"""Kinds of personal data that a review may name; the scan looks for the first six and for columns of names."""


def _personal_data(raw: Any) -> Any:
    if raw is None or raw == "none":
        return None if raw is None else []
    kinds = [raw] if isinstance(raw, str) else raw
    if not isinstance(kinds, list) or not kinds:
        raise InputError(f"'{raw}' is no kind of personal data", valid="none, or a list such as [mail, phone]")
    for kind in kinds:
        if kind not in PERSONAL_KINDS:
            raise InputError(
                f"'{kind}' is no kind of personal data", valid=f"none, or a list of {listed(PERSONAL_KINDS, limit=20)}",
                cure=nearest(str(kind), PERSONAL_KINDS),
            )  # fmt: skip
    return kinds


PersonalData = Annotated[
    list[Literal[PERSONAL_KINDS]] | None,  # type: ignore[valid-type]
    BeforeValidator(_personal_data),
    WithJsonSchema({
        "anyOf": [{"const": "none"}, {"type": "array", "items": {"enum": list(PERSONAL_KINDS)}}],
        "description": "personal data that the review says the records hold, for example [mail, phone], or none",
    }),
]  # fmt: skip
