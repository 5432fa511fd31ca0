"""Every cell of every notebook shows something for the full sample, for the newcomer, and for a mere name."""

import ast
import re

import nbformat
import plotly.graph_objects as go
import pytest

import flightready as fr
from flightready.pages.display import Prose, Shown, Snippet, Table, badge, cut, finding_table, without_empty_columns

PILOTS = ["support_triage", "first_hour", "only_a_name"]
NEVER = ("Shapley", "Sobol", "posterior", "EVPPI", "p-value", "copula", "metalog", "nan", "NaT")


def notebooks(root):
    return sorted((root / "notebooks").glob("*.ipynb"))


@pytest.fixture(scope="module", params=PILOTS)
def study(request, root, tmp_path_factory):
    folder = tmp_path_factory.mktemp("pages")
    if request.param == "only_a_name":
        (folder / "assessment.yaml").write_text("name: Just an idea\n")
        return fr.open(folder, as_of="2026-10-15")
    return fr.open(root / "sample_data" / request.param, as_of="2026-10-15")


def calls(root):
    """Every call of a page in every notebook as it stands there, with the notebook's own parameters."""
    for path in notebooks(root):
        given: dict = {}
        for cell in nbformat.read(path, as_version=4).cells:
            tags = cell.metadata.get("tags", [])
            if "parameters" in tags:
                exec(cell.source, given)
            if cell.cell_type == "code" and "page = fr.pages." in cell.source:
                given["page"] = eval(cell.source.rpartition("page = ")[2], {"fr": fr})
            if cell.cell_type == "code" and cell.source.startswith(("page.", "fr.show(")) and "interactive" not in tags:
                yield path.name, cell.source, given


def parts(source, given, study):
    """What a cell shows, part by part."""
    shown = eval(source, {**given, "fr": fr, "study": study})
    return tuple(flat(shown))


def flat(shown):
    """The parts of what is shown, those of its parts included."""
    if isinstance(shown, Shown):
        for part in shown.parts:
            yield from flat(part)
    else:
        yield shown


def test_every_page_call_shows_something(study, root):
    sources = list(calls(root))
    assert len(sources) > 60
    for _, source, given in sources:
        for shown in parts(source, given, study):  # the notebook's own cell
            assert isinstance(shown, go.Figure | Prose | Table | Snippet), source
            if isinstance(shown, go.Figure):
                check_figure(shown, source)
                continue
            text = repr(shown)
            assert text.strip() or shown._repr_html_() == "", source  # nothing to say leaves no empty box
            words = re.findall(r"[\w-]+", text)
            assert not set(words) & set(NEVER), f"{source}: {set(words) & set(NEVER)}"
            assert "inf" not in words, source


def check_figure(shown, source):
    assert shown.layout.title.text, source
    assert shown.layout.meta["description"], source
    drawn = sum(len(t.x) if getattr(t, "x", None) is not None else len(getattr(t, "z", None) or ()) for t in shown.data)
    assert drawn > 0, f"empty chart: {source}"


def test_notebooks_hold_calls_not_code(root):
    for path in notebooks(root):
        node = nbformat.read(path, as_version=4)
        code = [c for c in node.cells if c.cell_type == "code"]
        assert 20 <= len(node.cells) <= 42, f"{path.name}: {len(node.cells)} cells"
        assert code[0].source == "import flightready as fr"
        assert code[1].metadata.get("tags") == ["parameters"]
        for line in code[1].source.splitlines():
            assert re.fullmatch(r"\w+ = .+  # .+", line) and line.count("=") == 1, f"{path.name}: {line}"
        for cell in code:
            assert not cell.outputs and cell.execution_count is None, f"{path.name}: outputs stored"
            assert len([line for line in cell.source.splitlines() if line.strip()]) <= 5 or cell is code[1]
            nodes = [type(n) for n in ast.walk(ast.parse(cell.source))]
            assert not {ast.FunctionDef, ast.For, ast.While, ast.ClassDef, ast.JoinedStr, ast.Lambda} & set(nodes), (
                path.name
            )
        headings = [
            line
            for c in node.cells
            if c.cell_type == "markdown"
            for line in c.source.splitlines()
            if line.startswith("#")
        ]
        assert headings[0].startswith("# ") and headings[0].endswith("?")
        assert any("interactive" in c.metadata.get("tags", []) for c in code), f"{path.name}: no live panel"
        assert any(h.startswith("## Sources") for h in headings)
        assert len({c.id for c in node.cells}) == len(node.cells)


