"""The cells of a small table that people write: columns by role, numbers with the row and column of a mistake."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from pathlib import Path

import pandas as pd

from flightready.errors import InputError, listed, nearest
from flightready.realism.numerals import read_numbers
from flightready.realism.sources import read_table

_LONGEST_SHOWN = 30


class StatedCells:
    """A table by role: its texts as they stand, and its numbers where they are asked for.

    Parameters
    ----------
    path : Path
        CSV, JSON, JSON lines, Parquet or a workbook.
    where : str
        Place that names the file in the assessment, for messages.
    roles : mapping of role to names
        Names by which a role's column is found, the role itself included.
    named : mapping of role to str
        Columns that the assessment names; they come first.

    Raises
    ------
    InputError
        When the file cannot be read, or a column that the assessment names is not there.
    """

    def __init__(
        self, path: Path, *, where: str, roles: Mapping[str, Sequence[str]], named: Mapping[str, str] | None = None
    ) -> None:
        table = read_table(path, where=where, is_part=True)
        self.where, self.name, self.rows = where, path.name, table.frame
        self._unit = "line" if table.format == "CSV" else "row"
        self._lines = table.lines if table.format == "CSV" else range(1, len(table.frame) + 1)
        self.columns = self._found(roles, named or {})
        if table.malformed:
            first = table.malformed[0]
            raise InputError(
                f"the row has {first.fields} values and not {first.expected}", where=self._file(first.line),
                cure="give every row a value for each column, and put texts with commas in quotes",
            )  # fmt: skip

    def __len__(self) -> int:
        return len(self.rows)

    def need(self, *roles: str) -> None:
        """Raise InputError when the column of a role is not there."""
        for role in roles:
            if role not in self.columns:
                raise InputError(
                    f"no column holds '{role}'", where=self._file(), valid=listed(self.rows.columns),
                    cure=nearest(role, self.rows.columns) or "name the column under 'columns', or add it to the table",
                )  # fmt: skip

    def text(self, role: str, row: int) -> str:
        """Return one cell without blanks around it; empty where there is none."""
        column = self.columns.get(role)
        value = None if column is None else self.rows[column].iloc[row]
        return "" if value is None or pd.isna(value) else " ".join(str(value).split())

    def number(self, role: str, row: int) -> float | None:
        """Return one cell as a number, None where it is empty.

        Raises
        ------
        InputError
            Naming line and column when it is no number.
        """
        text = self.text(role, row)
        if not text:
            return None
        column = self._numbers(role)
        if not math.isfinite(column[row]):
            raise InputError(f"'{text[:_LONGEST_SHOWN]}' is not a number", where=self.at(row, role),
                             valid="a number alone, such as 3.4; a share as 0.62 or 62 %")  # fmt: skip
        return float(column[row])

    def at(self, row: int, role: str = "") -> str:
        """Return the place of a row, and of its column, for a message."""
        column = f", column '{self.columns[role]}'" if role in self.columns else ""
        return self._file(int(self._lines[row])) + column

    def _numbers(self, role: str):
        return read_numbers(self.rows[self.columns[role]])

    def _file(self, line: int | None = None) -> str:
        place = self.name if self.where.endswith(self.name) or not self.where else f"{self.where}, {self.name}"
        return place if line is None else f"{place}, {self._unit} {line}"

    def _found(self, roles: Mapping[str, Sequence[str]], named: Mapping[str, str]) -> dict[str, str]:
        folded = {" ".join(str(c).casefold().replace("_", " ").split()): str(c) for c in self.rows.columns}
        found = {}
        for role, names in roles.items():
            if role in named:
                if named[role] not in self.rows.columns:
                    raise InputError(
                        f"the column '{named[role]}' ({role}) is not in the table", where=self._file(),
                        valid=listed(self.rows.columns), cure=nearest(named[role], self.rows.columns),
                    )  # fmt: skip
                found[role] = named[role]
            elif there := next((folded[n] for n in names if n in folded), None):
                found[role] = there
        return found
