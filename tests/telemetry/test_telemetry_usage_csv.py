"""Usage as a delimited file: columns known by usual names, both conventions of cached tokens, and what is refused."""

import pytest

from flightready.errors import InputError
from flightready.telemetry import read_usage
from flightready.telemetry.usage_csv import roles


@pytest.fixture
def usage(tmp_path):
    def read(text, name="usage.csv"):
        path = tmp_path / name
        path.write_text(text)
        return read_usage([path], where="assessment.yaml, line 2, cost.usage")

    return read


def test_a_time_and_two_counts_are_enough(usage):
    calls = usage("TIMESTAMP,ContextTokens,GeneratedTokens\n2023-11-16 18:15:46.6805900,374,44\n").calls
    assert str(calls["time"].iloc[0]) == "2023-11-16 18:15:46.680590+00:00"
    assert (calls["input_total"].iloc[0], calls["output"].iloc[0], calls["model"].iloc[0]) == (374, 44, "")


def test_columns_are_known_by_usual_names():
    found = roles(
        ("Created At", "Prompt Tokens", "completion_tokens", "Cached Tokens", "Model", "Latency (ms)", "note")
    )
    assert found == {"time": "Created At", "input": "Prompt Tokens", "output": "completion_tokens",
                     "cached": "Cached Tokens", "model": "Model", "latency_ms": "Latency (ms)"}  # fmt: skip


def test_everything_that_a_log_may_say(usage):
    calls = usage(
        "timestamp;request_id;ticket_id;attempt;model;provider;input_tokens;cached_tokens;output_tokens;status;latency_ms;"
        "cost_usd\n"
        "2026-09-14T08:15:46+02:00;r1;T1;1;my-model;azure;500;100;50;429;120;\n"
        "2026-09-14T08:15:50+02:00;r2;T1;2;my-model;azure;500;100;50;OK;1900;0.002\n"
    ).calls
    assert calls["status"].tolist() == ["error:429", "ok"]
    assert calls["latency_s"].tolist() == [0.12, 1.9]
    assert calls["outcome"].tolist() == ["T1", "T1"]
    assert calls["billed_usd"].isna().tolist() == [True, False]
    assert str(calls["time"].iloc[0]) == "2026-09-14 06:15:46+00:00"


def test_a_call_that_failed_may_have_no_tokens(usage):
    calls = usage("time,input_tokens,output_tokens,status\n2026-09-14 08:00:01,,,429\n").calls
    assert calls[["input_total", "output"]].iloc[0].tolist() == [0, 0]


def test_cached_tokens_beside_the_input_are_added_to_it(usage):
    calls = usage(
        "time,input_tokens,cache_read_input_tokens,cache_creation_input_tokens,output_tokens\n"
        "2026-09-14 08:00:01,100,2000,300,50\n"
    ).calls
    assert calls[["input_total", "cache_read", "cache_write_5m"]].iloc[0].tolist() == [2400, 2000, 300]


def test_cached_tokens_inside_the_input_are_not_added_to_it(usage):
    calls = usage("time,input_tokens,cached_tokens,output_tokens\n2026-09-14 08:00:01,2400,2000,50\n").calls
    assert calls[["input_total", "cache_read"]].iloc[0].tolist() == [2400, 2000]


def test_a_column_of_request_counts_makes_it_buckets(usage):
    found = usage("date,requests,input_tokens,output_tokens\n2026-09-14,10,900,80\n2026-09-15,12,950,85\n")
    assert found.calls is None
    assert found.buckets["requests"].tolist() == [10, 12]
    assert (found.buckets["end"] - found.buckets["start"]).dt.days.tolist() == [1, 1]


def test_days_without_a_count_of_requests_are_refused(usage):
    # priced as calls, each day would be one huge request
    with pytest.raises(InputError, match=r"each row stands for a whole day.*column 'requests'"):
        usage("date,input_tokens,output_tokens\n2026-09-14,900000,80000\n2026-09-15,950000,85000\n")


def test_seconds_and_milliseconds_since_1970(usage):
    calls = usage("ts,time,input_tokens,output_tokens\nx,1789374946,1,1\nx,1789374947000,1,1\n").calls
    assert calls["time"].dt.year.tolist() == [2026, 2026]


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ("2026-09-14 08:00:01,12,x\n", r"usage.csv, line 2: column 'output_tokens' is not a number"),
        ("2026-09-14 08:00:01,12,3\n14.09.2026,12,3\n", r"usage.csv, line 3: column 'time' is not a time.*2026-09-14"),
        ("2026-09-14 08:00:01,12.5,3\n", "column 'input_tokens' is not a whole number"),
        ("2026-09-14 08:00:01,-12,3\n", "record 2 has a negative value of input total"),
        ("2026-09-14 08:00:01,12,3,4,5\n", "line 2: the rows have more cells than the header"),
        ("2026-09-14 08:00:01,12,3\n2026-09-14 08:00:01,12,3,4\n", "line 3: a row has more cells than the header"),
        ("2026-09-14 08:00:01,12,3\n2026-09-14 08:00:02,1", "line 3: column 'output_tokens' is empty"),
        ("", "the file holds no call"),
        ("\n\n", "the file holds no call"),
    ],
)
def test_what_cannot_be_read_is_named_with_its_line(usage, rows, message):
    with pytest.raises(InputError, match=message):
        usage("time,input_tokens,output_tokens\n" + rows)


def test_more_cached_than_input_names_the_lines(usage):
    with pytest.raises(InputError, match=r"records 2, 4 have more cached tokens than input tokens"):
        usage("time,input_tokens,cached_tokens,output_tokens\n"
              "2026-09-14 08:00:01,10,11,1\n2026-09-14 08:00:02,10,1,1\n2026-09-14 08:00:03,10,12,1\n")  # fmt: skip


def test_an_unknown_format_says_what_can_be_read(usage):
    with pytest.raises(InputError) as caught:
        usage("id,subject,body\n1,a,b\n")
    message = str(caught.value)
    assert message.startswith("assessment.yaml, line 2, cost.usage, usage.csv: the format is not known")
    assert "OpenAI usage log" in message


def test_a_file_of_spans_is_told_apart_from_usage(usage):
    with pytest.raises(InputError, match="a file of another kind: OpenTelemetry"):
        usage('{"resourceSpans": []}\n')
