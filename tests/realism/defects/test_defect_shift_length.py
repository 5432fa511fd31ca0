"""The detector 'shift_length'."""

from __future__ import annotations

from realism_samples import Injection, halves, sample_of

from flightready.realism.defects import shift_length
from flightready.realism.inspection import inspect

INJECTION = Injection(lambda f: f.assign(text=[" ".join(t.split()[:6]) for t in f["text"]]), "text", None)


def test_says_that_texts_are_shorter():
    raw, curated = halves()
    told = shift_length.find(inspect(sample_of(INJECTION.change(raw), curated), seed=7))
    assert list(told) == ["text"]
    assert told["text"].told.startswith("raw texts tend to be shorter: in ")
