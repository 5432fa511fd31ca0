"""The document on populations is true: its commands and examples run as they stand, in the order of the page."""

import re
import sys

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from test_docs import shell

from flightready.assessment.population import read_address


@pytest.fixture(scope="module")
def page(root):
    return (root / "docs" / "population.md").read_text(encoding="utf-8")


def test_the_examples_run_as_they_stand(page, tmp_path):
    folder = tmp_path / "my_pilot"
    (folder / "exports").mkdir(parents=True)
    days = (np.datetime64("2026-01-01") + np.arange(1000) % 270).astype(str)
    body = [None if i % 20 == 0 else "n/a" if i % 50 == 1 else f"message {i}" for i in range(1000)]
    rows = pa.table({"ticket_id": [f"T-{i:04d}" for i in range(1000)], "created_at": days, "body": body})
    pq.write_table(rows, folder / "exports" / "tickets.parquet")
    assessment, lines = re.findall(r"```yaml\n(.*?)```", page, flags=re.S)
    (folder / "assessment.yaml").write_text(assessment)
    [command] = re.findall(r"```sh\n(.*?)```", page, flags=re.S)
    done = shell(command, tmp_path, FLIGHTREADY_STORE=str(tmp_path / "store"))
    assert done.returncode == 0, done.stderr
    assert lines in done.stdout
    (folder / "assessment.yaml").write_text(assessment + lines)
    checked = shell(
        "flightready check my_pilot --as-of 2026-10-15 --json", tmp_path, FLIGHTREADY_STORE=str(tmp_path / "store")
    )
    assert "drawn as a random sample from 1,000 rows on 2026-10-14" in checked.stdout
    code = "\n".join(re.findall(r"```python\n(.*?)```", page, flags=re.S))
    (tmp_path / "example.py").write_text(code)
    ran = shell(f"{sys.executable} example.py", tmp_path, FLIGHTREADY_STORE=str(tmp_path / "store"))
    assert ran.stdout.split("\n")[:3] == ["DuckDB 1000 0", "50 20", "112 ()"], ran.stderr


def test_every_address_of_the_table_is_valid(page):
    rows = re.findall(r"^\| (`.*?) \| ", page, flags=re.M)
    written = [w for row in rows for w in re.findall(r"`([^`]+)`", row) if "." in w or "#" in w]
    assert len(written) >= 6
    for text in written:
        if text != "data.population":
            assert read_address(text).text == text
