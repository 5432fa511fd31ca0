"""The form of the answers, and business rules that must always hold."""

from __future__ import annotations

from functools import partial

import numpy as np
import pytest
from evaluation_samples import COLUMNS, HEAD, evaluated_in, rows
from hypothesis import given, settings
from hypothesis import strategies as st

from flightready.errors import InputError
from flightready.evaluation.contract.output_contract import _Contract, _declines, _is_no_json
from flightready.evidence import State
from flightready.intervals import clopper_pearson
from flightready.narrative import evaluation_budget as narrative

ANY = {"columns": {"id": "id", "text": "text", "prediction": "predicted"}}
CANARY = "zoe.quill@canary.example"
FINE = {("a", "a"): 60, ("b", "b"): 40}


@pytest.fixture
def evaluated(tmp_path):
    """Function that evaluates a pilot given its files and the section `evaluation`."""
    return partial(evaluated_in, tmp_path)


def finding(result, name):
    return next((f for f in result.findings if f.id == f"evaluation.{name}"), None)


def kinds(result):
    return {kind: found.hits for kind, found in result.contract.raw.kinds.items()}


def plain(answers: list[str]) -> str:
    """Records without any right answer."""
    lines = [f'{i},text number {i},"{a.replace(chr(34), chr(34) * 2)}"\n' for i, a in enumerate(answers)]
    return "id,text,predicted\n" + "".join(lines)


# --- output contract ----------------------------------------------------------------------------------------


def test_by_default_the_classes_that_occur_are_allowed(evaluated):
    """Labels of both sides: `c` is a label of the demo set only, `d` of none, and `A` is no answer that a program finds."""
    raw = HEAD + rows(0, {**FINE, ("a", "c"): 4, ("a", "d"): 3, ("a", "A"): 2, ("a", ""): 1})
    result = evaluated(raw, HEAD + rows(5000, {("c", "c"): 30, ("a", "a"): 30}))
    assert kinds(result) == {"empty": 1, "malformed": 0, "out of vocabulary": 5}
    found = result.contract
    assert (found.vocabulary, found.is_listed, found.raw.case_only) == (3, False, 2)
    assert found.raw.bad.interval == clopper_pearson(6, 110)
    assert found.curated.bad.hits == 0


def test_what_the_assessment_lists_wins(evaluated):
    result = evaluated(HEAD + rows(0, FINE), output={"allowed": ["a", "x"]})
    assert kinds(result)["out of vocabulary"] == 40
    assert (result.contract.is_listed, finding(result, "output_contract").state) == (True, State.FAIL)


def test_records_without_labels_are_checked_too(evaluated):
    result = evaluated(plain(["yes"] * 50 + ["no"] * 40 + ["maybe"] * 10), output={"allowed": ["yes", "no"]}, **ANY)
    assert (result.raw, kinds(result)["out of vocabulary"], result.contract.raw.bad.n) == (None, 10, 100)


def test_without_list_and_labels_anything_may_be_answered(evaluated):
    result = evaluated(plain(["yes"] * 50 + ["no"] * 40), **ANY)
    assert (result.contract.vocabulary, "out of vocabulary" in kinds(result)) == (0, False)
    assert "No list says which answers are allowed" in narrative.contract_meaning(result.contract, ())


@pytest.mark.parametrize(("n", "state"), [(298, State.UNKNOWN), (299, State.PASS)])
def test_none_bad_passes_from_the_rule_of_three(evaluated, n, state):
    """At most 1 % from 299 answers without a bad one: 0.99 ** 299 < 0.05."""
    told = finding(evaluated(HEAD + rows(0, {("a", "a"): n - 40, ("b", "b"): 40})), "output_contract")
    assert told.state is state
    assert told.decides == ("" if n == 299 else "1 more answer without a bad one")
    assert (told.questions, told.gaps, told.tags) == ((), ("G4",), ("reliability",))


@pytest.mark.parametrize(
    ("form", "good", "bad"),
    [
        ("number", ["12", "1.234,50", "7 %", "-3"], ["twelve", "n"]),
        ("date", ["2026-01-31", "31.01.2026"], ["soon", "13"]),
        ("json", ['{"a": 1}', "[1, 2]", "3"], ["{'a': 1}", '{"a": 1', "[" * 100_000]),
        ("text", ["fine", "also fine"], ["bro\ufffdken", "bell\x07"]),
    ],
)
def test_answers_that_are_not_of_the_format_are_malformed(evaluated, form, good, bad):
    answers = good * 10 + bad
    result = evaluated(plain(answers), task="scored", output={"format": form}, **ANY)
    assert kinds(result)["malformed"] == len(bad)


