"""What is said and drawn about rate limits: true for every kind of input, and never an empty chart."""

import re

import plotly.graph_objects as go
import pytest

from flightready import policy
from flightready.narrative import cost_limits as words
from flightready.pages import cost as pages
from flightready.pages.display import Prose, Table

CELLS = ("limit_use", "meaning_limits", "limit_table")
TYPED = {"more": "cost: {per_request: {model: m, input_tokens: 900, output_tokens: 100}}\n"}
BOTH = "requests_per_minute: 500, tokens_per_minute: 60_000, provider: azure_openai"
CASES = {
    "everything": (BOTH, {"log": True}),
    "calm": ("requests_per_minute: 5_000", {"log": True}),
    "tier": ("provider: anthropic, tier: start", {"log": True, "users": "4_000_000"}),
    "larger than the limit": ("rules: [{counts: tokens, per_minute: 9, reserves_max_tokens: true, returns_unused: true, "
                              "output_weight: 5, counts_failed: false, counts_cached: false}]", {"log": True}),
    "very large": ("requests_per_minute: 500", {"log": True, "users": "90_000_000"}),
    "typed": (BOTH, TYPED),
    "tokens unknown": ("tokens_per_minute: 500", {}),
    "no limit": ("", {"log": True}),
    "no plan": (BOTH, {"log": True, "users": ""}),
    "nothing": ("", {"users": ""}),
}  # fmt: skip


@pytest.fixture
def shown(study, log):
    def make(case):
        limits, options = CASES[case]
        options = dict(options)
        usage = log(max_tokens=float("nan") if case == "tier" else 300.0) if options.pop("log", False) else None
        return study(limits, usage=usage, **options)

    return make


@pytest.mark.parametrize("case", CASES)
def test_every_cell_shows_something_true_for_every_kind_of_input(shown, case):
    never = "|".join(re.escape(t) for t in policy.read("words.yaml")["never"])
    made = shown(case)
    for cell in CELLS:
        found = getattr(pages, cell)(made)
        assert isinstance(found, go.Figure | Prose | Table), cell
        if isinstance(found, go.Figure):
            assert found.data and found.layout.title.text and found.layout.meta["description"]
            continue
        said = repr(found)
        assert said.strip() or cell != "meaning_limits"
        assert not re.search(rf"\b(None|nan|inf|True|False|(?i:{never}))\b", said), said
        assert (
            "  " not in said and " ." not in said and not re.search(r"(?<![\d.,])1 (calls|peak hours|minutes)\b", said)
        ), said


def test_the_map_carries_its_numbers_and_marks_the_plan(shown):
    made = shown("everything")
    fig, replay = pages.limit_use(made), made.traffic.replay
    assert fig.data[0].customdata == pytest.approx(replay.use)
    written = [a.text for a in fig.layout.annotations if a.text != "over"]
    assert len(written) == replay.use.size
    assert sum(a.text == "over" for a in fig.layout.annotations) == (replay.use > 1).sum()  # not by colour alone
    assert [t for t in fig.layout.xaxis.ticktext if "planned" in t] == ["<b>100,000</b><br>planned"]
    assert fig.layout.title.text.endswith("asks for 1.7 times the limit on tokens a minute")


def test_without_a_log_the_mean_is_drawn_with_its_interval(study):
    made = study("requests_per_minute: 500", users="80_000 to 120_000")
    fig, (use, _) = pages.limit_use(made), (*made.traffic.limits.uses, None)[:2]
    assert fig.data[0].x[0] == pytest.approx(100 * use.used.median)
    assert fig.data[0].error_x.array[0] == pytest.approx(100 * (use.used.high - use.used.median))
    assert "% of the limit on requests a minute" in fig.layout.title.text
    over = pages.limit_use(study("requests_per_minute: 20"))
    assert "3.5 times the limit on requests a minute" in over.layout.title.text


@pytest.mark.parametrize(
    ("case", "said"),
    [
        ("everything", r"Without a queue 27\.\d % of the calls of the peak hour are refused \(nine times in ten [^;]*\)\."),
        ("everything", r"it takes 92,\d00 tokens a minute for at most 1 in 100 calls to be refused\."),
        ("everything", r"In a queue .* of them wait.*The queue grows as long as the peak lasts"),
        ("calm", r"none of the calls was refused in 40 peak hours"),
        ("tier", r"The allowed output of 200 calls|2,780 requests a minute meet a limit of 1,000: 2.8 times"),
        ("tier", r"the lowest published tier that gives it is build"),
        ("larger than the limit", "200 calls of 200 are larger than a limit ever holds: no waiting helps"),
        ("very large", r"of 5 minutes each, as there are very many calls, [\d,]+ of them replayed as one"),
        ("typed", "14 % of what is allowed.*takes a log with one line for each call"),
        ("no limit", "asks for 69.4 requests and 69,400 tokens a minute; the assessment names no rate limit"),
        ("no plan", "needs a planned load"),
    ],
)  # fmt: skip
def test_the_figures_are_said(shown, case, said):
    made = shown(case)
    assert re.search(said, f"{pages.meaning_limits(made)!r}\n{pages.limit_table(made)!r}", re.DOTALL)


def test_how_a_limit_is_counted_is_said_and_its_source_named(shown):
    table = pages.limit_table(shown("everything"))
    assert "starts anew every 10 s, holds 83.3" in table.rows[0][2]
    assert "starts anew every 60 s, holds 60,000; allowed output is added" in table.rows[1][2]
    assert table.note.startswith("Replayed: 200 calls of the log in 40 peak hours over the range of the plan")
    assert "Microsoft" in table.note and "read on 2026-05-06" in table.note
    assert "10 are taken here" in table.note
    own = shown("larger than the limit").traffic.replay.rules[0]
    assert words.rule_words(own).endswith(
        "the unused part is given back; cached input is free; failed calls are free; output counts 5 times"
    )


def test_a_name_of_a_limit_cannot_run(study, log):
    made = study("rules: [{name: <script>alert(1)</script>, counts: requests, per_minute: 9}]", usage=log())
    html = "".join(getattr(pages, c)(made)._repr_html_() for c in CELLS[1:]) + str(pages.limit_use(made).to_json())
    assert "<script>" not in html and "&lt;script&gt;" in html
