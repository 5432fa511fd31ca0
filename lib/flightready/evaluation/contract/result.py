"""What the pilot's answers look like, and whether they keep the business rules: shares with exact intervals."""

from __future__ import annotations

from dataclasses import dataclass

from flightready.realism.outcome import Example, Rate


@dataclass(frozen=True)
class SideContract:
    """Answers of one side that break the output contract; each answer counts under the first kind that it breaks.

    Parameters
    ----------
    bad : Rate
        Answers of any bad kind.
    kinds : dict of str to Rate
        By kind: empty, refused, malformed, too long, out of vocabulary; only kinds that can occur with this contract.
    by_system : dict of str to Rate
        Bad answers of each system.
    case_only : int
        Answers out of vocabulary that differ from a listed one in upper and lower case only.
    silent : tuple of str
        Systems that hold no answer at all; they are left out.
    examples : tuple of Example
        Masked.
    """

    bad: Rate
    kinds: dict[str, Rate]
    by_system: dict[str, Rate]
    case_only: int
    silent: tuple[str, ...]
    examples: tuple[Example, ...]


@dataclass(frozen=True)
class OutputContract:
    """What an answer must look like, and how many do not.

    Parameters
    ----------
    raw, curated : SideContract, optional
        None where a side holds no answers.
    vocabulary : int
        Number of answers that are allowed; 0 where anything may be answered.
    is_listed : bool
        Whether the assessment lists them; else they are the classes that occur as right answers.
    format : str
        text, number, date or json.
    longest : int, optional
        Most characters of an answer.
    """

    raw: SideContract | None
    curated: SideContract | None
    vocabulary: int
    is_listed: bool
    format: str
    longest: int | None


@dataclass(frozen=True)
class RuleCheck:
    """One business rule, checked on every answer.

    Parameters
    ----------
    name : str
        As the assessment calls it.
    demand : str
        What it demands, in words.
    raw, curated : Rate, optional
        Answers that break it, of those in its scope; None where a side has no answers.
    answers : int
        Raw answers, in scope or not.
    untold : int
        Raw answers for which the condition cannot be told, because a value is missing or cannot be read.
    to_people : int
        Raw answers in scope that are less sure than demanded, and that a person decides by `evaluation.review`.
    by_system : dict of str to Rate
        Of the raw side.
    never_seen : tuple of str
        Columns of the condition whose values occur in no record.
    examples : tuple of Example
        Masked.
    """

    name: str
    demand: str
    raw: Rate | None
    curated: Rate | None
    answers: int
    untold: int
    to_people: int
    by_system: dict[str, Rate]
    never_seen: tuple[str, ...]
    examples: tuple[Example, ...]

    @property
    def broken(self) -> int:
        """Answers on either side that break the rule."""
        return sum(side.hits for side in (self.raw, self.curated) if side is not None)
