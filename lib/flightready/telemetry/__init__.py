"""Telemetry: usage logs, usage exports and traces of a pilot, read into three canonical frames.

To add a format, write one module with a function registered by `formats.reader`, import it here, and add its test.
"""

from flightready.telemetry import spans_otel, usage_csv, usage_openai, usage_openai_buckets
from flightready.telemetry.frames import UsageLog
from flightready.telemetry.look import recognise
from flightready.telemetry.reading import read_spans, read_usage

__all__ = [
    "UsageLog", "read_spans", "read_usage", "recognise", "spans_otel", "usage_csv", "usage_openai",
    "usage_openai_buckets",
]  # fmt: skip
