"""Loading an assessment: found, merged with what it extends, checked, and with the place of every key kept."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeVar, get_args

from pydantic import BaseModel, ValidationError

from flightready.assessment.options import KIND_NAMES
from flightready.assessment.patterns import base_of, matching, means_several, nothing_there
from flightready.assessment.places import Place, read_yaml
from flightready.assessment.schema import Assessment
from flightready.errors import InputError, InputErrors, listed, nearest
from flightready.quantity import Quantity

FILE_NAME = "assessment.yaml"
ACCEPTED_NAME = "accepted_score.json"
"""Name of the accepted score, beside the assessment."""
APPROVED_NAME = "approved_case.json"
"""Name of the approved case, beside the assessment, unless `roi.actuals.approved` names another."""
Model = TypeVar("Model", bound=BaseModel)


@dataclass(frozen=True)
class Pilot:
    """An assessment as it was loaded: its content, its folder, and where each key stands.

    Parameters
    ----------
    spec : Assessment
        The checked content, `extends` merged in.
    path : Path
        The assessment.yaml itself.
    places : mapping of key path to (file name, line)
    """

    spec: Assessment
    path: Path
    places: Mapping[Place, tuple[str, int]]
    chain: tuple[Path, ...] = ()

    @property
    def folder(self) -> Path:
        """Folder that relative paths start from."""
        return self.path.parent

    def where(self, *place: str | int) -> str:
        """Return the place of a key for a message: file, line, dotted key."""
        return _where(place, self.places, self.path.name)

    def file(self, name: str, *place: str | int) -> Path:
        """Return the path of a named input file.

        Parameters
        ----------
        name : str
            As written in the assessment, relative to its folder.
        place : str or int
            Key path under which it is named, for the message.

        Raises
        ------
        InputError
            When it is not there, not a file, or holds nothing.
        """
        path = self.folder / name
        if not path.is_file():
            siblings = [p.name for p in path.parent.iterdir() if p.is_file()] if path.parent.is_dir() else []
            raise InputError(
                f"'{name}' is a folder, not a file" if path.is_dir() else f"the file '{name}' is not there",
                where=self.where(*place),
                cure=nearest(path.name, siblings) or f"put the file into {path.parent.name}/ or remove the key",
            )
        if path.stat().st_size == 0:
            raise InputError(f"the file '{name}' is empty (0 bytes)", where=self.where(*place),
                             cure="export it again, or remove the key")  # fmt: skip
        return path

    def files(self, name: str, *place: str | int) -> tuple[Path, ...]:
        """Return the paths that a name means: one file, or every file of a folder or pattern, sorted.

        A file of a folder or pattern that leads out of that folder (a link) is not among them.

        Raises
        ------
        InputError
            When nothing is there; a pattern that matches nothing is told with what is there.
        """
        if not means_several(self.folder, name):
            return (self.file(name, *place),)
        try:
            found = matching(self.folder, name)
        except InputError as error:
            raise error.at(self.where(*place)) from None
        base = base_of(self.folder, name)
        root = base.resolve()
        inside = tuple(p for p in found if p.resolve().is_relative_to(root))
        if inside:
            return inside
        raise nothing_there(self.folder, name).at(self.where(*place))

    @property
    def result_files(self) -> tuple[str, ...]:
        """Names of the files that hold no records: results of the pilot, actual figures, and the approved case."""
        spec, actuals = self.spec, self.spec.roi.actuals
        found = [spec.pilot_results.file] if spec.pilot_results else []
        if actuals is not None:
            kept = actuals.approved or APPROVED_NAME
            is_there = actuals.approved is not None or (self.folder / kept).is_file()
            found += [actuals.file, *([kept] if is_there else [])]
        return tuple(found)

    def input_files(self) -> dict[str, Path]:
        """Return every input file by its name as written, whether or not it exists.

        A folder or pattern of records stands as the files that it means, by their paths from the assessment's folder.
        """
        spec = self.spec
        found: dict[str, Path] = {}
        for source in (s for s in [spec.data.curated, *spec.data.production] if s):
            if not means_several(self.folder, source.file):
                found[source.file] = self.folder / source.file
                continue
            try:
                paths = matching(self.folder, source.file)
            except InputError:  # told when the file is read
                continue
            found |= {os.path.relpath(p, self.folder).replace(os.sep, "/"): p for p in paths}
        compared = (c.file for c in spec.evaluation.candidates)
        single = (
            spec.cost.price_file,
            *self.result_files,
            spec.evaluation.labels,
            *compared,
        )
        names = [*spec.cost.usage_files, *spec.latency.spans, *(n for n in single if n)]
        if (self.folder / ACCEPTED_NAME).is_file():  # beside the assessment, not named in it
            names.append(ACCEPTED_NAME)
        return found | {name: self.folder / name for name in names}


def find(given: str | Path, *, starts: Iterable[Path] = ()) -> Path:
    """Return the assessment.yaml that a folder or file name means.

    A relative name is tried from the caller's folder, from `starts` (the notebook's folder), and from the project root:
    the nearest folder upwards that holds pyproject.toml.

    Raises
    ------
    InputError
        When there is none.
    """
    given = Path(given).expanduser()
    tried: list[Path] = []
    for start in _starting_points(given, starts):
        candidate = start / given
        if candidate.is_dir():
            tried.append(candidate)
            candidate = candidate / FILE_NAME
        if candidate.is_file():
            return candidate.resolve()
    if tried:
        raise InputError(f"the folder '{given}' holds no {FILE_NAME}", cure=f"run: flightready new {given}")
    raise InputError(f"'{given}' is neither a folder nor a file", valid=f"a folder with an {FILE_NAME}, or that file",
                     cure=f"check the path; the current folder is {Path.cwd().name}/")  # fmt: skip


def _starting_points(given: Path, starts: Iterable[Path]) -> Iterator[Path]:
    if given.is_absolute():
        yield Path()
        return
    yield Path.cwd()
    yield from starts
    yield from (p for p in Path.cwd().parents if (p / "pyproject.toml").is_file())


def load(given: str | Path, *, starts: Iterable[Path] = ()) -> Pilot:
    """Load one assessment.

    Parameters
    ----------
    given : str or Path
        Folder with an assessment.yaml, or such a file.

    Raises
    ------
    InputError
        Naming file and line, the value, what is valid, and the nearest key; several mistakes come together.
    """
    path = find(given, starts=starts)
    content, places, chain = _merged(path, ())
    chain = _with_manifest(content, places, chain, path)
    spec = validated(Assessment, content, places, path.name)
    _one_currency(spec, places, path.name)
    _known_ways(spec, places, path.name)
    _one_adoption(spec, places, path.name)
    return Pilot(spec, path, places, chain)


def validated(
    model: type[Model], content: Mapping[str, Any], places: Mapping[Place, tuple[str, int]], name: str
) -> Model:
    """Return the content of a YAML file as a model.

    Parameters
    ----------
    model : type of BaseModel
        A strict one.
    content : mapping
    places : mapping of key path to (file name, line)
    name : str
        File name, for a key without a place.

    Raises
    ------
    InputError
        Every mistake with its line, what is valid and the nearest key.
    """
    try:
        return model.model_validate(content)
    except ValidationError as error:
        found = sorted(error.errors(), key=lambda e: _line(e["loc"], places))
        raise InputErrors(_readable(e, places, name, model) for e in found) from None


def _merged(
    path: Path, chain: tuple[Path, ...]
) -> tuple[dict[str, Any], dict[Place, tuple[str, int]], tuple[Path, ...]]:
    content, lines = read_yaml(path)
    places = {place: (path.name, line) for place, line in lines.items()}
    chain = (*chain, path)
    parent_name = content.get("extends")
    if not isinstance(parent_name, str):
        return content, places, chain
    parent = (path.parent / parent_name).resolve()
    where = _where(("extends",), places, path.name)
    if parent in chain:
        circle = " -> ".join(p.name for p in (*chain, parent))
        raise InputError(f"'extends' goes in a circle: {circle}", where=where, cure="remove one of the 'extends' keys")
    if not parent.is_file():
        raise InputError(f"the file '{parent_name}' to extend is not there", where=where)
    base, base_places, chain = _merged(parent, chain)
    base.pop("extends", None)
    return _overlaid(base, content), base_places | places, chain


def _with_manifest(
    content: dict[str, Any], places: dict[Place, tuple[str, int]], chain: tuple[Path, ...], path: Path
) -> tuple[Path, ...]:
    """Put what a manifest says in the place of its path; its keys keep their own file and line."""
    data = content.get("data")
    name = data.get("sampling") if isinstance(data, dict) else None
    if not isinstance(name, str):
        return chain
    place, manifest = ("data", "sampling"), path.parent / name
    if not manifest.is_file():
        raise InputError(f"the manifest '{name}' is not there", where=_where(place, places, path.name),
                         valid="{method: random, from: 1_200_000 rows, drawn: 2026-10-01}, or the path of a manifest",
                         cure=nearest(name, (p.name for p in path.parent.glob("*.y*ml"))))  # fmt: skip
    written, lines = read_yaml(manifest)
    if not isinstance(written.get("sampling"), dict):
        raise InputError("the manifest does not say how the sample was drawn", where=manifest.name,
                         valid="sampling: {method: random, from: 1_200_000 rows, drawn: 2026-10-01}")  # fmt: skip
    content["data"] = {**data, "sampling": written["sampling"]}
    places |= {("data", *at): (manifest.name, line) for at, line in lines.items() if at[:1] == ("sampling",)}
    return (*chain, manifest.resolve())


def _overlaid(base: dict[str, Any], over: dict[str, Any]) -> dict[str, Any]:
    """Merge key by key; a quantity written as a mapping is replaced whole, not mixed."""
    merged = dict(base)
    for key, value in over.items():
        old = merged.get(key)
        both = isinstance(old, dict) and isinstance(value, dict)
        is_quantity = both and bool({"p10", "low", "value"} & (set(old) | set(value)))
        merged[key] = _overlaid(old, value) if both and not is_quantity else value
    return merged


def _where(place: Place, places: Mapping[Place, tuple[str, int]], default: str) -> str:
    dotted = ".".join(str(p) for p in place)
    for end in range(len(place), 0, -1):
        if place[:end] in places:
            name, line = places[place[:end]]
            return f"{name}, line {line}, {dotted}"
    return f"{default}, {dotted}" if dotted else default


def _line(place: Place, places: Mapping[Place, tuple[str, int]]) -> int:
    return next((places[place[:end]][1] for end in range(len(place), -1, -1) if place[:end] in places), 0)


def _readable(
    error: Mapping[str, Any], places: Mapping[Place, tuple[str, int]], name: str, model: type[BaseModel]
) -> InputError:
    full = tuple(p for p in error["loc"] if not str(p).startswith(("function-", "constrained-")))
    # in a list of several kinds the kind stands behind the number of the item
    place = tuple(p for before, p in zip((None, *full), full, strict=False) if not _is_kind(before, p))
    kind, raw = error["type"], error.get("input")
    original = (error.get("ctx") or {}).get("error")
    where = _where(place, places, name)
    if isinstance(original, InputError):
        return original.at(where)
    if kind == "extra_forbidden":
        known = _known_keys(model, full[:-1])
        return InputError(f"unknown key '{place[-1]}'", where=where, valid=listed(known, limit=20),
                          cure=nearest(str(place[-1]), known))  # fmt: skip
    if kind == "missing":
        return InputError(f"the key '{place[-1]}' is missing", where=_where(place[:-1], places, name),
                          cure=f"add '{place[-1]}: ...'{_meaning(model, full)}")  # fmt: skip
    if kind == "literal_error":
        valid = error["ctx"]["expected"].replace("'", "").replace(" or ", ", ")
        return InputError(f"'{raw}' is not a valid value", where=where, valid=valid,
                          cure=nearest(str(raw), valid.split(", ")))  # fmt: skip
    shown = str(raw) if len(str(raw)) <= 60 else str(raw)[:57] + "..."
    return InputError(f"'{shown}': {error['msg'][0].lower()}{error['msg'][1:]}", where=where)


def _is_kind(before: object, part: object) -> bool:
    return isinstance(before, int) and part in KIND_NAMES


def _meaning(model: Any, place: Place) -> str:
    """What a key holds, for those who have never seen it; empty where the schema says no more than its name."""
    found = _model_at(model, place[:-1])
    field = found.model_fields.get(place[-1]) if _is_model(found) else None
    return f", {field.description}" if field is not None and field.description else ""


def _known_keys(model: Any, place: Place) -> list[str]:
    """Keys that the schema allows at a place."""
    found = _model_at(model, place)
    return [f.alias or k for k, f in found.model_fields.items()] if _is_model(found) else []


def _model_at(model: Any, place: Place) -> Any:
    several: list[type[BaseModel]] = []
    for before, part in zip((None, *place), place, strict=False):
        if _is_kind(before, part):
            model = next((m for m in several if part in get_args(m.model_fields["kind"].annotation)), model)
        field = model.model_fields.get(part) if isinstance(part, str) and _is_model(model) else None
        if isinstance(part, int) or field is None:
            continue
        several = list(_models(field.annotation))
        model = next(iter(several), model)
    return model


def _models(annotation: Any) -> Iterator[type[BaseModel]]:
    if _is_model(annotation):
        yield annotation
    for inner in get_args(annotation):
        yield from _models(inner)


def _is_model(annotation: Any) -> bool:
    return isinstance(annotation, type) and issubclass(annotation, BaseModel)


def _one_currency(spec: Assessment, places: Mapping[Place, tuple[str, int]], name: str) -> None:
    """Refuse an amount in another currency than the assessment's: nothing is ever converted silently."""
    for place, unit in _units(spec, ()):
        code = unit.split(" ")[0]
        if len(code) == 3 and code.isupper() and code != spec.currency:
            raise InputError(
                f"an amount in {code} in an assessment in {spec.currency}",
                where=_where(place, places, name),
                cure=f"write it in {spec.currency}, or set 'currency: {code}' for the whole assessment",
            )


