"""Archives: unpacked without a word too many, and refused in a sentence when they are broken, nested or a trap."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import tarfile

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from source_files import CSV, read_bytes, refusal, xlsx, zipped


def packed(content: bytes) -> bytes:
    """Gzip without the time of packing: names of tests hold it, and every process must know them by the same name."""
    return gzip.compress(content, mtime=0)


@pytest.fixture
def read(tmp_path):
    return lambda content, name, **options: read_bytes(tmp_path, content, name, **options)


def zstd(data: bytes) -> bytes:
    held = pa.BufferOutputStream()
    with pa.CompressedOutputStream(held, "zstd") as stream:
        stream.write(data)
    return held.getvalue().to_pybytes()


@pytest.mark.parametrize(
    ("content", "name", "kind"),
    [
        (packed(CSV.encode()), "a.csv.gz", "a gzip"),
        (packed(CSV.encode()), "a.csv", "a gzip"),  # told by its first bytes, not by its name
        (bz2.compress(CSV.encode()), "a.csv.bz2", "a bzip2"),
        (lzma.compress(CSV.encode()), "a.csv.xz", "an xz"),
        (zstd(CSV.encode()), "a.csv.zst", "a zstd"),
        (zipped({"a.csv": CSV}), "a.zip", "a ZIP"),
        (zipped({"x/": "", "x/a.csv": CSV, "__MACOSX/._a.csv": "x", ".DS_Store": "x"}), "a.zip", "a ZIP"),
    ],
)
def test_a_packed_file_reads_like_the_file(read, content, name, kind):
    got = read(content, name)
    assert got.frame.to_numpy().tolist() == [["1", "a"], ["2", "b"]]
    assert got.notes[0] == f"unpacked from {kind} archive"
    assert (got.name, got.format, got.encoding) == (name, "CSV", "UTF-8")


def test_packed_json_parquet_and_workbook_are_recognised(read):
    assert read(packed(b'{"a":1}\n{"a":2}\n'), "a.jsonl.gz").format == "JSON lines"
    held = io.BytesIO()
    pq.write_table(pa.table({"a": [1, 2]}), held)
    assert read(packed(held.getvalue()), "a.parquet.gz").format == "Parquet"
    assert read(zipped({"a.xlsx": xlsx({"S": [["a"], ["x"], ["y"]]})}), "a.zip").format == "Excel"


def tar(name: str) -> bytes:
    held = io.BytesIO()
    with tarfile.open(fileobj=held, mode="w:gz") as archive:
        member = tarfile.TarInfo(name)
        member.size = len(CSV)
        archive.addfile(member, io.BytesIO(CSV.encode()))
    return held.getvalue()


@pytest.mark.parametrize(
    ("content", "name", "said", "cure"),
    [
        (packed(CSV.encode() * 999)[:-30], "a.csv.gz", "the gzip archive is broken or cut off", "export the file again"),
        (b"\x1f\x8b\x08x", "a.csv.gz", "the gzip archive is broken", "export the file again"),
        (bz2.compress(CSV.encode() * 999)[:-9], "a.csv.bz2", "the bzip2 archive is broken", "export the file again"),
        (lzma.compress(CSV.encode() * 999)[:-9], "a.csv.xz", "the xz archive is broken", "export the file again"),
        (zstd(CSV.encode() * 999)[:-9], "a.csv.zst", "the zstd archive is broken", "export the file again"),
        (zipped({"a.csv": CSV})[:-9], "a.zip", "the ZIP archive or Excel workbook (XLSX) is broken", "export the file again"),
        (zipped({"a.csv": CSV, "b.csv": CSV}), "a.zip", "holds 2 files (a.csv, b.csv)", "name the folder"),
        (zipped({}), "a.zip", "an empty ZIP archive", "save it as CSV"),
        (zipped({"word/document.xml": "x"}), "a.docx", "a Word or PowerPoint document", "export the records"),
        (tar("a.csv"), "a.tar.gz", "holds another archive", "unpack it into a folder"),
        (packed(packed(CSV.encode())), "a.csv.gz.gz", "holds another archive", "unpack it into a folder"),
        (packed(b""), "a.csv.gz", "the file is empty", "export it again"),
        (packed(b"0" * 30_000_000), "a.csv.gz", "one line is more than 1,000,000 characters", "one record per line"),
    ],
)  # fmt: skip
def test_what_cannot_be_unpacked_is_said_in_a_sentence(read, content, name, said, cure):
    told = refusal(lambda: read(content, name))
    assert told.startswith(f"{name}: ")
    assert said in told and cure in told
    assert "\n" not in told


@pytest.mark.parametrize("pack", [gzip.compress, lambda data: zipped({"a.csv": data})])
def test_an_archive_that_unpacks_to_far_too_much_is_not_unpacked(read, pack, monkeypatch):
    from flightready.realism.sources import opening

    real = opening.policy.value
    monkeypatch.setattr(opening.policy, "value", lambda key: 5_000_000 if key == "largest_file" else real(key))
    told = refusal(lambda: read(pack(b"a,b\n" + b"1,2\n" * 2_000_000), "bomb"))
    assert "unpacks to more than 5 MB" in told and "flightready sample" in told


def test_a_protected_archive_is_said(read):
    data = bytearray(zipped({"a.csv": CSV}))
    data[6] |= 1  # the flag of an encrypted member, in its own header and in the directory
    data[data.index(b"PK\x01\x02") + 8] |= 1
    told = refusal(lambda: read(bytes(data), "a.zip"))
    assert told == "a.zip: the ZIP archive is protected by a password. To cure it: unpack it, and name the file."
