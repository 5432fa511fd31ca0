"""A folder or a pattern as one system: every file of records in it, and what was left out and why."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from flightready import policy
from flightready.assessment import FILE_NAME, Pilot
from flightready.assessment.patterns import base_of, means_several
from flightready.assessment.schema import Source
from flightready.errors import InputError
from flightready.realism.sample import Place
from flightready.realism.sources.opening import PACKED_ENDINGS
from flightready.realism.sources.reading import read_table
from flightready.realism.table import RawTable

RECORD_ENDINGS = (
    ".csv", ".tsv", ".txt", ".json", ".jsonl", ".ndjson", ".parquet", ".xlsx", ".xlsm", ".xls", ".xlsb", ".ods",
)  # fmt: skip
"""Endings of files that can hold records; each may be followed by the ending of an archive."""
_NO_ROWS = ("the file is empty", "the file holds no rows", "holds a header and no rows", "nothing but blanks",
            "holds no rows")  # fmt: skip
_MOST_NAMED = 3


@dataclass
class Taken:
    """Files that another key names, so that a pattern does not read them a second time.

    Parameters
    ----------
    by : dict of resolved path to str
        What reads the file.
    """

    by: dict[Path, str]

    @classmethod
    def of(cls, pilot: Pilot) -> Taken:
        """Return the files that the assessment names one by one, the assessment itself included."""
        spec = pilot.spec
        named = dict.fromkeys((FILE_NAME, *spec.cost.usage_files), "named elsewhere")
        named |= dict.fromkeys((*spec.latency.spans, *pilot.result_files), "named elsewhere")
        sources = [s.file for s in (spec.data.curated, *spec.data.production) if s]
        named |= {n: "named elsewhere" for n in sources if not means_several(pilot.folder, n)}
        return cls({(pilot.folder / name).resolve(): why for name, why in named.items()})


def is_record_file(path: Path) -> bool:
    """Whether the ending of a file is one of records, packed or not.

    Examples
    --------
    >>> [is_record_file(Path(n)) for n in ("a.csv", "a.csv.gz", "a.zip", "a.XLSX", "README.md", "README.txt", ".a.csv")]
    [True, True, True, True, False, False, False]
    """
    name = path.name.lower()
    if name.startswith((".", "~$", "_")) or path.stem.lower() in policy.value("names_of_no_records"):
        return False
    packed = next((e for e in PACKED_ENDINGS if name.endswith(e)), "")
    inner = Path(name.removesuffix(packed))
    return inner.suffix in RECORD_ENDINGS or bool(packed and not inner.suffix)


def read_source(pilot: Pilot, place: Place, source: Source, taken: Taken) -> list[tuple[Place, Source, RawTable]]:
    """Return every table that a source means; what it leaves out is said in the notes of the first.

    Raises
    ------
    InputError
        When a file of records cannot be read, or nothing is left.
    """
    where = pilot.where(*place)
    if not means_several(pilot.folder, source.file):
        path = pilot.file(source.file, *place)
        return [(place, source, read_table(path, where=where, sheet=source.sheet))]
    base = base_of(pilot.folder, source.file)
    tables: list[RawTable] = []
    left_out: dict[str, list[str]] = {}
    for path in pilot.files(source.file, *place):
        name = path.relative_to(base).as_posix()
        why = taken.by.get(path.resolve(), "") or _why_not(path)
        if not why:
            table = _part(path, where, source.sheet)
            why = table if isinstance(table, str) else ""
        if why:
            left_out.setdefault(why, []).append(name)
            continue
        taken.by[path.resolve()] = "read already"
        tables.append(replace(table, name=name))
    told = "; ".join(f"left out: {_few(names)} ({why})" for why, names in left_out.items())
    if not tables:
        raise InputError(f"no file of '{source.file}' holds records ({told})", where=where,
                         cure="put the records there, or correct the key")  # fmt: skip
    if told:
        tables[0] = replace(tables[0], notes=(*tables[0].notes, told))
    return [(place, source, table) for table in tables]


def _why_not(path: Path) -> str:
    """Reason to leave a file out without reading it, or "" when it may hold records."""
    if path.name.startswith("."):
        return "hidden"
    if not path.stat().st_size:
        return "empty"
    if not is_record_file(path) and (path.suffix or path.stem.lower() in policy.value("names_of_no_records")):
        return "not a file of records"
    return ""


def _part(path: Path, where: str, sheet: str | None) -> RawTable | str:
    """One file of several, or the reason to leave it out: it holds no rows, or it never claimed to hold records."""
    try:
        return read_table(path, where=where, sheet=sheet, is_part=True)
    except InputError as error:
        if error.problem.endswith(_NO_ROWS):
            return "no rows"
        if not path.suffix:
            return "not a file of records"
        raise


def _few(names: list[str]) -> str:
    more = len(names) - _MOST_NAMED
    return ", ".join(names[:_MOST_NAMED]) + (f" and {more:,} more" if more > 0 else "")
