"""Data realism: what raw records are like, beside the demo set that the pilot was shown on."""

from flightready.realism.analysis import analyse
from flightready.realism.guess import guess_columns
from flightready.realism.inspection import inspected
from flightready.realism.result import RealismResult
from flightready.realism.sources import RawTable, Sample, Side, read_sample, read_table

__all__ = [
    "RawTable",
    "RealismResult",
    "Sample",
    "Side",
    "analyse",
    "guess_columns",
    "inspected",
    "read_sample",
    "read_table",
]
