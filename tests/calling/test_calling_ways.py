"""Each way to call a pilot against real programs and a real server: every failure is an outcome with a kind."""

from __future__ import annotations

import json
import sys

import pytest
from calling_pilots import StepClock, answer, drip, pilot_in, served

from flightready import policy
from flightready.calling.answers import Answers, Failure, parsed
from flightready.calling.clock import WallClock
from flightready.calling.pilot import channel, pilot_digest
from flightready.calling.terms import bounds, destination
from flightready.errors import InputError

ECHO = "def answer(record):\n    return {'prediction': record['text'].split()[0], 'confidence': 0.5}\n"


def ask(pilot, *texts):
    """Answers to some records, over one connection or process."""
    way = channel(pilot, clock=WallClock())
    try:
        return [way.ask({"text": t}) for t in texts]
    finally:
        way.close()


def command(folder, code: str, **call):
    """A pilot that is a program of its own, reading lines."""
    (folder / "program.py").write_text(code, encoding="utf-8")
    return pilot_in(folder, command=[sys.executable, "program.py"], **call)


LOOP = "import json, sys, time, os\nfor n, line in enumerate(sys.stdin):\n    record = json.loads(line)\n"


def test_a_function_answers_record_by_record_in_one_process(tmp_path):
    code = "import os\nseen = []\ndef answer(record):\n    seen.append(1)\n    return f'{os.getpid()} {len(seen)}'\n"
    first, second = (a.text.split() for a in ask(pilot_in(tmp_path, code), "a", "b"))
    assert first[0] == second[0] and (first[1], second[1]) == ("1", "2")
    import os

    assert int(first[0]) != os.getpid()  # never in our own process
    assert "pilot" not in sys.modules


def test_what_a_function_prints_or_reads_stays_away_from_the_answers(tmp_path):
    code = "import sys\nprint('loading')\ndef answer(r):\n    print('{}')\n    return {'prediction': sys.stdin.read() + 'x'}\n"
    assert [a.text for a in ask(pilot_in(tmp_path, code), "a", "b")] == ["x", "x"]


def test_a_function_finds_the_modules_beside_it_and_not_ours(tmp_path):
    (tmp_path / "cache.py").write_text("WORD = 'mine'\n")
    code = "import cache\ndef answer(r):\n    return cache.WORD\n"
    assert ask(pilot_in(tmp_path, code), "a")[0].text == "mine"


@pytest.mark.parametrize(("code", "failure", "detail"), [
    ("def answer(r):\n    raise KeyError('m.keller@example.com')\n", Failure.RAISED, "KeyError, line 2"),
    ("import nothing_here\n", Failure.RAISED, "ModuleNotFoundError, line 1"),
    ("def answer(r:\n", Failure.RAISED, "SyntaxError, line 1"),
    ("import sys\ndef answer(r):\n    sys.exit(3)\n", Failure.RAISED, "SystemExit, line 3"),
    ("import os\ndef answer(r):\n    os._exit(3)\n", Failure.ENDED, "exit code 3"),
    ("import os\ndef answer(r):\n    os.kill(os.getpid(), 9)\n", Failure.ENDED, "signal 9"),
    ("def answer(r):\n    return {1, 2}\n", Failure.RAISED, "not JSON"),
    ("def answer(r):\n    return {'label': 'a'}\n", Failure.NO_ANSWER, "'prediction'"),
    ("def answer(r):\n    return None\n", Failure.MALFORMED, ""),
    ("def answer(r):\n    return [1]\n", Failure.MALFORMED, ""),
    ("import time\ndef answer(r):\n    time.sleep(60)\n", Failure.TIMEOUT, "more than 0.5 s"),
    ("def answer(r):\n    return 'x' * 3_000_000\n", Failure.TOO_LONG, "more than 1,000,000 bytes in a line"),
])  # fmt: skip
def test_a_failing_function_is_an_outcome(tmp_path, code, failure, detail):
    found = ask(pilot_in(tmp_path, code, timeout="0.5 s"), "a")[0]
    assert (found.failure, found.detail) == (failure, detail)
    assert "keller" not in found.reason


