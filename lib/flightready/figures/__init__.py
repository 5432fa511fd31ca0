"""Figures: a result in, a plotly Figure out; nothing is computed here that a reader could dispute."""
