"""Records of a log and of an export with a known price."""

import datetime as dt

MODEL = "gpt-4.1-2025-04-14"
"""2 USD per million uncached input tokens, 0.5 cached, 8 output (openai.com/api/pricing, 2025)."""


def response(day, number, *, fresh=1000, cached=0, output=100, model=MODEL, ticket=None, attempt=1, **changes):
    """One logged response object, `number` minutes after 9 o'clock UTC of a day."""
    moment = dt.datetime(2026, 9, 14, 9, tzinfo=dt.UTC) + dt.timedelta(days=day, minutes=number)
    metadata = {"ticket_id": ticket, "attempt": str(attempt)} if ticket else {}
    return {"id": f"r-{day}-{number}-{attempt}", "object": "response", "created_at": int(moment.timestamp()),
            "model": model, "status": "completed", "metadata": metadata,
            "usage": {"input_tokens": fresh + cached, "input_tokens_details": {"cached_tokens": cached},
                      "output_tokens": output}} | changes  # fmt: skip


def bucket(day, *, requests, fresh, cached=0, output=0, model=MODEL):
    """One day of a usage export."""
    start = int(dt.datetime(2026, 9, 14, tzinfo=dt.UTC).timestamp()) + 86_400 * day
    return {
        "object": "bucket",
        "start_time": start,
        "end_time": start + 86_400,
        "results": [
            {
                "object": "organization.usage.completions.result",
                "input_tokens": fresh + cached,
                "input_cached_tokens": cached,
                "output_tokens": output,
                "num_model_requests": requests,
                "model": model,
            }
        ],
    }