def test_a_regression_answers_with_numbers(evaluated):
    assert kinds(evaluated(plain(["1.5", "2.5"] * 20 + ["none of it"]), task="regression", **ANY))["malformed"] == 1


def test_long_answers_and_refusals_of_generated_texts(evaluated):
    answers = ["A proper answer that helps."] * 30
    answers += ["I cannot help with that.", "Es tut mir leid, aber das geht nicht.", "Je ne peux pas répondre."]
    answers += ["As you cannot log in, reset your password.", "word " * 50]
    result = evaluated(plain(answers), task="scored", output={"longest": 100}, **ANY)
    assert {k: n for k, n in kinds(result).items() if n} == {"refused": 3, "too long": 1}


def test_the_assessment_names_other_refusals(evaluated):
    result = evaluated(plain(["ok"] * 30 + ["PASS on this one"]), output={"refusals": ["pass on"]}, **ANY)
    assert kinds(result)["refused"] == 1


def test_an_answer_counts_once_and_copies_count_once(evaluated):
    lines = plain(["ok"] * 30 + ["I cannot \ufffd" + "x" * 200])
    result = evaluated(lines + lines.splitlines()[-1] + "\n", task="scored", output={"longest": 20}, **ANY)
    assert (result.contract.raw.bad.hits, result.contract.raw.bad.n) == (1, 31)


def test_a_system_without_any_answer_is_left_out(tmp_path):
    (tmp_path / "mail.csv").write_text(HEAD + rows(500, {("a", ""): 20}), encoding="utf-8")
    (tmp_path / "web.csv").write_text(HEAD + rows(0, {**FINE, ("a", "z"): 2}), encoding="utf-8")
    found = evaluated_in(tmp_path, data={"production": ["web.csv", "mail.csv"]}).contract.raw
    assert (found.silent, list(found.by_system)) == (("mail",), ["web"])
    assert found.by_system["web"].hits == 2


def test_fields_of_an_extraction_are_checked_each_by_its_kind(evaluated):
    lines = [f"{i},t {i},{i}.50,{i}.50,2026-01-0{i % 9 + 1},2026-01-0{i % 9 + 1}\n" for i in range(40)]
    lines += ["90,t,5.00,five,2026-01-01,\n", "91,t,6.00,6.00,2026-01-01,someday\n"]
    result = evaluated(
        "id,text,total,total_read,due,due_read\n" + "".join(lines), columns={"id": "id", "text": "text"},
        task="extraction",
        fields={"total": {"label": "total", "prediction": "total_read", "compare": "number"},
                "due": {"label": "due", "prediction": "due_read", "compare": "date"}},
    )  # fmt: skip
    assert kinds(result) == {"empty": 1, "refused": 0, "malformed": 2}
    assert result.contract.raw.bad.n == 84


def test_an_empty_field_is_bad_where_there_is_something_to_find(evaluated):
    lines = [f"{i},t {i},A{i},A{i}\n" for i in range(40)] + ["90,t,A90,\n", "91,t,A91,N/A\n", "92,t,,\n", "93,t,n/a,\n"]
    result = evaluated(
        "id,text,code,read\n" + "".join(lines), columns={"id": "id", "text": "text"}, task="extraction",
        fields={"code": {"label": "code", "prediction": "read"}},
    )  # fmt: skip
    assert (kinds(result)["empty"], result.contract.raw.bad.n) == (2, 44)


def test_without_answers_there_is_no_contract(evaluated):
    result = evaluated("id,text\n1,x\n2,y\n", columns={"id": "id", "text": "text"})
    assert (result.contract, result.rule_checks, finding(result, "output_contract")) == (None, (), None)
    assert narrative.contract_meaning(None, ()) == narrative.NO_ANSWERS


@given(st.text(max_size=40))
@settings(max_examples=60, deadline=None)
def test_whatever_is_answered_is_told_apart_without_a_crash(text):
    assert isinstance(_is_no_json(text), bool)
    assert _declines(f"I cannot {text}", ("i cannot",))
    assert _Contract(frozenset(), "text", None, (), False, frozenset()).format == "text"


# --- business rules -----------------------------------------------------------------------------------------

SPREAD = "id,text,team,predicted,confidence,value,kind\n"
WITH_VALUE = {**COLUMNS}


