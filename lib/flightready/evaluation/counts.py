"""How many records could be scored, and how many of each class got which answer."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Counted:
    """How many records of one side could be scored, and why the others could not.

    Parameters
    ----------
    records : int
        Records that parse.
    copies : int
        Exact copies of an earlier record; they count once.
    unlabelled, unpredicted : int
        Different records without a right answer, and without an answer of the pilot (a record may lack both).
    case_only : int
        Scored records whose answer differs from the label in upper and lower case only; they count as wrong.
    unanswered : int
        Scored records without an answer of the pilot; they count as wrong.
    shared : int
        Records of the demo set that the raw sample holds too; they are left out of the demo score.
    unreadable : int
        Scored records whose answer is no number or date where the task asks for one; they count as wrong.
    unreadable_truth : int
        Records whose right answer, or a rating of which, is no number; what cannot be read is left out.
    off_scale : int
        Ratings outside of the scale; they are left out.
    """

    records: int
    copies: int
    unlabelled: int
    unpredicted: int
    case_only: int
    unanswered: int = 0
    shared: int = 0
    unreadable: int = 0
    unreadable_truth: int = 0
    off_scale: int = 0


@dataclass(frozen=True)
class Confusion:
    """How many raw records of one class got which answer."""

    truth: str
    predicted: str
    n: int
