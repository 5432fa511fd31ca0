"""A first assessment from the files of a folder: what each file is, which column plays which role, and why.

Everything that was guessed is marked `guessed, confirm` with its reason.
"""

from __future__ import annotations

import io
import shlex
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq

from flightready.assessment import FILE_NAME
from flightready.assessment.save import write_whole
from flightready.errors import InputError, listed
from flightready.realism.population.records import MANIFEST_NAME
from flightready.realism.sources.opening import PACKED_ENDINGS
from flightready.realism.sources.several import RECORD_ENDINGS
from flightready.study.grouping import grouped
from flightready.study.recognised import Recognised, is_sampled, recognised

GUESSED = "guessed, confirm"
DATA_ENDINGS = (*RECORD_ENDINGS, *PACKED_ENDINGS)
_MOST_TOLD = 12


@dataclass(frozen=True)
class Proposal:
    """A proposed assessment: the files, and the YAML text."""

    folder: Path
    files: tuple[Recognised, ...]
    text: str


def propose(folder: Path) -> Proposal:
    """Look at the files of a folder and propose an assessment.

    Raises
    ------
    InputError
        When there is no such folder, or no file in it that could be read.
    """
    if folder.is_file():
        raise InputError(
            f"'{folder}' is a file, not a folder", cure=f"give its folder: flightready new {_quoted(folder.parent)}"
        )
    if not folder.is_dir():
        raise InputError(
            f"'{folder}' is not a folder", cure=f"mkdir {_quoted(folder)}, and put the pilot's files into it"
        )
    files = grouped(folder, recognised(folder))
    if all(f.role == "skipped" for f in files):
        raise _nothing_to_use(folder, files)
    return Proposal(folder, files, _yaml(folder, files))


def create(folder: Path, *, replace: bool = False) -> tuple[Proposal, bool]:
    """Write the proposed assessment; an identical one that is already there is left alone.

    Returns
    -------
    (Proposal, bool)
        The proposal, and whether a file was written.

    Raises
    ------
    InputError
        When a different assessment.yaml is already there and `replace` is not set.
    """
    proposal = propose(folder)
    path = folder / FILE_NAME
    if path.exists() and not replace:
        if path.read_text(encoding="utf-8-sig") == proposal.text:
            return proposal, False
        raise InputError(f"'{folder.name}' already holds an {FILE_NAME}",
                         cure=f"edit it, or replace it with: flightready new {folder} --replace")  # fmt: skip
    write_whole(path, proposal.text)
    return proposal, True


def _quoted(path: Path) -> str:
    return shlex.quote(str(path))


def _nothing_to_use(folder: Path, files: tuple[Recognised, ...]) -> InputError:
    """Return the error of a folder without records; it says what lies there, file by file and folder by folder."""
    told = {f.name: f.why for f in files}
    for path in sorted(folder.iterdir()):
        if path.is_dir() and not any(name.startswith(f"{path.name}/") for name in told):
            inside = sorted(p.name for p in path.iterdir() if not p.name.startswith("."))
            told[f"{path.name}/"] = f"a folder that holds {listed(inside, limit=4) or 'nothing'}"
        elif path.is_file() and path.name != FILE_NAME:
            told.setdefault(path.name, "not a file of records")
    reasons = "; ".join(f"{name}: {why}" for name, why in list(told.items())[:_MOST_TOLD])
    more = len(told) - _MOST_TOLD
    reasons += f"; and {more} more" if more > 0 else ""
    return InputError(
        f"no file in '{folder.name}' can be used" + (f" ({reasons})" if reasons else ""),
        valid=f"records or logs as {listed(DATA_ENDINGS, limit=20)}",
        cure="export the records as CSV and put them there",
    )


