"""Write the sample data: ``python sample_data/make.py [--out DIR] [--only NAME] [--seed N] [--variants]``.

Every record is invented. The same seed writes the same bytes on every machine; numpy is the only package
needed. The tables of sizes, rates, effects and prices are in ``making/config.py``.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from pathlib import Path

from making.calendar_times import TicketNumbers
from making.calls import make_calls, usage_jsonl
from making.candidates import candidates_csv
from making.config import DEFAULT_SEED
from making.first_hour import feedback_csv, usage_page
from making.results import results_csv
from making.systems import LEGACY_HEADER, WEB_HEADER, delimited, mail_jsonl, make_raw, truth_csv
from making.tickets import Ticket, curated_csv, make_curated
from making.traces import spans_jsonl
from making.wording import Fresh

TRUTH_README = """# Truth of the injected defects

`injected_defects.csv` lists every defect the generator put into the raw records: the system (`web`, `mail`
or `legacy`), the row in its file (the first record is row 0), the ticket, the column (names as in `web.csv`;
`record` for the whole record), the kind of defect, what stood there before, and by how many percentage points
it lowered the chance of a right answer on that record (0 for kinds that leave the answer alone). For late and
out-of-order records the former value is the row where the record belongs by its own time; for copies it is
the ticket copied. The analyses never read this folder; it is there for the tests.
"""


def build_tickets(seed: int, *, variants: bool = False) -> tuple[list[Ticket], dict[str, list[Ticket]]]:
    """Return the curated tickets, and the raw ones of each system in file order."""
    numbers, texts = TicketNumbers(), Fresh()
    curated = make_curated(seed, numbers, texts)
    return curated, make_raw(seed, numbers, texts, variants=variants)


def build_records(seed: int, curated: list[Ticket], raw: dict[str, list[Ticket]]) -> dict[str, bytes]:
    """Return the demo set and the files of the three systems by name."""
    return {
        "curated.csv": curated_csv(curated),
        "web.csv": delimited(raw["web"], WEB_HEADER, ",", "utf-8"),
        "mail.jsonl": mail_jsonl(seed, raw["mail"]),
        "legacy.csv": delimited(raw["legacy"], LEGACY_HEADER, ";", "cp1252"),
    }


def build_support_triage(seed: int, *, variants: bool = False) -> dict[str, bytes]:
    """Return the files of the ticket routing sample by name."""
    curated, raw = build_tickets(seed, variants=variants)
    calls = make_calls(seed)
    return {
        **build_records(seed, curated, raw),
        "candidates.csv": candidates_csv(seed, [*curated, *raw["web"], *raw["mail"], *raw["legacy"]]),
        "usage.jsonl": usage_jsonl(calls),
        "spans.jsonl": spans_jsonl(seed, calls),
        "results.csv": results_csv(seed),
        "truth/injected_defects.csv": truth_csv(raw),
        "truth/README.md": TRUTH_README.encode("utf-8"),
    }


def build_first_hour(seed: int, *, variants: bool = False) -> dict[str, bytes]:
    """Return the two files of the newcomer's sample by name; it has no variants."""
    return {"feedback_export.csv": feedback_csv(seed), "openai_usage.json": usage_page(seed)}


SAMPLES: dict[str, Callable[..., dict[str, bytes]]] = {
    "support_triage": build_support_triage,
    "first_hour": build_first_hour,
}


def write(out: Path, name: str, seed: int, *, variants: bool = False) -> list[Path]:
    """Write one sample below a folder and return the files written; other files there are left alone."""
    paths = []
    for file, content in SAMPLES[name](seed, variants=variants).items():
        path = out / name / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        paths.append(path)
    return paths


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit code."""
    parser = argparse.ArgumentParser(description="Write the sample data.")
    parser.add_argument("--out", type=Path, default=Path(__file__).resolve().parent, help="folder to write into")
    parser.add_argument("--only", choices=sorted(SAMPLES), help="write this sample only")
    parser.add_argument("--seed", type=int, default=DEFAULT_SEED, help="seed of all random numbers")
    parser.add_argument("--variants", action="store_true", help="write a part of the defects in unlisted ways")
    chosen = parser.parse_args(arguments)
    if chosen.variants and chosen.out == parser.get_default("out"):
        parser.error("--variants needs --out: the samples beside this program are the ones without variants")
    for name in [chosen.only] if chosen.only else SAMPLES:
        for path in write(chosen.out, name, chosen.seed, variants=chosen.variants):
            print(f"{path.stat().st_size:>9,}  {path}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