def test_a_function_that_is_not_there_is_told_at_the_first_call_with_those_that_are(tmp_path):
    code = "import json\nfrom json import dumps\ndef answers(r):\n    return 1\ndef _hidden(r):\n    return 1\nclass Other:\n    pass\n"
    with pytest.raises(
        InputError, match=r"line \d.*no function 'answer'. Valid: pilot.py:answers. Did you mean 'answers'\?"
    ):
        ask(pilot_in(tmp_path, code), "a")


def test_a_function_goes_on_after_a_record_on_which_it_fails(tmp_path):
    code = "import os, time\ndef answer(r):\n    t = r['text']\n    t == 'die' and os._exit(1)\n    t == 'wait' and time.sleep(9)\n    return t\n"
    found = ask(pilot_in(tmp_path, code, timeout="1 s"), "a", "die", "b", "wait", "c")
    assert [a.text for a in found] == ["a", "", "b", "", "c"]
    assert [a.failure for a in found if a.failure] == [Failure.ENDED, Failure.TIMEOUT]


def test_a_command_answers_line_by_line_without_a_shell(tmp_path):
    code = LOOP + "    print(json.dumps({'prediction': sys.argv[1] + record['text'], 'confidence': 1}))\n"
    (tmp_path / "program.py").write_text(code)
    pilot = pilot_in(tmp_path, command=[sys.executable, "program.py", "$(touch hacked);"])
    assert [a.text for a in ask(pilot, "a", "ü\n")] == ["$(touch hacked);a", "$(touch hacked);ü"]
    assert not (tmp_path / "hacked").exists()


@pytest.mark.parametrize(("code", "failure"), [
    ("print('Loading the model')\n", Failure.MALFORMED),
    (LOOP + "    print('{\"prediction\": ')\n", Failure.MALFORMED),
    (LOOP + "    print(json.dumps({'answer': 'a'}))\n", Failure.NO_ANSWER),
    (LOOP + "    sys.exit(7)\n", Failure.ENDED),
    ("", Failure.ENDED),
    (LOOP + "    time.sleep(60)\n", Failure.TIMEOUT),
    ("import time\ntime.sleep(60)\n", Failure.TIMEOUT),
    (LOOP + "    os.write(1, b'{}\\n{}\\n')\n", Failure.MALFORMED),
    ("import os\nwhile True:\n    os.write(1, b'x' * 65536)\n", Failure.TOO_LONG),
    ("import os\nwhile True:\n    os.write(1, b'{}\\n' * 20000)\n", Failure.MALFORMED),
])  # fmt: skip
def test_a_failing_command_is_an_outcome(tmp_path, code, failure):
    assert ask(command(tmp_path, code, timeout="1 s"), "a" * 200_000)[0].failure is failure


def test_a_command_that_is_not_there_is_an_outcome(tmp_path):
    found = ask(pilot_in(tmp_path, command=["no-such-program"]), "a")[0]
    assert found.failure is Failure.UNREACHABLE and "No such file" in found.detail


def test_an_address_is_asked_once_a_record_over_one_connection(tmp_path, monkeypatch):
    monkeypatch.setenv("PILOT_KEY", "canary-key")
    with served(lambda h, r: answer(h, {"prediction": r["text"], "confidence": 0.25})) as (url, asked):
        pilot = pilot_in(tmp_path, url=url, headers={"Authorization": "Bearer ${PILOT_KEY}"})
        found = ask(pilot, "a", "b")
    assert [(a.text, a.confidence) for a in found] == [("a", 0.25), ("b", 0.25)]
    assert [record for record, _ in asked] == [{"text": "a"}, {"text": "b"}]
    assert {headers["Authorization"] for _, headers in asked} == {"Bearer canary-key"}