def _yaml(folder: Path, files: Iterable[Recognised]) -> str:
    by_role = {
        role: [f for f in files if f.role == role] for role in ("curated", "production", "usage", "spans", "skipped")
    }
    # a log beside traces tells of the same calls: both would count them twice
    by_role["usage"] = by_role["usage"] or [f for f in by_role["spans"] if f.holds_usage]
    content = CommentedMap()
    _guess(content, "name", folder.resolve().name.replace("_", " ").replace("-", " ").capitalize(), "the folder's name")
    _guess(content, "phase", "prototype", "validate, prototype, pilot or scale")
    _guess(
        content,
        "system",
        "llm_api" if by_role["usage"] else "classical_ml",
        "classical_ml, llm_api, self_hosted or edge",
    )
    if by_role["curated"] or by_role["production"]:
        content["data"] = _data(by_role["curated"], by_role["production"])
        if is_sampled(folder):
            _guess(content["data"], "sampling", MANIFEST_NAME, "how the sample was drawn")
    if by_role["usage"]:
        content["cost"] = section = CommentedMap()
        names = [f.name for f in by_role["usage"]]
        _guess(section, "usage", names[0] if len(names) == 1 else _flow(names), by_role["usage"][0].why)
        _guess(content, "currency", "USD", "prices of the usage are in USD")
        content.move_to_end("currency", last=False)
        content.move_to_end("name", last=False)
    if by_role["spans"]:
        content["latency"] = section = CommentedMap()
        names = [f.name for f in by_role["spans"]]
        _guess(section, "spans", names[0] if len(names) == 1 else _flow(names), by_role["spans"][0].why)
    text = io.StringIO()
    writer = YAML()
    writer.width = 4096
    writer.dump(content, text)
    return _HEAD + text.getvalue() + _skipped(by_role["skipped"]) + _next_steps(by_role)


def _data(curated: list[Recognised], production: list[Recognised]) -> CommentedMap:
    data = CommentedMap()
    sources = [*curated[:1], *production, *curated[1:]]
    shared = sources[0].columns
    if curated:
        _guess(data, "curated", curated[0].name, curated[0].why)
    raw = [f for f in sources if not curated or f is not curated[0]]
    if len(raw) == 1 and _named(raw[0].columns) == _named(shared):
        _guess(data, "production", raw[0].name, raw[0].why)
    elif raw:
        data["production"] = items = CommentedSeq()
        for f in raw:
            items.append(_source(f, shared))
    data["columns"] = _columns(shared)
    return data


def _source(file: Recognised, shared: tuple[tuple[str, tuple[str, ...], str], ...]) -> CommentedMap:
    source = CommentedMap()
    _guess(source, "file", file.name, file.why)
    if _named(file.columns) != _named(shared):
        source["columns"] = _columns(file.columns)
    return source


def _columns(columns: tuple[tuple[str, tuple[str, ...], str], ...]) -> CommentedMap:
    section = CommentedMap()
    for role, names, why in columns:
        _guess(section, role, _flow(names) if role == "text" else names[0], why)
    return section


def _named(columns: tuple[tuple[str, tuple[str, ...], str], ...]) -> dict[str, tuple[str, ...]]:
    return {role: names for role, names, _ in columns}


def _guess(section: CommentedMap, key: str, value: object, why: str) -> None:
    section[key] = value
    section.yaml_add_eol_comment(f"{GUESSED}: {why}".replace("\n", " "), key, column=0)


def _flow(values: Iterable[str]) -> CommentedSeq:
    sequence = CommentedSeq(values)
    sequence.fa.set_flow_style()
    return sequence


_HEAD = (
    "# Proposed by 'flightready new' from the files in this folder.\n"
    f"# What is marked '{GUESSED}' is a guess with its reason: correct it, then delete the mark.\n"
)


def _skipped(files: list[Recognised]) -> str:
    return "".join(f"# not used: {f.name}: {f.why}\n" for f in files)


def _next_steps(by_role: dict[str, list[Recognised]]) -> str:
    """Lines that would help most, ready to be uncommented."""
    lines = ["", "# What would help most next: remove the '#', put in your own figures."]
    if by_role["production"] and "label" not in _named(by_role["production"][0].columns):
        lines += ["# evaluation:",
                  "#   labelled: 172 right of 200        # have 200 random raw records checked by hand",
                  "#   floor: {accuracy: 85%}"]  # fmt: skip
    lines += ["# workload:", "#   users_per_day: 800 to 1_200", "#   requests_per_user: 1.1"]
    lines += ["# roi:", "#   benefit_per_case: 0.70 to 1.30 USD  # worth of one case that is handled right"]
    return "\n".join(lines) + "\n"
