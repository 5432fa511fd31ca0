"""Narrative: a result in, plain English sentences out; the same words in notebooks, reports and the command line."""
