"""Slices: kinds of records on which the pilot is right less often than on the others."""

from flightready.evaluation.slices.result import Slice, SlicesResult
from flightready.evaluation.slices.search import slices

__all__ = ["Slice", "SlicesResult", "slices"]
