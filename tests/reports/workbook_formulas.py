"""An evaluator of the formulas of a workbook, apart from the program that wrote them."""

import math
import re

import openpyxl

_TOKEN = re.compile(r"""
    (?P<text>"[^"]*") | (?P<span>(?:(?P<s1>\w+)!)?(?P<a>\$?[A-Z]+\$?\d+):(?:\w+!)?(?P<b>\$?[A-Z]+\$?\d+))
    | (?P<cell>(?:(?P<s2>\w+)!)?\$?[A-Z]+\$?\d+\b) | (?P<rest>\^|<>|=|.)
""", re.X)  # fmt: skip


class Empty(float):
    """An empty cell: 0 in a sum, and equal to an empty text."""

    def __eq__(self, other):
        return other in ("", 0)

    __hash__ = float.__hash__


def _numbers(values):
    return [v for v in values if isinstance(v, int | float) and not isinstance(v, Empty)]


FUNCTIONS = {
    "SUM": lambda *spans: math.fsum(v for s in spans for v in _numbers(s)), "COUNT": lambda s: len(_numbers(s)),
    "MIN": min, "MAX": max, "INDEX": lambda span, place: span[int(place) - 1],
    "ROUNDUP": lambda x, _digits: math.copysign(math.ceil(abs(x)), x), "N": lambda x: 0.0 if x == "" else x,
    "OR": lambda *tests: any(tests), "IF": lambda test, yes, no: yes() if test else no(),
}  # fmt: skip


class Evaluated:
    """A workbook whose formulas are worked out anew, with other inputs when they are given."""

    def __init__(self, path, **changed):
        self.book, self.changed, self.known = openpyxl.load_workbook(path), changed, {}

    def __call__(self, sheet, cell):
        cell = cell.replace("$", "")
        key = f"{sheet}!{cell}"
        if key not in self.known:
            held = self.changed.get(key, self.book[sheet][cell].value)
            is_formula = isinstance(held, str) and self.book[sheet][cell].data_type == "f" and key not in self.changed
            self.known[key] = self._work_out(sheet, held[1:]) if is_formula else Empty(0.0) if held is None else held
        return self.known[key]

    def span(self, sheet, first, last):
        cells = self.book[sheet][f"{first}:{last}".replace("$", "")]
        return [self(sheet, c.coordinate) for row in cells for c in (row if isinstance(row, tuple) else (row,))]

    def _work_out(self, sheet, formula):
        def python(found):
            if found["text"] is not None:
                return found["text"]
            if found["span"] is not None:
                return f"SPAN({found['s1'] or sheet!r},{found['a']!r},{found['b']!r})"
            if found["cell"] is not None:
                return f"CELL({found['s2'] or sheet!r},{found['cell'].rpartition('!')[2]!r})"
            return {"^": "**", "=": "=="}.get(found["rest"], found["rest"])

        return eval(_lazy(_TOKEN.sub(python, formula)), {**FUNCTIONS, "CELL": self, "SPAN": self.span})


def _lazy(code):
    """Let IF work out one of its branches only, as a spreadsheet does."""
    if not code.startswith("IF("):
        return code
    parts, depth, quoted = [""], 0, False
    for char in code[3:-1]:
        quoted ^= char == '"'
        depth += (not quoted) * ((char == "(") - (char == ")"))
        if char == "," and not depth and not quoted:
            parts.append("")
        else:
            parts[-1] += char
    test, yes, no = parts
    return f"IF({test},lambda:{_lazy(yes)},lambda:{_lazy(no)})"
