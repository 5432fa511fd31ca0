"""The workbook of cost: its totals are formulas that give our own figures, and nothing from data is a formula."""

import zipfile

import openpyxl
import pytest
from workbook_formulas import Evaluated

import flightready as fr
from flightready.pages import cost as page
from flightready.reports.cost_workbook import cost_workbook

EXACT = 1e-9  # cached values and formulas rest on the same inputs
HOSTILE = ('=HYPERLINK("http://x","y")', "+1+1", "-2", "@SUM(A1)", "\t=1+1", "_x000D_", "Café & <b>")
SURE = """
seed: 3
workload:
  users_per_day: 1_000
  requests_per_user: 2
  growth_per_month: 2%%
  adoption: {points: {0: 50%%, 4: 100%%}}
  launches: [{name: "%s", after: 3 months, adds: 500}]
cost:
  bill: 30 USD for 900 requests
  mix_spread: 0%%
  approved: 2_500 USD per month
  price_change: -20%% per year
  running:
    tools_per_request: 0.001 USD
    monitoring: 100 USD per month
    audit_log: {bytes_per_request: 1_000_000, kept: 4 months, per_gb: 1 USD per month}
    other: {"%s": 7 USD per month}
evaluation:
  labelled: 172 right of 200
  error_cost: {default: 2 USD}
  review: {cost: 1.50 USD}
roi:
  estimates: {review_share: 10%%}
"""


@pytest.fixture
def written(tmp_path):
    def write(text, **what_ifs):
        (tmp_path / "assessment.yaml").write_text("name: '" + HOSTILE[0] + "'\n" + text)
        study = fr.open(tmp_path, as_of="2026-10-15", **what_ifs)
        path = tmp_path / "cost.xlsx"
        path.write_bytes(cost_workbook(study))
        return study, path

    return write


@pytest.fixture(scope="module")
def triage(support_triage, tmp_path_factory):
    study = fr.open(support_triage, as_of="2026-10-15")
    path = tmp_path_factory.mktemp("triage") / "cost.xlsx"
    path.write_bytes(cost_workbook(study))
    return study, path


def formulas(path):
    book = openpyxl.load_workbook(path)
    return [(p.title, c.coordinate) for p in book for row in p.iter_rows() for c in row if c.data_type == "f"]


def rows(path, sheet, column=1):
    """Row of each label of a sheet."""
    found = openpyxl.load_workbook(path)[sheet].iter_rows(max_col=column)
    return {row[0].value: row[0].row for row in found if row[0].value}


@pytest.mark.parametrize("kind", ["triage", "sure", "unplanned"])
def test_every_formula_gives_its_stored_value(kind, written, request):
    if kind == "triage":
        _study, path = request.getfixturevalue("triage")
    else:
        _study, path = written(
            SURE % ("Second", "Licence") if kind == "sure" else "cost: {bill: 30 USD for 900 requests}"
        )
    cached, anew = openpyxl.load_workbook(path, data_only=True), Evaluated(path)
    places = formulas(path)
    assert len(places) > 100
    for sheet, cell in places:
        stored = cached[sheet][cell].value
        worked = anew(sheet, cell)
        stored, worked = (v or 0.0 for v in (stored, worked))  # an empty text is stored as nothing
        same = stored == worked if isinstance(worked, str) else stored == pytest.approx(worked, rel=EXACT, abs=EXACT)
        assert same, (sheet, cell, stored, worked)


def test_without_uncertainty_the_formulas_give_the_simulated_figures(written):
    study, path = written(SURE % ("Second", "Licence"))
    result, anew = study.cost, Evaluated(path)
    month, year, ranges = rows(path, "Month"), rows(path, "Year"), rows(path, "Ranges")
    assert anew("Month", f"C{month['Total']}") == pytest.approx(result.monthly.median, rel=1e-8)
    assert anew("Year", f"N{year['Total']}") == pytest.approx(result.year.total_usd.mean(), rel=1e-8)
    assert anew("Month", f"C{month['Reviews by people']}") == pytest.approx(result.labour.monthly.median, rel=1e-8)
    # 60,875 requests at 3.33 cents and 0.1 cent of tools, 1 MB kept for 4 months, 107 USD whatever the load
    assert anew("Month", f"C{month['Total']}") == pytest.approx(60_875 * (30 / 900 + 0.001 + 0.004) + 107)
    differing = (
        "On top: Wrong answers that nobody reviews",
        "A month with people and wrong answers",
        "One right answer, the bill alone",
    )  # fmt: skip - 172 of 200 is uncertain
    for label in set(ranges) - {"What", *differing}:
        if ranges[label] > 4:
            assert abs(anew("Ranges", f"G{ranges[label]}")) < 1e-8, label


