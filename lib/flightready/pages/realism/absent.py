"""What pages of data realism say in place of an empty chart."""

from __future__ import annotations

NO_RECORDS = "There are no raw records to look at; what to bring is listed under what is missing."
NO_DEFECT = "No defect of the kinds that are looked for was found, so there is nothing to draw."
