"""The detector 'language'."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from realism_samples import HIT, NAME, Injection, put, sample_of, side_of

from flightready.assessment.schema import Columns
from flightready.realism.defects.language import find
from flightready.realism.inspection import inspect
from flightready.realism.sample import Sample

SPANISH = [
    f"{NAME} todavía no ha recibido el reembolso de su última compra",
    "El paquete lleva diez días parado y nadie contesta al teléfono",
    "Quiero devolver la lámpara porque llegó rota y sin factura",
    "No puedo entrar en mi cuenta desde que cambié la contraseña",
]
GERMAN = [
    "Meine Bestellung ist leider noch nicht angekommen, bitte prüfen Sie das",
    "Die Rechnung stimmt nicht mit dem vereinbarten Betrag überein",
    "Ich möchte den Vertrag zum Ende des Monats kündigen",
    "Bitte schicken Sie mir eine Kopie der Rechnung an meine neue Anschrift",
]
ENGLISH = [
    "My parcel has been waiting for two weeks and nobody answers the phone",
    "Please send a corrected invoice with our company address",
    "I cannot log in any more since I changed my password",
    "The lamp arrived broken and I would like to return it",
    "The refund for my last order is still missing after ten days",
    "Could someone from your team call me back this week",
]
INJECTION = Injection(lambda f: put(f, "text", SPANISH), "text", HIT)


def frame(texts: list[str], n: int) -> pd.DataFrame:
    times = pd.date_range("2025-01-01", periods=n).strftime("%Y-%m-%d").tolist()
    cells = [f"{texts[i % len(texts)]}{'' if i < len(texts) else f' ({i})'}" for i in range(n)]
    return pd.DataFrame({"id": [f"T-{i:05d}" for i in range(n)], "time": times, "text": cells})


def detection(raw: pd.DataFrame, curated: pd.DataFrame | None = None):
    return find(inspect(sample_of(raw, curated), seed=7))["text"]


def test_names_the_languages_with_their_shares():
    raw = frame(ENGLISH, 200)
    raw.loc[:9, "text"] = [f"{SPANISH[i % 4]} {i}" for i in range(10)]
    raw.loc[10:17, "text"] = [f"{GERMAN[i % 4]} {i}" for i in range(8)]
    got = detection(raw, frame(ENGLISH, 100))
    assert np.flatnonzero(got.raw.hit).tolist() == list(range(18))
    assert got.told == "Spanish 5 %, German 4 %"
    assert got.curated.hits == 0


def test_a_language_that_the_demo_set_shows_is_expected():
    both = frame(ENGLISH + GERMAN, 100)
    got = detection(frame(GERMAN, 100), both)
    assert (got.raw.hits, got.curated.hits) == (0, 0)


def test_without_a_demo_set_the_leading_language_is_the_expected_one():
    raw = frame(GERMAN, 100)
    raw.loc[[3, 60], "text"] = ENGLISH[:2]
    assert np.flatnonzero(detection(raw).raw.hit).tolist() == [3, 60]


@pytest.mark.parametrize(
    "text", ["OK", "Köln", "INV-12345 98,20 EUR", "Re: T-0001", "vielen Dank", "😀😀😀", "12345 67890 12345"]
)
def test_a_short_text_is_not_judged(text):
    raw = frame(ENGLISH, 60)
    raw.loc[5, "text"] = text
    got = detection(raw, frame(ENGLISH, 60))
    assert not got.raw.applies[5] and not got.raw.hit[5]


@pytest.mark.parametrize("change", [lambda t: t[:45], lambda t: t.encode().decode("latin-1"), lambda t: t.replace("ü", "&uuml;").replace("ö", "&ouml;")])  # fmt: skip
def test_cut_misread_and_escaped_texts_are_still_told_apart(change):
    raw = frame(ENGLISH, 100)
    raw.loc[:3, "text"] = [change(t) for t in GERMAN]
    got = detection(raw, frame(ENGLISH, 60))
    assert np.flatnonzero(got.raw.hit).tolist() == [0, 1, 2, 3]


def test_names_of_places_and_products_make_no_other_language():
    raw = frame([f"{t} near {place}" for t in ENGLISH for place in ("Málaga", "Köln", "Orléans", "Łódź")], 96)
    assert detection(raw, frame(ENGLISH, 60)).raw.hits == 0


def test_more_texts_than_are_looked_at_are_not_judged(monkeypatch):
    from flightready import policy

    real = policy.value
    monkeypatch.setattr(policy, "value", lambda key: 40 if key == "most_texts_for_language" else real(key))
    assert detection(frame(ENGLISH, 100)).raw.n == 40


def test_a_column_of_names_is_no_text():
    raw = frame(ENGLISH, 60)
    raw["name"] = "Jürgen Müller"
    sample = Sample(None, side_of(raw), Columns(id="id", time="time", text="text"))
    assert list(find(inspect(sample, seed=7))) == ["text"]


def test_of_several_languages_none_is_the_expected_one():
    """A help desk of Switzerland: no text is unexpected where no language leads."""
    french = [
        "Ma commande n'est toujours pas arrivée et personne ne répond au téléphone",
        "Je voudrais résilier mon contrat à la fin du mois prochain",
        "Veuillez m'envoyer une copie de la facture à ma nouvelle adresse",
        "La lampe est arrivée cassée et je souhaite la retourner",
    ]
    mixed = frame([*ENGLISH[:4], *GERMAN, *french, *SPANISH], 160)
    got = detection(mixed)
    assert (got.raw, got.curated) == (None, None)
    assert [o.side for o in got.observations] == ["raw"]
    assert got.observations[0].sentence.startswith("4 languages, none of them in more than half: ")
    assert all(name in got.observations[0].sentence for name in ("English 25 %", "others 25 %"))
    assert detection(mixed, frame(ENGLISH, 100)).raw.hits == 120
    assert detection(frame([*GERMAN[:2], ENGLISH[0]], 99)).raw.hits == 33