def orders(
    n: int, *, said: str = "a", value: str = "10", kind: str = "private", confidence: str = "0.9", start: int = 0
):
    return "".join(f'{i},text {i},a,{said},{confidence},"{value}",{kind}\n' for i in range(start, start + n))


def rule(**demand):
    return [{"name": "The rule", **demand}]


def test_answers_that_break_a_rule_are_counted_in_its_scope(evaluated):
    raw = SPREAD + orders(300) + orders(20, said="b", value="900", start=400) + orders(30, value="501", start=500)
    result = evaluated(raw, rules=rule(when={"value": "> 500"}, forbid="b"))
    found = result.rule_checks[0]
    assert (found.raw.hits, found.raw.n, found.answers, found.untold) == (20, 50, 350, 0)
    assert found.raw.interval == clopper_pearson(20, 50)
    told = finding(result, "business_rules")
    assert (told.state, told.value) == (State.FAIL, pytest.approx(0.4))
    assert told.sentence.startswith("1 of 1 rule that must always hold is broken: 'The rule' by 20 of 50 raw answers")


@pytest.mark.parametrize(
    ("when", "n"),
    [({"kind": "business"}, 7), ({"kind": " BUSINESS "}, 7), ({"kind": ["business", "public"]}, 12), ({}, 112),
     ({"value": "10"}, 107), ({"value": "10.00"}, 107), ({"value": ">= 1_000"}, 5), ({"value": "< 1000,5"}, 112),
     ({"value": "> 10", "kind": "business"}, 0), ({"value": "<= 10"}, 107)],
)  # fmt: skip
def test_conditions_are_read_with_care(evaluated, when, n):
    """Blanks and case do not matter, numbers are read as numbers, and all conditions must hold."""
    raw = (
        SPREAD
        + orders(100)
        + orders(7, kind=" Business", start=200)
        + orders(5, kind="public", value="1000", start=300)
    )
    result = evaluated(raw, rules=rule(when=when, allow=["A"]))
    assert result.rule_checks[0].raw.n == n
    assert result.rule_checks[0].broken == 0


@pytest.mark.parametrize(("band", "n"), [("<18", 7), (" >65 ", 5), ("> 500", 0)])
def test_a_value_that_is_written_like_a_comparison_is_a_value(evaluated, band, n):
    raw = SPREAD + orders(100, kind="18-65") + orders(7, kind="<18", start=200) + orders(5, kind=" >65", start=300)
    found = evaluated(raw, rules=rule(when={"kind": band}, allow=["a"])).rule_checks[0]
    assert (found.raw.n, found.untold) == (n, 0 if n else 112)


def test_markup_as_a_class_may_stand_in_a_condition(evaluated):
    raw = SPREAD + orders(3, kind="<b>bold</b>")
    assert evaluated(raw, rules=rule(when={"kind": "<b>bold</b>"}, forbid="x")).rule_checks[0].raw.n == 3


def test_a_missing_value_is_not_in_scope_and_is_told(evaluated):
    raw = SPREAD + orders(200, value="600") + orders(9, value="", said="b", start=300)
    raw += orders(4, value="N/A", said="b", start=400)
    found = evaluated(raw, rules=rule(when={"value": "> 500"}, forbid="b")).rule_checks[0]
    assert (found.raw.hits, found.raw.n, found.untold) == (0, 200, 13)


def test_unsure_answers_break_a_rule_unless_a_person_decides(evaluated):
    """Below 80 % sure: 6 at 60 %, 4 at 75 % and 2 that do not say; people look at what is below 70 %."""
    raw = SPREAD + orders(90) + orders(6, confidence="0.6", start=200) + orders(4, confidence="0.75", start=300)
    raw += orders(2, confidence="", start=400)
    demand = rule(when={"predicted": "a"}, least_confidence="80%")
    alone = evaluated(raw, rules=demand).rule_checks[0]
    helped = evaluated(raw, rules=demand, review={"threshold": "70%"}).rule_checks[0]
    assert (alone.raw.hits, alone.to_people, helped.raw.hits, helped.to_people) == (12, 0, 6, 6)


@pytest.mark.parametrize(("n", "state"), [(298, State.UNKNOWN), (299, State.PASS)])
def test_none_broken_passes_only_from_enough_answers(evaluated, n, state):
    raw = SPREAD + orders(n, value="600") + orders(50, start=1000)
    told = finding(evaluated(raw, rules=rule(when={"value": "> 500"}, forbid="b")), "business_rules")
    assert told.state is state
    assert (told.interval.high <= 0.01) is (state is State.PASS)
    assert told.decides == ("" if n == 299 else "1 more raw answer in the scope of 'The rule', none of which breaks it")


