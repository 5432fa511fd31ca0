"""The wording of errors: place, problem, what is valid, the cure."""

from flightready.errors import InputError, InputErrors, listed, nearest


def test_a_message_names_place_problem_valid_and_cure():
    error = InputError("'p10' is above 'p50'", where="assessment.yaml, line 4", valid="p10 < p50", cure="swap them")
    assert str(error) == "assessment.yaml, line 4: 'p10' is above 'p50'. Valid: p10 < p50. To cure it: swap them."


def test_a_question_is_not_introduced_as_a_cure():
    assert (
        str(InputError("unknown key 'nam'", cure="did you mean 'name'?")) == "unknown key 'nam'. Did you mean 'name'?"
    )


def test_what_a_terminal_takes_for_a_command_is_not_shown():
    assert str(InputError("no price for 'm\x1b[31m\nx'")) == "no price for 'm [31m x'."


def test_a_place_can_be_put_in_front_of_another():
    inner = InputError("it is not a share", where="'adoption'")
    assert str(inner.at("assessment.yaml, line 9")) == "assessment.yaml, line 9, 'adoption': it is not a share."


def test_several_mistakes_come_together():
    both = InputErrors([InputError("first"), InputError("second")])
    assert str(both).splitlines()[0] == "first."
    assert len(both.errors) == 2


def test_nearest_ignores_case_and_stays_silent_when_nothing_is_near():
    assert nearest("PRODUCTION", ["production", "curated"]) == "did you mean 'production'?"
    assert nearest("zzz", ["production"]) == ""


def test_a_long_list_is_cut():
    assert listed(range(20), limit=3) == "0, 1, 2 and 17 more"
