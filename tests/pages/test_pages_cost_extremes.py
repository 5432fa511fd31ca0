"""Assessments that nobody should write, and some do: a clear refusal or a true answer, on every page of the cost."""

import re
import warnings

import plotly.graph_objects as go
import pytest
from ruamel.yaml import YAML

import flightready as fr
from flightready.errors import InputError
from flightready.pages import cost as pages
from flightready.pages.display import Shown

MODEL = "gpt-4.1-2025-04-14"
TYPED = {"model": MODEL, "input_tokens": 1000, "output_tokens": 100}
TINY_WINDOW = {"counts": "requests", "per_minute": 10, "refill": "window", "window": "0.000001 s"}
NEVER_RIGHT = {"name": "Never", "accuracy": "0%", "tier": "batch"}
NEVER = re.compile(r"\b(nan|inf|NaT)\b|\de\+\d|(?<![\w.,-])1 (users|calls|requests|days)\b|\$-")


@pytest.fixture
def study(tmp_path):
    def make(*, users=1000, cost=None, limits=None, status="ok", **workload):
        rows = "".join(f"2026-09-{d:02d}T{h:02d}:00:00Z,{MODEL},openai,{900 + h},100,1.5,{status}\n"
                       for d in range(1, 8) for h in range(9, 17))  # fmt: skip
        head = "time,model,provider,input_tokens,output_tokens,latency_s,status\n"
        (tmp_path / "usage.csv").write_text(head + rows)
        cost = {"approved": "30_000 USD per month", **(cost or {"usage": "usage.csv"})}
        spec = {
            "name": "Extreme",
            "cost": cost,
            "workload": {"users_per_day": users, "requests_per_user": 1} | workload,
        }
        with (tmp_path / "assessment.yaml").open("w") as stream:
            YAML().dump(spec | ({"latency": {"limits": limits}} if limits else {}), stream)
        return fr.open(tmp_path, as_of="2026-10-15")

    return make


def told(shown):
    """Every text of a cell, a chart's title among them."""
    parts = shown.parts if isinstance(shown, Shown) else (shown,)
    return "\n".join(p.layout.title.text if isinstance(p, go.Figure) else repr(p) for p in parts)


@pytest.mark.parametrize(
    ("changes", "page", "says"),
    [
        ({"users": 1}, "answer", "at about 1 user a day"),
        ({"users": "1e12"}, "options_answer", "At the planned 1,000,000 million users a day"),
        ({"requests_per_user": 150}, "demand_table", "Requests of a user and day | 150 | 150"),
        ({"status": "error"}, "answer", "no call in the log was answered"),
        ({"users": "1e12", "limits": {"requests_per_minute": 5, "provider": "openai"}}, "meaning_limits",
         "nearly every call would be refused"),
        ({"limits": {"rules": [TINY_WINDOW]}}, "meaning_limits", "always refused"),
        ({"cost": {"usage": "usage.csv", "options": [NEVER_RIGHT]}}, "options_table", "Never"),
        ({"cost": {"per_request": TYPED | {"input_tokens": 0, "output_tokens": 0}}}, "options_notes", "cost nothing"),
        ({"adoption": {"half_after": "1 to 30 months", "nine_tenths_after": "10 to 20 months"}}, "answer", "a month"),
    ],
)  # fmt: skip
def test_extremes_end_in_a_true_answer(study, changes, page, says):
    with warnings.catch_warnings():
        warnings.simplefilter("error", RuntimeWarning)
        made = study(**changes)
        shown = {name: told(getattr(pages, name)(made)) for name in pages.__all__ if name != "what_if"}
    assert says in shown[page]
    assert not [(name, found[0]) for name, text in shown.items() if (found := NEVER.search(text))]


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"peak_to_mean": 0.1}, "line 8, workload.peak_to_mean: a busiest part cannot bring 0.1 times .* Valid: 1 "),
        ({"peak_to_mean": 100}, "workload.peak_to_mean: a busiest part .* to 24"),
        ({"peak_minute": "1e6"}, "workload.peak_minute: a busiest part .* to 60"),
    ],
)
def test_a_peak_that_cannot_be_is_refused(study, changes, message):
    with pytest.raises(InputError, match=message):
        study(**changes)
