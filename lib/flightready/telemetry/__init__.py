"""Telemetry: usage logs, usage exports and traces of a pilot, read into three canonical frames.

To add a format, write one module with a function registered by `formats.reader`, import it here, and add its test.
"""

from flightready.telemetry import (
    spans_csv,
    spans_jaeger,
    spans_k6,
    spans_langfuse,
    spans_llmperf,
    spans_otel,
    usage_anthropic,
    usage_anthropic_buckets,
    usage_csv,
    usage_focus,
    usage_langfuse,
    usage_litellm,
    usage_openai,
    usage_openai_buckets,
    usage_otel,
)
from flightready.telemetry.frames import UsageLog
from flightready.telemetry.look import recognise
from flightready.telemetry.reading import UsageFile, read_several_spans, read_spans, read_usage, usage_of

__all__ = [
    "UsageFile", "UsageLog", "read_several_spans", "read_spans", "read_usage", "recognise", "spans_csv",
    "spans_jaeger", "spans_k6", "spans_langfuse", "spans_llmperf", "spans_otel", "usage_anthropic",
    "usage_anthropic_buckets", "usage_csv", "usage_focus", "usage_langfuse", "usage_litellm", "usage_of",
    "usage_openai", "usage_openai_buckets", "usage_otel",
]  # fmt: skip
