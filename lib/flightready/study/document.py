"""The study as one plain document: what `check --json` prints and what findings.json holds."""

from __future__ import annotations

import json
import platform
from importlib import metadata
from typing import Any

from flightready.evidence import Absence, Finding
from flightready.readiness.questions import Answer
from flightready.readiness.verdict import Band, Review
from flightready.study import Study

_LIBRARIES = ("flightready", "numpy", "scipy", "pandas", "pydantic", "genai-prices", "plotly")


def document(study: Study, review: Review) -> dict[str, Any]:
    """Return verdict, answers, findings and absences with everything that they rest on; no time of computation.

    Parameters
    ----------
    review : Review
        The review to report, which may be that of another phase.
    """
    return {
        "name": study.pilot.spec.name,
        "phase": review.phase,
        "as_of": study.as_of.isoformat(),
        "verdict": review.verdict.words,
        "exit_code": review.verdict.exit_code,
        "headline": review.headline,
        "deciding": [_deciding(review.answer(q)) for q in review.deciding],
        "bands": [_band(review.executive), _band(review.readiness)],
        "must_haves": {question: str(state) for question, state in review.must_haves},
        "answers": [_answer(a) for a in review.answers],
        "findings": [_finding(f) for f in review.findings],
        "missing": [_absence(a) for a in study.baseline.absences],
        "inputs": {n: {"sha256": digest, "bytes": size} for n, (digest, size) in study.input_digests.items()},
        "seed": study.pilot.spec.seed,
        "versions": versions(),
    }


def versions() -> dict[str, str]:
    """Return the versions of Python, of this package and of the libraries that its figures rest on."""
    return {"python": platform.python_version()} | {name: metadata.version(name) for name in _LIBRARIES}


def as_json(content: dict[str, Any]) -> str:
    """Return a document as JSON with stable order and a final line end."""
    return json.dumps(content, indent=2, ensure_ascii=False, allow_nan=False) + "\n"


def _band(band: Band) -> dict[str, Any]:
    return {"list": band.name, "yes": band.yes, "no": band.no, "cannot_tell": band.unknown,
            "applicable": band.applicable, "verdict": band.verdict.words}  # fmt: skip


def _deciding(a: Answer) -> dict[str, str]:
    return {"question": a.question, "state": str(a.state), "reason": a.reason, "next_step": a.next_step}


def _answer(a: Answer) -> dict[str, Any]:
    return {
        "question": a.question, "asks": a.asks, "kind": a.kind, "state": str(a.state), "rests_on": a.basis,
        "claim": a.claim, "contradicted": a.contradicted, "reason": a.reason, "next_step": a.next_step, "gap": a.gap,
        "findings": list(a.findings), "attested_by": a.attested_by,
        "attested_on": a.attested_on.isoformat() if a.attested_on else None,
        "valid_until": a.valid_until.isoformat() if a.valid_until else None,
    }  # fmt: skip


def _finding(f: Finding) -> dict[str, Any]:
    return {
        "id": f.id, "title": f.title, "sentence": f.sentence, "state": str(f.state), "grade": str(f.grade),
        "value": f.value, "unit": f.unit, "n": f.n,
        "interval90": [f.interval.low, f.interval.high] if f.interval else None,
        "rule": f.rule, "threshold": f.threshold, "questions": list(f.questions), "gaps": list(f.gaps),
        "tags": list(f.tags), "decides": f.decides, "sources": list(f.sources),
        "collected": f.collected.isoformat() if f.collected else None,
    }  # fmt: skip


def _absence(a: Absence) -> dict[str, Any]:
    return {"key": a.key, "missing": a.missing, "still_gives": a.gives, "bring": a.bring, "decides": a.decides}