@pytest.mark.parametrize(("reply", "failure", "detail"), [
    (lambda h, r: answer(h, {}, status=500), Failure.STATUS, "HTTP 500"),
    (lambda h, r: answer(h, {}, status=429), Failure.REFUSED, "HTTP 429"),
    (lambda h, r: answer(h, b"<html>"), Failure.MALFORMED, ""),
    (lambda h, r: answer(h, b"[" * 100_000), Failure.MALFORMED, ""),
    (lambda h, r: answer(h, {"label": "a"}), Failure.NO_ANSWER, "'prediction'"),
    (lambda h, r: answer(h, {}, status=302, Location="http://example.com/"), Failure.REDIRECT, "HTTP 302, not followed"),
    (lambda h, r: answer(h, {}, status=307, Location="/answer"), Failure.REDIRECT, "HTTP 307, not followed"),
    (lambda h, r: drip(h), Failure.TIMEOUT, "more than 0.5 s"),
    (lambda h, r: __import__("time").sleep(2), Failure.TIMEOUT, "more than 0.5 s"),
    (lambda h, r: answer(h, b"x" * 1_500_000), Failure.TOO_LONG, "more than 1,000,000 bytes"),
    (lambda h, r: h.wfile.write(b"nonsense\r\n\r\n"), Failure.UNREACHABLE, "BadStatusLine"),
    (lambda h, r: h.connection.shutdown(2), Failure.UNREACHABLE, "it closed the connection"),
])  # fmt: skip
def test_a_failing_address_is_an_outcome(tmp_path, reply, failure, detail):
    with served(reply) as (url, asked):
        found = ask(pilot_in(tmp_path, url=url, timeout="0.5 s"), "a")[0]
    assert (found.failure, found.detail) == (failure, detail)
    assert [record for record, _ in asked] == [{"text": "a"}]  # no redirect was followed


def test_nobody_at_the_address_is_an_outcome(tmp_path):
    with served(lambda h, r: None) as (url, _):
        pass
    assert ask(pilot_in(tmp_path, url=url), "a")[0].failure is Failure.UNREACHABLE


def test_a_closed_connection_is_opened_again(tmp_path):
    def reply(handler, record):
        answer(handler, {"prediction": "a"})
        handler.close_connection = True  # without saying so

    with served(reply) as (url, asked):
        assert [a.text for a in ask(pilot_in(tmp_path, url=url), "a", "b")] == ["a", "a"]
    assert len(asked) == 2


def test_an_answer_that_repeats_a_secret_is_not_kept(tmp_path, monkeypatch):
    monkeypatch.setenv("PILOT_KEY", "canary-key")
    with served(lambda h, r: answer(h, {"prediction": h.headers["X-Key"]})) as (url, _):
        found = ask(pilot_in(tmp_path, url=url, headers={"X-Key": "${PILOT_KEY}"}), "a")[0]
    assert found.failure is Failure.MALFORMED and "canary" not in repr(found)


@pytest.mark.parametrize(("call", "said"), [
    ({}, "0 ways to call the pilot"),
    ({"function": "pilot.py:answer", "url": "http://127.0.0.1/"}, "2 ways to call the pilot"),
    ({"function": "pilot.answer"}, "names no function of a Python file"),
    ({"url": "ftp://127.0.0.1/"}, "cannot be read"),
    ({"url": "http://user:canary@127.0.0.1/"}, "with a secret or a variable in it"),
    ({"url": "https://${HOST}/x"}, "with a secret or a variable in it"),
    ({"url": "http://127.0.0.1/", "headers": {"Authorization": "Bearer canary"}}, "such headers are secret"),
    ({"url": "http://127.0.0.1/", "headers": {"X-A": "a\r\nX-B: b"}}, "line break"),
    ({"command": ["cat"], "headers": {"X-A": "a"}}, "belong to an HTTP address"),
])  # fmt: skip
def test_a_wrong_section_is_told_with_its_line(tmp_path, call, said):
    with pytest.raises(InputError) as told:
        pilot_in(tmp_path, **call)
    assert said in str(told.value) and "assessment.yaml, line 1" in str(told.value)
    assert "canary" not in str(told.value)


