"""The assessment: the one YAML file that describes a pilot, and the only input of every analysis."""

from flightready.assessment.load import ACCEPTED_NAME, APPROVED_NAME, FILE_NAME, Pilot, file_digest, find, load
from flightready.assessment.schema import Assessment

__all__ = ["ACCEPTED_NAME", "APPROVED_NAME", "FILE_NAME", "Assessment", "Pilot", "file_digest", "find", "load"]
