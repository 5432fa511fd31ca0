"""Names of providers: gateways and instrumentations name the same provider differently from the price list."""

from __future__ import annotations

import pandas as pd

_LISTED = {
    "aws.bedrock": "aws", "bedrock": "aws", "bedrock_converse": "aws", "aws_bedrock": "aws", "amazon_bedrock": "aws",
    "azure.ai.openai": "azure", "azure.ai.inference": "azure", "az.ai.openai": "azure", "az.ai.inference": "azure",
    "azure_openai": "azure", "azure_ai": "azure", "azure_text": "azure",
    "gcp.gemini": "google", "gcp.vertex_ai": "google", "gcp.gen_ai": "google", "vertex_ai": "google",
    "vertex_ai_beta": "google", "gemini": "google", "google_genai": "google", "vertexai": "google",
    "mistral_ai": "mistral", "x_ai": "x-ai", "xai": "x-ai", "together_ai": "together", "fireworks_ai": "fireworks",
    "text-completion-openai": "openai", "cohere_chat": "cohere", "moonshot": "moonshotai",
}  # fmt: skip


def listed_providers(said: pd.Series) -> pd.Series:
    """Return each provider by the name that the price list has for it."""
    folded = said.str.lower()
    names = {name: _LISTED[name] for name in folded.unique() if name in _LISTED}
    return folded.replace(names) if names else folded


def listed_provider(said: str) -> str:
    """Return one provider by the name that the price list has for it.

    Examples
    --------
    >>> listed_provider("Vertex_AI")
    'google'
    """
    return _LISTED.get(said.lower(), said.lower())


def bare_models(model: pd.Series) -> pd.Series:
    """Return each model without the provider or region that gateways write before it (`openai/gpt-4o`)."""
    return model.str.replace(r"^.*/", "", regex=True) if model.str.contains("/", regex=False).any() else model