def test_a_variable_that_is_not_set_is_told_before_the_first_call(tmp_path, monkeypatch):
    monkeypatch.setenv("PILOT_KEY", "canary-key")
    pilot = pilot_in(tmp_path, url="http://127.0.0.1:9/", headers={"X-Key": "${PILOT_KEYS}"})
    with pytest.raises(InputError, match="Did you mean 'PILOT_KEY'") as told:
        channel(pilot, clock=StepClock())
    assert "canary" not in str(told.value)


def test_a_function_outside_the_folder_is_refused(tmp_path):
    inner = tmp_path / "inner"
    inner.mkdir()
    (tmp_path / "pilot.py").write_text(ECHO)
    with pytest.raises(InputError, match="lies outside the assessment's folder"):
        channel(pilot_in(inner, function="../pilot.py:answer"), clock=StepClock())
    with pytest.raises(InputError, match=r"the file 'pilto.py' is not there.*put it into inner/"):
        channel(pilot_in(inner, function="pilto.py:answer"), clock=StepClock())


def test_a_secret_in_the_environment_decides_no_digest_and_a_changed_program_does(tmp_path, monkeypatch):
    first = pilot_digest(pilot_in(tmp_path, ECHO))
    assert pilot_digest(pilot_in(tmp_path, ECHO, timeout="3 s", most_calls=5)) == first  # they decide no answer
    assert pilot_digest(pilot_in(tmp_path, ECHO + "# new\n")) != first
    (tmp_path / "prompt.py").write_text("PROMPT = 1\n")
    assert pilot_digest(pilot_in(tmp_path, ECHO)) != first
    address = pilot_in(tmp_path, url="http://127.0.0.1/", headers={"X-Key": "${PILOT_KEY}"})
    before = pilot_digest(address)
    monkeypatch.setenv("PILOT_KEY", "canary-key")
    assert pilot_digest(address) == before
    program = command(tmp_path, LOOP)
    assert pilot_digest(program) != pilot_digest(command(tmp_path, LOOP + "    pass\n"))


def test_what_leaves_the_machine_is_known_before_the_first_call(tmp_path):
    elsewhere = pilot_in(tmp_path, url="http://models.example.com:8080/answer").spec.pilot
    found = destination(elsewhere)
    assert (found.words, found.is_elsewhere, found.is_encrypted) == ("models.example.com:8080", True, False)
    assert bounds(elsewhere).per_minute == policy.value("call_per_minute_elsewhere")
    here = pilot_in(tmp_path, url="http://localhost:8080/answer").spec.pilot
    assert (destination(here).is_elsewhere, bounds(here).per_minute) == (False, None)


def test_numbers_and_objects_are_answers_as_text(tmp_path):
    code = "import json\ndef answer(r):\n    return {'prediction': json.loads(r['text'])}\n"
    given = ["3.0", "2.5", '{"b": 1, "a": "ü"}', "true", '" x "']
    assert [a.text for a in ask(pilot_in(tmp_path, code), *given)] == ["3", "2.5", '{"a": "ü", "b": 1}', "true", "x"]
    assert json.loads('{"a": "ü", "b": 1}') == {"a": "ü", "b": 1}


@pytest.mark.parametrize(("body", "text", "sure"), [
    (b'{"prediction": "\\ud800x", "confidence": 0.5}', "?x", 0.5),
    (b'{"prediction": {"\\udfff": 1}}', '{"?": 1}', None),
    (b'{"prediction": "a", "confidence": ' + b"9" * 400 + b"}", "a", None),
    (b'{"prediction": "a", "confidence": NaN}', "a", None),
    (b'{"prediction": ' + b"[" * 100_000 + b"]" * 100_000 + b"}", "", None),
])  # fmt: skip
def test_an_answer_that_no_file_could_hold_is_an_outcome(body, text, sure):
    """Half a character, a confidence of hundreds of digits, and endless nesting end neither the run nor the store."""
    found = parsed(body, answer="prediction", confidence="confidence")
    assert (found.text, found.confidence, found.failure) == (text, sure, None if text else Failure.MALFORMED)
    assert len(Answers("p", {"k": found}).digest) == 64