def _one_adoption(spec: Assessment, places: Mapping[Place, tuple[str, int]], name: str) -> None:
    """Refuse two answers to how long it takes until everybody uses it."""
    if spec.workload.adoption is not None and "ramp" in spec.roi.estimates:
        raise InputError(
            f"how adoption grows is stated twice, also at {_where(('workload', 'adoption'), places, name)}",
            where=_where(("roi", "estimates", "ramp"), places, name),
            cure="keep workload.adoption, which every forecast of the load uses, and remove roi.estimates.ramp",
        )


def _known_ways(spec: Assessment, places: Mapping[Place, tuple[str, int]], name: str) -> None:
    """Refuse a way to answer that is not stated."""
    known = [option.name for option in spec.cost.options]
    for number, option in enumerate(spec.roi.options):
        if option.answers_with is not None and option.answers_with not in known:
            raise InputError(
                f"'{option.answers_with}' is no option under cost.options",
                where=_where(("roi", "options", number, "answers_with"), places, name),
                valid=listed(known) or "none is stated", cure=nearest(option.answers_with, known),
            )  # fmt: skip


def _units(value: Any, place: Place) -> Iterator[tuple[Place, str]]:
    if isinstance(value, Quantity):
        yield place, value.unit
    elif isinstance(value, BaseModel):
        yield from _units({k: getattr(value, k) for k in type(value).model_fields}, place)
    elif isinstance(value, dict | list):
        for key, inner in value.items() if isinstance(value, dict) else enumerate(value):
            yield from _units(inner, (*place, key))


def file_digest(path: Path) -> str:
    """Return the SHA-256 of a file in hex; one that did not change on disk is hashed once, however many ask."""
    state = path.stat()
    return _hashed(path.resolve(), state.st_ino, state.st_size, state.st_mtime_ns)


@lru_cache(maxsize=1024)
def _hashed(path: Path, *_state: int) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
