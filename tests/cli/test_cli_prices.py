"""The command that writes prices beside the assessment."""

import pytest

from flightready.assessment import load
from flightready.cli.program import app

TEXT = """\
name: x   # the pilot
cost:
  per_request: {model: gpt-4.1, input_tokens: 10, output_tokens: 1}
  options:
    - {name: Ours, model: our-own-model}
"""


@pytest.fixture
def prices(tmp_path, capsys):
    def run(text=None, *options):
        if text is not None:
            (tmp_path / "assessment.yaml").write_text(text)
        with pytest.raises(SystemExit) as ended:
            app(["prices", str(tmp_path), "--as-of", "2026-10-15", *options])
        return ended.value.code, capsys.readouterr().out

    return run


def test_prices_are_written_beside_the_assessment_and_named_in_it(prices, tmp_path):
    code, told = prices(TEXT)
    assert (code, "New: gpt-4.1" in told) == (0, True)
    assert "No price is known for 'our-own-model' (named by an option or as a successor)" in told
    assert (tmp_path / "assessment.yaml").read_text() == TEXT + "  price_file: prices.yaml\n"
    assert load(tmp_path).input_files()["prices.yaml"] == tmp_path / "prices.yaml"
    assert "As it was: gpt-4.1" in prices()[1]


def test_a_model_that_nobody_prices_is_asked_for(prices, tmp_path):
    code, told = prices(TEXT.replace("gpt-4.1", "gtp-4.1"))
    assert (code, "Did you mean 'gpt-4.1'?" in told, "Nothing was written" in told) == (4, True, True)
    assert not (tmp_path / "prices.yaml").exists() and load(tmp_path).spec.cost.price_file is None
    assert prices("name: x\n") == (0, "No model to price: the assessment prices every model that it names, or it names "
                                   "none.\n")  # fmt: skip
