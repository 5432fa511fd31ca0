"""Secrets by their form; every key is put together at run time, so that no scanner takes it for a real one."""

from __future__ import annotations

import base64
import hashlib
import uuid

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from realism_samples import put, sample_of, table

from flightready.realism.credentials import entropy, is_random, secrets
from flightready.realism.defects.secret import find, records
from flightready.realism.inspection import inspect

MIXED = "a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8"
HEAD = base64.urlsafe_b64encode(b'{"alg":"HS256"}').decode().rstrip("=")
BODY = base64.urlsafe_b64encode(b'{"sub":"1234567890"}').decode().rstrip("=")
SECRETS = {
    "cloud access key": ["AK" + "IA" + "QZ7X4MPL2RTW8NBD", "key=AS" + "IA" + "QZ7X4MPL2RTW8NBD;"],
    "repository token": ["gh" + "p_" + MIXED, "git" + "hub_pat_" + MIXED, "gl" + "pat-" + MIXED[:20]],
    "chat token": ["xo" + "xb-" + "123456789012-abcDEF", "https://hooks." + "slack.com/services/T00/B00/" + MIXED[:24]],
    "API key": ["AI" + "za" + MIXED[:35], "sk" + "_live_" + MIXED[:24], "sk" + "-proj-" + MIXED, "h" + "f_" + MIXED[:34]],
    "private key": ["-----BEGIN RSA PRI" + "VATE KEY-----", "-----BEGIN PRI" + "VATE KEY-----"],
    "web token": [f"{HEAD}.{BODY}.{MIXED}"],
    "connection with a password": ["postgres://app:" + "s3cretWord" + "@db.example.com/x", "amqp://u:" + "p" + "@h"],
    "password": ["my pass" + "word is Summer2024!", "Pwd=" + "hunter2", "Passwort lautet: " + "kX-pQ.vb", "mot de passe : " + "Azerty123"],
    "key or token": ["Authorization: Bearer " + MIXED, "api_" + "key=" + MIXED[:20], "to" + "ken: '" + "9f8e7d6c5b4a39281706" + "'",
                     "client_" + "secret => " + MIXED[:18]],
}  # fmt: skip
NOT_SECRET = [
    "my password is incorrect", "the password: forgotten again", "password is case-sensitive", "token expired", "token: 12345678",
    "please reset my password for T-123456", "secret santa is on 2026-12-24", "the api key is not accepted",
    "550e8400-e29b-41d4-a716-446655440000", "scikit-learn sk-learn-extension-package", "https://example.com:8080/a@b",
    "postgres://user:***@db.example.com", "postgres://user:${PASSWORD}@db.example.com", "risk-based-approach-to-many-things-9",
    "key: value", "tokens used: 1234567890123456", "password must have 8 characters and 1 digit", "AKIA", "bearer of bad news",
    "token: internationalisation", "", "mailto:a@b.co", "the token: T-000000000000123",
]  # fmt: skip


@pytest.mark.parametrize(("kind", "text"), [(k, t) for k, texts in SECRETS.items() for t in texts])
def test_is_found_by_its_form_or_the_word_before_it(kind, text):
    assert kind in [s.kind for s in secrets(text)]
    assert kind in [s.kind for s in secrets(f"Hello, here it is: {text} thanks")]


@pytest.mark.parametrize("text", NOT_SECRET)
def test_what_only_looks_alike_is_left_alone(text):
    assert secrets(text) == []


def test_random_values_are_no_secret_without_a_word_that_says_so():
    """UUIDs, hashes and pictures name or show things; 2,000 of each, bare and in a sentence."""
    rng = np.random.default_rng(8)
    for _ in range(2_000):
        raw = rng.bytes(120)
        picture = "data:image/png;base64," + base64.b64encode(raw).decode()
        values = (
            str(uuid.UUID(bytes=raw[:16])),
            hashlib.sha256(raw).hexdigest(),
            hashlib.md5(raw).hexdigest(),
            picture,
        )
        for value in (*values, base64.b64encode(raw).decode()):
            assert secrets(value, "image") == []
            assert secrets(f"see {value} for it") == []


def test_a_header_makes_random_values_secret_but_not_identifiers():
    assert [s.kind for s in secrets(MIXED, "api_key")] == ["key or token"]
    assert [s.kind for s in secrets(MIXED, "apiKey")] == ["key or token"]
    assert [s.kind for s in secrets("Summer2024", "password")] == ["password"]
    assert secrets(str(uuid.UUID(int=7)), "session token") == []
    assert secrets(MIXED, "token id") == []
    assert secrets("1500", "tokens") == []
    assert secrets("2026-10-01T12:00", "password changed at") == []


def test_entropy_of_known_distributions():
    """Shannon 1948: log2(k) for k equally frequent signs; .8113 bits for one in four."""
    assert entropy("0123456789abcdef") == pytest.approx(4)
    assert entropy("aaab") == pytest.approx(0.8113, abs=1e-4)


def test_random_keys_pass_the_bar_and_words_do_not():
    rng = np.random.default_rng(4)
    signs = np.array(list("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"))
    passed = [is_random("".join(rng.choice(signs, 20))) for _ in range(2_000)]
    assert np.mean(passed) > 0.9  # the others hold no digit: (52/62)^20 = 2.97 %
    assert not any(is_random(w) for w in ("internationalisation", "0000000000000000001a", "2026-10-01T12:00:00Z"))


@given(st.text(max_size=80))
def test_any_text_is_no_obstacle(text):
    assert all(0 <= s.start <= s.end <= len(text) for s in secrets(text, "token"))


def test_secrets_are_counted_by_record_and_told_by_kind():
    frame = put(table(1), "text", [f"I used {SECRETS['cloud access key'][0]} here"], range(4))
    frame = put(frame, "name", ["pass" + "word: Summer2024"], range(2, 6))
    inspection = inspect(sample_of(frame, table(2)), seed=7)
    found = find(inspection)
    assert (found["text"].told, found["name"].told) == ("cloud access key 4", "password 4")
    assert (records(inspection, "raw"), records(inspection, "curated")) == (6, 0)