def test_at_least_two_figures_where_there_is_data(root, support_triage):
    study = fr.open(support_triage)
    figures: dict[str, int] = {}
    for name, source, given in calls(root):
        drawn = sum(isinstance(shown, go.Figure) for shown in parts(source, given, study))
        figures[name] = figures.get(name, 0) + drawn
    assert len(figures) == len(notebooks(root))
    assert min(figures.values()) >= 2, figures


def test_live_panels_answer_a_change(root, support_triage):
    study = fr.open(support_triage)
    given = {name: names["page"] for name, _source, names in calls(root)}
    for path in notebooks(root):
        for cell in nbformat.read(path, as_version=4).cells:
            if "interactive" not in cell.metadata.get("tags", []):
                continue
            panel = eval(cell.source, {"page": given[path.name], "study": study})
            assert panel.problem == "" and panel.area.outputs, cell.source
            before = panel.area.outputs
            for name, control in panel.controls.items():
                if hasattr(control, "options"):
                    other = next(
                        o if isinstance(o, str) else o[1]
                        for o in control.options
                        if (o if isinstance(o, str) else o[1]) != control.value
                    )
                    panel.fields[name].value = other
                else:
                    panel.fields[name].value = min(control.high, max(control.low, control.value * 1.5 + control.step))
            assert panel.problem == "", f"{cell.source}: {panel.problem}"
            assert panel.area.outputs != before, f"{cell.source}: nothing moved"


def test_everything_from_data_is_escaped():
    table = Table("<b>", ("<i>",), (("<script>alert(1)</script>",), ("=HYPERLINK(1)",)))
    html = table._repr_html_()
    assert "<script>" not in html and "&lt;script&gt;" in html and "<i>" not in html and "<b>" not in html
    assert "<script>" not in Prose(("<script>x</script>",))._repr_html_()


def test_a_table_is_cut_and_says_how_many_more_there_are():
    table = Table("Found", ("a", "b"), [(str(i), "") for i in range(12)], frozenset({0}), "Read it so.")
    short = cut(table, most=10, every=False, order="the {} largest")
    assert short.caption == "Found: the 10 largest; 2 more are not shown"
    assert len(short.rows) == 10 and short.note.startswith("Read it so. All 12 are shown")
    assert "Read it so." in short._repr_html_() and "Read it so." in repr(short)
    assert cut(table, most=10, every=True, order="") == table == cut(table, most=12, every=False, order="")


def test_a_column_that_says_nothing_is_not_shown():
    table = Table("Found", ("a", "b", "c"), (("", "x", ""), ("", "", "1")), frozenset({2}))
    kept = without_empty_columns(table)
    assert kept.head == ("b", "c") and kept.rows == [("x", ""), ("", "1")] and kept.numeric == {1}


def test_a_date_in_a_table_is_not_broken():
    assert ">2026-03-01</span> to <" in Table("t", ("a",), (("2026-03-01 to 2026-03-04",),))._repr_html_()


def test_states_are_words_and_symbols_not_only_colours():
    for state, symbol in (("PASS", "✓"), ("FAIL", "✗"), ("UNKNOWN", "?")):
        assert f"{symbol} {state}" in badge(state)
    assert repr(finding_table(())).startswith("Findings")


def test_a_mistake_in_a_notebook_is_a_sentence(tmp_path):
    from IPython.testing.globalipapp import start_ipython

    shell = start_ipython() or __import__("IPython").get_ipython()
    (tmp_path / "assessment.yaml").write_text("name: x\n")
    fr.open(tmp_path)
    seen = []
    shell._showtraceback = lambda kind, error, lines: seen.append(lines)
    shell.run_cell("import flightready as fr; fr.open('no/such/folder')")
    assert len(seen) == 1 and len(seen[0]) == 1
    assert "neither a folder nor a file" in seen[0][0] and "Traceback" not in seen[0][0]


def test_a_key_of_the_assessment_keeps_its_letters_in_a_table():
    from flightready.pages.display import _sentence

    assert _sentence("evaluation.truth_set.labelled_by; more labels") == "evaluation.truth_set.labelled_by; more labels"
    assert _sentence("more labels.") == "More labels."
