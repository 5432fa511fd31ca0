"""The profile of ten million rows against DuckDB's own SUMMARIZE on the same file, in one process. Run with -s to read it.

PROFILE_ROWS=1_000_000 shortens it.
"""

import json
import os
import subprocess
import sys

import duckdb
import pytest

pytestmark = pytest.mark.benchmark
ROWS = int(os.environ.get("PROFILE_ROWS", "10_000_000"))
AGGREGATES, MASKS, MEMORY_MB = 3, 6, 1000  # what it must reach: times SUMMARIZE, times SUMMARIZE, resident at most

MAKE = f"""copy (select
  i as id, 'T-' || lpad(i::varchar, 8, '0') as ref,
  date '2024-01-01' + (hash(i) % 700)::int as day,
  case when hash(i, 1) % 1000 = 0 then 'nan'::double else (hash(i, 1) % 100000) / 100.0 end as amount,
  case when hash(i, 2) % 20 = 0 then null else (hash(i, 3) % 1000)::int end as qty,
  ['web', 'mail', 'app', 'legacy'][(1 + hash(i, 4) % 4)::int] as channel,
  case when hash(i, 5) % 50 = 0 then 'n/a' when hash(i, 5) % 50 = 1 then null else 'City ' || (hash(i, 6) % 5000) end as city,
  (hash(i, 7) % 1000000) / 1e6 as score,
  timestamp '2024-01-01' + to_seconds((hash(i, 8) % 60000000)::int) as at,
  (hash(i, 9) % 99999)::varchar || ',' || lpad((hash(i, 10) % 100)::varchar, 2, '0') as price
  from range({ROWS}) t(i)) to 'big.parquet' (format parquet)"""

CHILD = """
import datetime as dt, json, sys, time
from pathlib import Path
from flightready.assessment import load
from flightready.realism.population import profile as profiles
from flightready.realism.population.connection import opened
from flightready.realism.population.sampling import draw

as_of, found = dt.date(2026, 9, 30), {}
def timed(name, work):
    begun = time.perf_counter()
    result = work()
    found[name] = min(found.get(name, 1e9), time.perf_counter() - begun)
    return result

def peak_mb():
    held = next(line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmHWM"))
    return int(held.split()[1]) / 1000

with opened(load(sys.argv[1])) as population:
    found["before_mb"] = peak_mb()
    ask = population.table._find_backend().con
    for _ in range(2):  # by turns, so that a busy machine slows all of them; the best of each counts
        timed("summarize", lambda: ask.execute("summarize select * from population").fetchall())
        n, facts = timed("aggregates", lambda: profiles._columns(population, key="id", exact=False, as_of=as_of))
        full = timed("masks", lambda: [profiles._with_values(population, f, n, is_key=f.column == "id") for f in facts])
    timed("months", lambda: profiles._months(population, "at", as_of, []))
    drawn = timed("sample", lambda: draw(population, 200, seed=7, as_of=as_of, key="id"))
    found |= {"n": n, "drawn": len(drawn.rows), "masks_of": {f.column: f.texts.masks for f in full if f.texts}}
    found["nulls"] = {f.column: f.nulls for f in full}
found["peak_mb"] = peak_mb()
print(json.dumps(found))
"""


@pytest.mark.skipif(not os.path.exists("/proc/self/status"), reason="reads the peak of memory from /proc")  # noqa: PTH110
def test_profile_against_summarize(tmp_path, capsys):
    with duckdb.connect() as made:
        made.execute("set memory_limit = '600MB'")
        made.execute("set preserve_insertion_order = false")
        made.execute(MAKE.replace("big.parquet", str(tmp_path / "big.parquet")))
        nulls = made.execute(
            f"select count(*) - count(qty), count(*) - count(city) from '{tmp_path}/big.parquet'"
        ).fetchone()
    (tmp_path / "assessment.yaml").write_text("name: x\ndata: {population: big.parquet, columns: {id: id, time: at}}\n")
    done = subprocess.run([sys.executable, "-c", CHILD, str(tmp_path)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    aggregates, masks = (found[name] / found["summarize"] for name in ("aggregates", "masks"))
    with capsys.disabled():
        print(
            f"\n{ROWS:,} rows of 10 columns: SUMMARIZE {found['summarize']:.1f} s, aggregates {found['aggregates']:.1f} s "
            f"(ratio {aggregates:.2f}, at most {AGGREGATES}), masks and categories {found['masks']:.1f} s (ratio {masks:.2f}, "
            f"at most {MASKS}), months {found['months']:.1f} s, a sample of 200 {found['sample']:.1f} s; "
            f"peak of memory {found['peak_mb']:.0f} MB (at most {MEMORY_MB})"
        )
    assert found["n"] == ROWS and found["drawn"] == 200
    assert (found["nulls"]["qty"], found["nulls"]["city"]) == nulls
    assert found["masks_of"]["ref"] == {"A-9": ROWS} and found["masks_of"]["price"] == {"9,9": ROWS}
    assert aggregates <= AGGREGATES
    assert masks <= MASKS
    assert found["peak_mb"] <= MEMORY_MB
