"""Rules of rate limits as the providers count them: what is counted, how a limit fills again, what a call takes."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from flightready import policy
from flightready.assessment import Pilot
from flightready.assessment.limits import LimitRule
from flightready.draws import JointSample
from flightready.errors import InputError, nearest
from flightready.traffic.call_sample import CallSample
from flightready.traffic.peaks import SECONDS_PER_MINUTE

NOUNS = {"requests": "request", "tokens": "token", "input_tokens": "input token", "output_tokens": "output token"}
"""What each kind of rule counts."""
_PLAIN = "plain"


@dataclass(frozen=True)
class Rule:
    """One rate limit.

    Parameters
    ----------
    key : str
        Stable name, such as `requests_per_minute`.
    name : str
        What people call it.
    counts : str
        requests, tokens, input_tokens or output_tokens.
    per_minute : float
        What is allowed a minute, above 0.
    window_s : float
        Length of a window in which the count starts anew; 0 for a bucket that fills all the time.
    burst : float or None
        What the bucket holds; a minute's worth (or a window's) when None.
    reserves : str
        none; added: the allowed output counts on top of the input; larger: the allowed output counts where it is more
        than what is used.
    returns_unused : bool
        What was reserved and not used is given back when the call ends.
    counts_cached, counts_failed : bool
        Cached input and failed calls count.
    output_weight : float
        How often an output token counts.
    source : str
    checked : date or None
        Day on which the source was last read.
    """

    key: str
    name: str
    counts: str
    per_minute: float
    window_s: float = 0.0
    burst: float | None = None
    reserves: str = "none"
    returns_unused: bool = False
    counts_cached: bool = True
    counts_failed: bool = True
    output_weight: float = 1.0
    source: str = ""
    checked: dt.date | None = None

    @property
    def noun(self) -> str:
        """What is counted: request, token, input token or output token."""
        return NOUNS[self.counts]

    @property
    def span_s(self) -> float:
        """Time over which the limit is counted, seconds."""
        return self.window_s or SECONDS_PER_MINUTE

    @property
    def capacity(self) -> float:
        """Most that can be taken at once."""
        return self.per_minute * self.span_s / SECONDS_PER_MINUTE if self.burst is None else self.burst

    def allowing(self, per_minute: float) -> Rule:
        """Return the same rule with another limit."""
        return replace(self, per_minute=float(per_minute))


@dataclass(frozen=True)
class RuleSet:
    """The rules that apply, and what each allows a minute in every draw (the same shape as the joint sample's columns).

    Parameters
    ----------
    provider : str
        Name of the provider whose way of counting is used.
    notes : tuple of str
        What was taken for granted.
    tiers : dict of str to dict of str to float
        Published limits of the pilot's model, by tier and by what is counted; lowest first, empty when none is known.
    """

    provider: str
    rules: tuple[Rule, ...]
    allowed: tuple[np.ndarray, ...]
    notes: tuple[str, ...]
    tiers: dict[str, dict[str, float]]


def charges(sample: CallSample, rule: Rule) -> tuple[np.ndarray, np.ndarray]:
    """Return what each call takes from a limit when it starts, and what it has taken when it ended.

    Returns
    -------
    tuple of array of shape (calls,)
        NaN where tokens are not known. A call of unknown allowed output reserves what it used.
    """
    counted = np.ones(sample.calls) if rule.counts_failed else (~sample.failed).astype(float)
    if rule.counts == "requests":
        return counted, counted
    fresh = sample.input_tokens if rule.counts_cached else sample.input_tokens - sample.cached_tokens
    put = np.zeros(sample.calls) if rule.counts == "output_tokens" else fresh
    output = np.zeros(sample.calls) if rule.counts == "input_tokens" else sample.output_tokens
    used = put + rule.output_weight * output
    allowed = output if rule.counts == "input_tokens" else _allowed_output(sample)
    reserved = {"none": used, "added": put + np.maximum(allowed, output), "larger": np.maximum(used, allowed)}
    held = reserved[rule.reserves]
    kept = used if rule.returns_unused else held
    return held * counted, kept * counted


def _allowed_output(sample: CallSample) -> np.ndarray:
    return np.where(np.isnan(sample.max_tokens), sample.output_tokens, sample.max_tokens)


def rules_of(pilot: Pilot, joint: JointSample, models: tuple[str, ...]) -> RuleSet:
    """Return the rate limits of an assessment, counted as its provider counts.

    Parameters
    ----------
    models : tuple of str
        Models of the pilot, the most used first; a provider's table by tier is read for the first.

    Raises
    ------
    InputError
        When the provider or its tier is not known, or a window is given a burst.
    """
    limits = pilot.spec.latency.limits
    convention = _convention(pilot)
    tiers = _tiers(convention, models)
    table = _tier(pilot, convention, tiers)
    notes = [convention["assumes"]] if limits.requests_per_minute or limits.tokens_per_minute or table else []
    found: list[tuple[Rule, np.ndarray]] = []
    for counts, per_minute in table.items():
        found.append((_conventional(convention, counts, per_minute), _constant(joint, per_minute)))
    typed = {"requests": limits.requests_per_minute, "tokens": limits.tokens_per_minute}
    for counts, given in typed.items():
        if given is not None and not table:
            drawn = joint.column(f"latency.limits.{counts}_per_minute", given)
            found.append((_conventional(convention, counts, given.median), drawn))
    if table:
        notes.append(f"The limits are those that {convention['name']} published for the tier, {_read(convention)}; "
                     "what your account shows comes first.")  # fmt: skip
    elif limits.tier is not None:
        notes.append(f"No table of {convention['name']} by tier is known for this model, so the limits as typed count.")
    found += [_explicit(pilot, joint, i, rule) for i, rule in enumerate(limits.rules)]
    rules = _with_own_keys([rule for rule, _ in found])
    return RuleSet(convention["name"], rules, tuple(a for _, a in found), tuple(notes), tiers)


def _convention(pilot: Pilot) -> dict[str, Any]:
    known = policy.read("limit_conventions.yaml")
    given = pilot.spec.latency.limits.provider
    if given is None:
        return known[_PLAIN]
    name = "_".join(given.lower().replace("-", " ").split())
    names = [n for n in known if n != _PLAIN]
    if name not in names:
        raise InputError(
            f"the provider '{given}' has no known way of counting its limits",
            where=pilot.where("latency", "limits", "provider"), valid=", ".join(names),
            cure=nearest(name, names) or "state how it counts under latency.limits.rules, without a provider",
        )  # fmt: skip
    return known[name]


def _tiers(convention: dict[str, Any], models: tuple[str, ...]) -> dict[str, dict[str, float]]:
    """Published limits by tier of the most used model that the table knows; empty without one."""
    name = models[0].lower().replace(".", "-") if models else ""
    found: dict[str, dict[str, float]] = {}
    for tier, by_model in convention.get("tiers", {}).items():
        row = next((row for key, row in by_model.items() if key in name), None)
        if row is not None:
            found[tier] = {counts: float(per_minute) for counts, per_minute in row.items()}
    return found


def _tier(pilot: Pilot, convention: dict[str, Any], tiers: dict[str, dict[str, float]]) -> dict[str, float]:
    """The limits of the stated tier; empty where the typed limits count."""
    given, published = pilot.spec.latency.limits.tier, list(convention.get("tiers", {}))
    if given is None or not published:
        return {}
    if given.lower() not in published:
        raise InputError(
            f"'{given}' is no tier of {convention['name']}", where=pilot.where("latency", "limits", "tier"),
            valid=", ".join(published), cure=nearest(given.lower(), published) or "leave it out and type the limits",
        )  # fmt: skip
    return tiers.get(given.lower(), {})


def _conventional(convention: dict[str, Any], counts: str, per_minute: float) -> Rule:
    way = dict(convention[counts])
    counts = way.pop("counts", counts)
    is_window = way.pop("refill", "continuous") == "window"
    window_s = float(way.pop("window_s", SECONDS_PER_MINUTE)) if is_window else 0.0
    return Rule(f"{counts}_per_minute", f"{_plural(counts)} a minute", counts, float(per_minute), window_s,
                source=convention["source"], checked=convention["checked"], **way)  # fmt: skip


def _explicit(pilot: Pilot, joint: JointSample, number: int, given: LimitRule) -> tuple[Rule, np.ndarray]:
    is_window = given.refill == "window"
    if is_window and given.burst is not None:
        raise InputError(
            "a window has no burst: it allows what its length is worth",
            where=pilot.where("latency", "limits", "rules", number, "burst"), cure="remove burst, or the window",
        )  # fmt: skip
    window_s = (given.window.median if given.window else SECONDS_PER_MINUTE) if is_window else 0.0
    reserves = "added" if given.reserves_max_tokens and given.counts != "requests" else "none"
    rule = Rule(
        f"{given.counts}_per_minute", given.name or f"{_plural(given.counts)} a minute", given.counts,
        given.per_minute.median, window_s, given.burst.median if given.burst else None, reserves,
        given.returns_unused and reserves != "none", given.counts_cached, given.counts_failed,
        given.output_weight.median if given.output_weight else 1.0, given.source,
    )  # fmt: skip
    return rule, joint.column(f"latency.limits.rules.{number}.per_minute", given.per_minute)


def _with_own_keys(rules: list[Rule]) -> tuple[Rule, ...]:
    """Number the rules that count the same, so that each has a key and a name of its own."""
    seen: Counter[str] = Counter()
    made = []
    for rule in rules:
        seen[rule.key] += 1
        made.append(rule if seen[rule.key] == 1 else replace(rule, key=f"{rule.key}_{seen[rule.key]}"))
    return tuple(made)


def _constant(joint: JointSample, value: float) -> np.ndarray:
    return np.full((joint.replicates, joint.draws), float(value))


def _plural(counts: str) -> str:
    return f"{NOUNS[counts].capitalize()}s"


def _read(convention: dict[str, Any]) -> str:
    return f"read on {convention['checked']:%Y-%m-%d}"
