"""Runs a pilot's function in a process of its own; started as a script, it imports nothing of this package.

It reads one JSON record a line and writes one JSON line: what the function returned, or the kind and the line of its
error. What the function prints goes nowhere near the answers.
"""

import importlib.util
import json
import os
import sys
from pathlib import Path


def main() -> None:
    """Answer record after record until there is none."""
    file, name = Path(sys.argv[1]), sys.argv[2]
    sys.path[0] = str(file.parent)  # else the modules beside this script would hide those of the pilot
    questions, answers = os.fdopen(os.dup(0), encoding="utf-8"), os.fdopen(os.dup(1), "w", encoding="utf-8")
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.dup2(2, 1)
    function, problem = None, None
    try:
        spec = importlib.util.spec_from_file_location(file.stem, file)
        module = importlib.util.module_from_spec(spec)
        sys.modules[file.stem] = module
        spec.loader.exec_module(module)
        function = getattr(module, name, None)
        problem = None if callable(function) else {"missing": _functions(module)}
    except BaseException as error:
        problem = _told(error, file)
    for line in questions:
        document = problem or _answer(function, json.loads(line), file)
        try:
            text = json.dumps(document)
        except (TypeError, ValueError):
            text = json.dumps({"raised": "not JSON", "line": 0})
        answers.write(text + "\n")
        answers.flush()


def _functions(module) -> list:
    """Names of the functions that the file itself defines."""
    named = [(n, f) for n, f in vars(module).items() if callable(f) and not isinstance(f, type)]
    return [n for n, f in named if not n.startswith("_") and getattr(f, "__module__", None) == module.__name__]


def _answer(function, record: dict, file: Path) -> dict:
    try:
        return {"returned": function(record)}
    except BaseException as error:
        return _told(error, file)


def _told(error: BaseException, file: Path) -> dict:
    """Kind of an error and the last line of the pilot's file on its way; its message may hold personal data."""
    line, trace = getattr(error, "lineno", 0) if isinstance(error, SyntaxError) else 0, error.__traceback__
    while trace is not None:
        if trace.tb_frame.f_code.co_filename == str(file):
            line = trace.tb_lineno
        trace = trace.tb_next
    return {"raised": type(error).__name__, "line": line or 0}


if __name__ == "__main__":
    main()