def test_a_condition_that_never_holds_is_said(evaluated):
    result = evaluated(SPREAD + orders(400), rules=rule(when={"kind": "goverment"}, forbid="a"))
    assert (result.rule_checks[0].never_seen, result.rule_checks[0].raw.n) == (("kind",), 0)
    told = finding(result, "business_rules")
    assert (told.state, told.decides.startswith("299 more raw answers")) == (State.UNKNOWN, True)
    assert "its condition on kind never held" in narrative.contract_meaning(result.contract, result.rule_checks)


def test_a_rule_broken_on_the_demo_set_is_broken(evaluated):
    demo = SPREAD + orders(50, start=5000) + orders(1, value="900", said="b", start=6000)
    result = evaluated(SPREAD + orders(400, value="800"), demo, rules=rule(when={"value": "> 500"}, forbid="b"))
    assert finding(result, "business_rules").state is State.FAIL
    assert "1 of 1 demo answers" in finding(result, "business_rules").sentence


@pytest.mark.parametrize(
    ("demand", "told"),
    [
        ({"when": {"vlue": "> 500"}, "forbid": "b"}, "column 'vlue', which no file of records has"),
        ({"when": {"value": "> much"}, "forbid": "b"}, "'much', which is no number"),
        ({"forbid": "bb"}, "names the answer 'bb'"),
        ({"when": {"value": "> 500"}}, "demands nothing"),
    ],
)
def test_a_rule_that_cannot_be_checked_says_why(evaluated, demand, told):
    with pytest.raises(InputError, match=told) as error:
        evaluated(SPREAD + orders(60), rules=rule(**demand), output={"allowed": ["a", "b"]})
    assert "assessment.yaml, line" in str(error.value) or "rules" in str(error.value)


@pytest.mark.parametrize("raw", [None, "id,text\n1,x\n2,y\n"])
def test_rules_without_answers_are_no_mistake(evaluated, raw):
    """Records, or the pilot's answers, may be brought later."""
    result = evaluated(raw, columns={}, sampling=None, rules=rule(when={"predicted": "a"}, least_confidence="80%"))
    assert (result.rule_checks, finding(result, "business_rules")) == ((), None)


def test_nothing_of_the_data_is_shown(evaluated):
    raw = SPREAD + orders(60) + orders(5, said=CANARY, value="4711", kind=CANARY, start=200)
    result = evaluated(raw, rules=[*rule(when={"value": "> 500"}, allow="a"), {"name": "Other", "forbid": CANARY[:3]}])
    shown = repr((result.contract, result.rule_checks, result.findings))
    assert result.rule_checks[0].examples[0].line == 62
    assert result.rule_checks[0].examples[0].masked.startswith("value 9999, answer aaa")
    assert not any(part in shown for part in ("canary", "quill", "4711"))


@given(st.integers(0, 30), st.integers(0, 30))
@settings(max_examples=10, deadline=None)
def test_scope_and_systems_add_up(tmp_path_factory, inside, outside):
    raw = SPREAD + orders(inside, value="900", said="b") + orders(outside + 2, start=500)
    result = evaluated_in(tmp_path_factory.mktemp("rules"), raw, rules=rule(when={"value": "> 500"}, forbid="b"))
    found = result.rule_checks[0]
    assert (found.raw.hits, found.raw.n, found.answers) == (inside, inside, inside + outside + 2)
    assert sum(r.n for r in found.by_system.values()) == found.raw.n


def test_the_pages_show_rules_and_contract(support_triage, tmp_path):
    import flightready as fr
    from flightready.pages import evaluation as pages
    from flightready.study.store import Store

    study = fr.open(support_triage, as_of="2026-10-15", store=Store(tmp_path))
    shown = repr(pages.contract(study))
    assert "Legal cases only when sure (where predicted_team is legal: at least 80% sure, or a person decides)" in shown
    assert "any of these | 0 | 1,161 | at most 0.26 %" in shown
    assert "13 months | 2026-" in repr(pages.tails(study))
    assert pages.budget(study).layout.title.text == "164 % of the error budget is used: overdrawn"
    assert "overdrawn" in repr(pages.meaning_budget(study))
    assert np.isfinite(study.evaluation.budget.month.cost)
