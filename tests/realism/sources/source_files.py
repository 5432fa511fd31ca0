"""Files of every format, made by hand so that tests need no program that writes them."""

from __future__ import annotations

import base64
import io
import zipfile
import zlib
from collections.abc import Callable, Sequence
from pathlib import Path

from flightready.errors import InputError
from flightready.realism.sources import RawTable, read_table

_SHEET = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
STYLES = {"date": 1, "moment": 2, "duration": 3, "time": 4}
XLS = zlib.decompress(
    base64.b64decode(
        "eNrtWEtoE0EY/mY22zxo8zK1tEIIAavW5lD14KVdlWpPKVUKPhA0bXII0URiPNSDVmuOguBJ8VKoBy9VLz7Qg948CBE9CIKQ6tGToOChzfrPn11NH0IDWojst8w/M//M/82/8959UwlVZx/2LGAFhqChZnrR1qATFLx2JggqN02VtGMPBdNBS8HroYFs0/Gs47VbjaEa7wVIPHC9JAl8onAS5zBayGdiG4gD7ENKKB8GSQrcIY0f3exVmOUky00s73PN5yz3seY6y0GqWxUnUDFG+/Zas/iYjHOZH4r3Mdt8YM0AOvFKzeLLN0S9ro79xWzqTIsVRF3tmAMN6EgmnymqfAB34QOOExLJZGJ4uIoIDfYcvpsx4Ju9ql/EHP3G6gVI/2O53v0HvYcGcaX+pnQB0zBP8yIpI4AulypxYzw7mcuUzi8iwataBZrj2bQGpFNTlE2dLVzIl0hXyJFuPDHAcpdPbfO8LQSXbQsdvFzaSaapFZUO8aIJkl+L976+TU6MGadYM81HQf3A2Kr8g4kryoKM/VyisVQlfWyxk+VVZt3C6R6WEZrRFPeOdVqJQzNc5xqX9lI7uxnvjG0N6e2ULn85/CRa/mzsoPT8yMLFyPx7YxZxOsDSZK+eGfSLfnH7lsJTw46Ftbl8ZNm9aqPxyKDlu2mdigEsqaVFCLGs51TviF85afVVPadRTrO4xBpcgrlU71ySPvY1jGhFQqPeE8y1x3pTXXpIo3Fbik2uwSaZTbfYJLPFLTa5ik0yW5cYkmE8Uqa0nf6GDw4cOHDgwIEDBw5aGqL+VcDXUXXh1K3Lvtv6r7NEoeb8JvlvcQQFekr0UXkQeYqLmGpq/myGLmwusU4b+3+hwlFqvYgcJtiPXNPzlz7WROP7rNsw+PeWULPt15rx8x+3/xMNnNtH"
    )
)
"""A BIFF8 workbook: id, day, amount, ok; T-1, 2026-01-01, 0.1 + 0.2, TRUE; T-2, 2026-01-02, 0.1 + 0.2, #REF!."""
CSV = "id,name\n1,a\n2,b\n"


def read_bytes(folder: Path, content: bytes | str, name: str, **options) -> RawTable:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8"))
    return read_table(path, **options)


def refusal(act: Callable[[], object]) -> str:
    """The sentence of a refusal; anything but a refusal fails."""
    try:
        act()
    except InputError as error:
        return str(error)
    raise AssertionError("nothing was refused")


def zipped(members: dict[str, bytes | str]) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return held.getvalue()


def cell(place: str, value: object) -> str:
    """One cell: text, number, bool, ("date", serial number) or ("error", text)."""
    if isinstance(value, tuple):
        kind, inner = value
        if kind == "error":
            return f'<c r="{place}" t="e"><f>A1/0</f><v>{inner}</v></c>'
        return f'<c r="{place}" s="{STYLES[kind]}"><v>{inner}</v></c>'
    if isinstance(value, bool):
        return f'<c r="{place}" t="b"><v>{int(value)}</v></c>'
    if isinstance(value, str):
        return f'<c r="{place}" t="inlineStr"><is><t xml:space="preserve">{value}</t></is></c>'
    return f'<c r="{place}"><v>{value!r}</v></c>'


def sheet(rows: Sequence[Sequence[object]]) -> str:
    """The XML of a sheet; None leaves a cell out."""
    made = []
    for number, row in enumerate(rows, start=1):
        cells = "".join(cell(f"{chr(65 + i)}{number}", v) for i, v in enumerate(row) if v is not None)
        made.append(f'<row r="{number}">{cells}</row>')
    return f'<worksheet xmlns="{_SHEET}"><sheetData>{"".join(made)}</sheetData></worksheet>'


def xlsx(sheets: dict[str, Sequence[Sequence[object]] | str], hidden: Sequence[str] = ()) -> bytes:
    """A workbook of sheets, each given as rows or as its XML."""
    names = list(sheets)
    listed = "".join(
        f'<sheet name="{n}" sheetId="{i}" r:id="r{i}"{" state=" + chr(34) + "hidden" + chr(34) if n in hidden else ""}/>'
        for i, n in enumerate(names, start=1)
    )
    targets = "".join(
        f'<Relationship Id="r{i}" Type="{_OFFICE}/worksheet" Target="worksheets/sheet{i}.xml"/>'
        for i in range(1, len(names) + 1)
    )
    formats = "".join(f'<xf numFmtId="{n}"/>' for n in (0, 14, 22, 46, 21))
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types"><Default Extension="xml" ContentType="application/xml"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="r" Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{_SHEET}" xmlns:r="{_OFFICE}"><sheets>{listed}</sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{_PACKAGE}/relationships">{targets}<Relationship Id="s" Type="{_OFFICE}/styles" Target="styles.xml"/></Relationships>',
        "xl/styles.xml": f'<styleSheet xmlns="{_SHEET}"><cellXfs count="5">{formats}</cellXfs></styleSheet>',
    }
    for i, content in enumerate(sheets.values(), start=1):
        parts[f"xl/worksheets/sheet{i}.xml"] = content if isinstance(content, str) else sheet(content)
    return zipped({name: f'<?xml version="1.0"?>{text}' for name, text in parts.items()})


def ods(rows: Sequence[Sequence[str]], manifest: str = "") -> bytes:
    """An OpenDocument workbook of one sheet of text, with the empty rows that programs write below it."""
    space = "urn:oasis:names:tc:opendocument:xmlns"
    cells = "".join(
        "<table:table-row>"
        + "".join(f'<table:table-cell office:value-type="string"><text:p>{v}</text:p></table:table-cell>' for v in row)
        + "</table:table-row>"
        for row in rows
    )
    rest = '<table:table-row table:number-rows-repeated="1048570"><table:table-cell table:number-columns-repeated="16384"/></table:table-row>'
    content = (
        f'<office:document-content xmlns:office="{space}:office:1.0" xmlns:table="{space}:table:1.0" xmlns:text="{space}:text:1.0">'
        f'<office:body><office:spreadsheet><table:table table:name="Sheet1">{cells}{rest}</table:table></office:spreadsheet></office:body></office:document-content>'
    )
    return zipped({
        "mimetype": "application/vnd.oasis.opendocument.spreadsheet",
        "META-INF/manifest.xml": f'<m:manifest xmlns:m="{space}:manifest:1.0">{manifest}</m:manifest>',
        "content.xml": f'<?xml version="1.0"?>{content}',
    })  # fmt: skip
