"""The detector 'encoding'."""

from __future__ import annotations

import html.entities
import unicodedata

import numpy as np
import pytest
from realism_samples import HIT, NAME, Injection, put, sample_of, table

from flightready.realism.characters import first_broken, is_broken
from flightready.realism.defects.encoding import find, shown
from flightready.realism.inspection import inspect

INJECTION = Injection(
    lambda f: put(
        f, "text", [f"{NAME} NÃ®mes", "caf\ufffd", "a &eacute; b", "a\x07b", "&amp;eacute;", f"{NAME} SchlĂĽssel fĂĽr"]
    ),
    "text",
    HIT,
)

# sentences with two accents or more, as people write them
ACCENTED = [
    "Die Tür ließ sich nicht öffnen, bitte schicken Sie den Schlüssel",
    "Grüße aus Köln, die Lieferung war beschädigt",
    "Le colis est arrivé abîmé à Orléans, je demande un échange",
    "J'ai déjà appelé trois fois et personne ne répond",
    "Todavía no recibí la devolución de mi última compra",
    "¿Dónde está mi paquete? Pagué el envío exprés",
    "Zażółć gęślą jaźń i wyślij przesyłkę jeszcze raz",
    "Příliš žluťoučký kůň úpěl ďábelské ódy",
    "Siparişim hâlâ gelmedi, lütfen müşteri hizmetlerine iletin",
    "Tuote oli särkynyt, pyydän hyvitystä tästä tilauksesta",
    "Não recebi a encomenda e ninguém me dá informações",
]
CYRILLIC = [
    "Пожалуйста, верните деньги за последний заказ, посылка не пришла",
    "не могу войти в личный кабинет после обновления приложения",
]
# the same sentences in alphabets and with the signs that people use
CLEAN = [
    *ACCENTED,
    *CYRILLIC,
    "The parcel – “fragile” – didn’t arrive… I paid 12.50 € + 3 £ (25 °C, 5 m², ±2 %)",
    "Thanks 😀👍🏽 great service ❤️ → see you soon ✓",
    "f(x) ≤ ∑ aᵢ·xᵢ ≈ √2, so x ∈ [0, ∞) and a ≠ b",
    "Το δέμα μου δεν έφτασε ακόμα, παρακαλώ ελέγξτε το",
    "荷物がまだ届きません。確認してください。",
    "我的包裹还没有收到，请帮我查一下git和svn",
    "لم تصل الطلبية بعد، أرجو المساعدة",
    "החבילה שלי עדיין לא הגיעה, אנא בדקו",
    "»Übung macht den Meister« sagte er, „Ärger“ auch",
    "Klasör “Aç”ı seçtim, Åse åpnet døren, N°5, 1º piso",
    "AT&T, R&D; B&Q & Co. = 100 % (a<b)",
    "ИМЯ ФАЙЛА НЕ НАЙДЕНО В КАТАЛОГЕ",
    "Udløbsdato (ÅÅÅÅ-MM-DD)",
    "Forma d’ús del protocol, l’été à l’école",
    "ưỡn ẹo, được ấy, nghĩa là",
    unicodedata.normalize("NFD", "Übergröße, phở, crème brûlée"),
]
ENCODINGS = ["sloppy-windows-1252", "latin-1", "mac_roman", "cp437", "cp850", "sloppy-windows-1250", "iso8859-2", "sloppy-windows-1251", "koi8-r"]  # fmt: skip


def misread(text: str, encoding: str) -> str:
    return text.encode("utf-8").decode(encoding)


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_utf_8_read_as_something_else_is_broken(encoding):
    """Known answer: the codec itself; the goal is 95 % of texts with two accents."""
    broken = [is_broken(misread(t, encoding)) for t in ACCENTED + CYRILLIC]
    assert sum(broken) >= 0.95 * len(broken)


@pytest.mark.parametrize("text", ACCENTED)
def test_misread_twice_is_broken(text):
    assert is_broken(misread(misread(text, "sloppy-windows-1252"), "sloppy-windows-1252"))


@pytest.mark.parametrize("text", CYRILLIC)
@pytest.mark.parametrize(
    ("written", "read"), [("koi8-r", "cp1251"), ("cp1251", "koi8-r"), ("cp1251", "latin-1"), ("koi8-r", "latin-1")]
)
def test_one_cyrillic_encoding_read_as_another_is_broken(text, written, read):
    assert is_broken(text.encode(written).decode(read))


@pytest.mark.parametrize("text", ACCENTED)
def test_utf_16_read_byte_by_byte_is_broken(text):
    assert is_broken(text.encode("utf-16").decode("latin-1"))
    assert is_broken(text.encode("utf-16").decode("latin-1").replace("\0", ""))


@pytest.mark.parametrize("text", ACCENTED)
def test_entities_and_escapes_are_broken_however_often_escaped(text):
    named = "".join(f"&{n};" if (n := html.entities.codepoint2name.get(ord(c))) and ord(c) > 127 else c for c in text)
    numeric = "".join(f"&#{ord(c)};" if ord(c) > 127 else c for c in text)
    escaped = "".join("={:02X}={:02X}".format(*c.encode()) if 127 < ord(c) < 0x800 else c for c in text)
    assert is_broken(numeric) and is_broken(numeric.replace("&", "&amp;")) and is_broken(escaped)
    if named != text:
        assert is_broken(named) and is_broken(named.replace("&", "&amp;"))


@pytest.mark.parametrize(
    "text",
    ["a\ue000b", "a\ud83d", "a\ufeffb", "z\u0337\u0321\u031balgo", "a\x00b", "a\x85b", "caf\ufffd", "f眉r gr眉ne"],
)
def test_characters_that_no_text_holds_are_broken(text):
    assert is_broken(text)


@pytest.mark.parametrize("text", CLEAN)
def test_clean_text_of_any_language_is_not_broken(text):
    assert not is_broken(text)


def test_an_example_shows_what_is_broken_and_no_word():
    text = f"{'x' * 80} {NAME} fĂĽr {NAME}"
    assert NAME not in shown(text) and first_broken(text) == text.index("Ă")


def test_entities_belong_in_a_column_of_html():
    pages = [f"<p>Order&nbsp;{i} of M&uuml;ller &amp; Co is late</p>" for i in range(300)]
    frame = table(1).assign(text=pages)
    got = find(inspect(sample_of(frame, table(2)), seed=7))["text"]
    assert (got.raw.hits, got.curated.hits) == (0, 0)
    broken = put(frame, "text", [f"<p>{i}&nbsp;NÃ®mes, a caf\ufffd</p>" for i in range(20)])
    assert np.flatnonzero(find(inspect(sample_of(broken, None), seed=7))["text"].raw.hit).tolist() == HIT
