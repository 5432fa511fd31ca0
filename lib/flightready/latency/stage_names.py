"""Names of stages: cleaned of what identifies anybody, and taken from the assessment where it states them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from fnmatch import fnmatchcase

from flightready.errors import InputError, listed, nearest

_IDENTIFIERS = (
    (re.compile(r"\?.*$"), ""),
    (re.compile(r"[^\s/@]+@[^\s/@]+"), "{mail}"),
    (re.compile(r"\b[0-9a-fA-F]{8}-[0-9a-fA-F-]{13,}\b"), "{id}"),
    (re.compile(r"\+?\d[\d .()\-]{6,}\d"), "{id}"),  # a number in groups: a card, a telephone, an address
    (re.compile(r"(?<![A-Za-z])(?=[0-9a-fA-F]*\d)[0-9a-fA-F]{6,}(?![A-Za-z])"), "{id}"),
    (re.compile(r"(?<=/)\d+(?=/|$)"), "{id}"),
)
_LONGEST_NAME = 60
_POD = re.compile(r"-[0-9a-f]{6,10}(-[a-z0-9]{5})?$")


def stage_name(raw: str) -> str:
    """Return a span's name with identifiers replaced, so that it groups and shows nothing personal.

    Examples
    --------
    >>> stage_name("GET /users/anna@example.com/orders/4711?token=x")
    'GET /users/{mail}/orders/{id}'
    >>> stage_name("charge 4111 1111 1111 1111, call +49 171 5550199")
    'charge {id}, call {id}'
    >>> stage_name("search\\n\\x1b[31mred")
    'search  [31mred'
    """
    raw = raw[: 10 * _LONGEST_NAME]  # what follows is never shown, and a pattern may need long over it
    # a line's end, a terminal's escape or a turn of the writing direction would change what stands around the name
    raw = "".join(sign if sign.isprintable() else " " for sign in raw)
    for pattern, word in _IDENTIFIERS:
        raw = pattern.sub(word, raw)
    name = raw.strip() or "(no name)"
    return name if len(name) <= _LONGEST_NAME else name[: _LONGEST_NAME - 1] + "…"


def service_name(raw: str) -> str:
    """Return a service's name without identifiers and the suffix that a container platform gives each copy.

    Examples
    --------
    >>> service_name("ts-auth-service-7f8d7d5c9b-x2x9k"), service_name("router")
    ('ts-auth-service', 'router')
    """
    bare = _POD.sub("", raw.strip())
    return stage_name(bare) if bare else "(no service)"


def stated(
    names: Iterable[str], stages: Mapping[str, str], clean: Callable[[str], str] = stage_name
) -> dict[str, tuple[str, str]]:
    """Return the pattern that each name fits first, and its stage; names that fit none are left out.

    A name that is written out in full counts before a pattern, whatever their order.

    Parameters
    ----------
    names : iterable of str
        As the file writes them.
    stages : mapping of str to str
        Stage by name; `*` and `?` stand for anything, upper and lower case are the same.
    clean : callable
        Makes the name that is shown, which may be written just as well.

    Examples
    --------
    >>> stated(["llm 7f8d7d5c9b", "LLM_judge", "search"], {"llm*": "model", "llm_judge": "second model"})
    {'llm 7f8d7d5c9b': ('llm*', 'model'), 'LLM_judge': ('llm_judge', 'second model')}
    """
    found = {}
    for raw in names:
        forms = {raw.casefold(), clean(raw).casefold()}
        fits = [p for p in stages if p.casefold() in forms]
        fits += [p for p in stages if any(fnmatchcase(form, p.casefold()) for form in forms)]
        if fits:
            found[raw] = (fits[0], stages[fits[0]])
    return found


def refuse_unmatched(
    stages: Mapping[str, str], fitting: Iterable[str], names: Iterable[str], roots: Iterable[str], *, where: str
) -> None:
    """Raise when a stated name fits no span below a request.

    Parameters
    ----------
    stages : mapping of str to str
    fitting : iterable of str
        Names and patterns that a span fits.
    names, roots : iterable of str
        Names that could have been meant, and those of the requests themselves, as they are shown.
    where : str
        Place of the mapping in the assessment.

    Raises
    ------
    InputError
        Naming the key, and the nearest names.
    """
    missing = [pattern for pattern in stages if pattern not in set(fitting)]
    if not missing:
        return
    first, names = missing[0], sorted(set(names))
    if stated(roots, {first: ""}):
        raise InputError(
            f"latency.stage_names: '{first}' is the request itself, which is no stage of its own", where=where,
            valid=listed(names) or "a step below the request", cure="name a step below it, or remove the key",
        )  # fmt: skip
    earlier = stated(names, {first: ""})
    raise InputError(
        f"latency.stage_names: '{first}' fits no step of the traces" if not earlier
        else f"latency.stage_names: every step that '{first}' fits is named by another key", where=where,
        valid=listed(names) or "the names of steps, and the traces hold requests only",
        cure=nearest(first, names) or "correct the name, or remove the key",
    )  # fmt: skip