def test_the_totals_follow_an_input(triage):
    study, path = triage
    inputs, month, year = rows(path, "Inputs"), rows(path, "Month"), rows(path, "Year")
    users, fixed = f"Inputs!C{inputs['Users a day']}", f"Inputs!C{inputs['Monitoring']}"
    total, in_year = f"C{month['Total']}", f"N{year['Total']}"
    before, held = Evaluated(path), openpyxl.load_workbook(path)["Inputs"]
    doubled = Evaluated(path, **{users: 2 * held[users[7:]].value})
    lasting = before("Inputs", fixed[7:]) + before("Inputs", f"C{inputs['On-call']}")
    assert doubled("Month", total) - lasting == pytest.approx(2 * (before("Month", total) - lasting))
    assert doubled("Year", in_year) - 12 * lasting == pytest.approx(2 * (before("Year", in_year) - 12 * lasting))
    dearer = Evaluated(path, **{fixed: held[fixed[7:]].value + 50})
    assert dearer("Month", total) - before("Month", total) == pytest.approx(50)
    assert dearer("Year", in_year) - before("Year", in_year) == pytest.approx(600)
    early = Evaluated(path, **{f"Inputs!C{inputs['Second language region: begins']}": 2})
    assert early("Year", f"C{year['Second language region: users']}") == 0
    assert early("Year", f"D{year['Second language region: users']}") == pytest.approx(26_458 * 0.25, rel=1e-4)
    # the stored total is near the simulated middle, and within its range
    assert before("Month", total) == pytest.approx(study.cost.monthly.median, rel=0.03)


@pytest.mark.parametrize("name", HOSTILE)
def test_a_name_from_data_is_a_text_whatever_it_begins_with(written, name):
    quoted = name.replace("\\", "\\\\").replace('"', '\\"').replace("\t", "\\t")
    options = f'  options: [{{name: "{quoted}", kind: buy, per_request: 0.01 USD}}]\n'
    text = (SURE % (quoted, quoted)).replace("  running:", options + "  running:")
    _study, path = written(text)
    book = openpyxl.load_workbook(path)
    shown = [c for p in book for row in p.iter_rows() for c in row if str(c.value).startswith(name.strip())]
    assert {c.parent.title for c in shown} >= {"Inputs", "Month", "Year", "Options", "Ranges"}
    assert {c.data_type for c in shown} == {"s"}
    with zipfile.ZipFile(path) as parts:
        assert not [n for n in parts.namelist() if "vba" in n.lower() or "externalLink" in n]
        assert b"HYPERLINK" not in b"".join(parts.read(n) for n in parts.namelist() if "worksheets/" in n)


def test_the_same_input_gives_the_same_bytes(triage):
    study, path = triage
    assert cost_workbook(study) == path.read_bytes()
    with zipfile.ZipFile(path) as parts:
        assert b"2026-10-15" in parts.read("docProps/core.xml")


def test_without_users_the_month_waits_for_them(first_hour, tmp_path):
    study, path = fr.open(first_hour, as_of="2026-10-15"), tmp_path / "cost.xlsx"
    path.write_bytes(cost_workbook(study))
    users, month = f"C{rows(path, 'Inputs')['Users a day']}", rows(path, "Month")
    total, empty = f"C{month['Total']}", Evaluated(path)
    assert empty("Inputs", users) == "" and empty("Month", total) == 0
    assert empty("Month", "A2") == f"Users a day are not stated: type them into the sheet Inputs, cell {users}"
    assert empty("Month", f"C{month['One request']}") == empty("Month", f"C{month['Reviews by people']}") == ""
    typed = Evaluated(path, **{f"Inputs!{users}": 1_000})
    requests = 1_000 * typed("Inputs", "C7") * typed("Inputs", "C8")
    assert typed("Month", total) == pytest.approx(requests * study.cost.per_request.median, rel=1e-6)
    assert typed("Month", "A2") == ""
    assert "wait for a figure in its sheet Inputs" in repr(page.workbook(study))


def test_without_a_cost_of_a_request_there_is_no_workbook(tmp_path):
    (tmp_path / "assessment.yaml").write_text("name: x\nworkload: {users_per_day: 5}\n")
    study = fr.open(tmp_path, as_of="2026-10-15")
    assert cost_workbook(study) is None
    assert repr(page.workbook(study)) == "There is no workbook of cost: nothing says yet what a request costs."


def test_another_currency_is_not_added(written):
    text = "currency: EUR\n" + (SURE % ("a", "b")).replace("USD", "EUR").replace(
        "bill: 30 EUR for 900 requests", "per_request: {model: gpt-4.1, input_tokens: 900, output_tokens: 90}"
    )
    study, path = written(text)
    assert not study.cost.is_comparable
    assert "Monitoring" not in rows(path, "Inputs") and "Reviews by people" not in rows(path, "Month")
    assert "Another currency" in rows(path, "About")
    assert '"USD"' in openpyxl.load_workbook(path)["Month"][f"C{rows(path, 'Month')['Total']}"].number_format


def test_the_sheets_are_set_up_for_paper_and_screen(triage):
    book = openpyxl.load_workbook(triage[1])
    assert book.sheetnames == ["Inputs", "Month", "Year", "Options", "Ranges", "About"]
    for sheet in book:
        assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("landscape", 9), sheet.title
        assert (
            sheet.sheet_properties.pageSetUpPr.fitToPage
            and sheet.page_setup.fitToHeight == 0
            and sheet.freeze_panes
            and sheet.print_title_rows
        )
        assert "2026-10-15" in sheet.oddFooter.left.text
    yellow = book["Inputs"]["C6"]
    assert yellow.fill.fgColor.rgb == "FFFFF7E0" and not yellow.protection.locked
    assert '"USD"' in book["Month"]["C20"].number_format
