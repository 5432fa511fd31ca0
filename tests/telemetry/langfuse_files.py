"""Observations as the files that Langfuse exports."""

import csv
import json


def write_observations(path, records, form):
    """Write records as CSV (what is nested as JSON), as a page of the API, or one a line."""
    if form == "csv":
        with path.open("w", newline="") as stream:
            writer = csv.DictWriter(stream, records[0].keys())
            writer.writeheader()
            writer.writerows({k: json.dumps(v) if isinstance(v, dict) else v for k, v in r.items()} for r in records)
    elif form == "page":
        path.write_text(json.dumps({"data": list(records), "meta": {"page": 1}}))
    else:
        path.write_text("".join(json.dumps(r) + "\n" for r in records))
