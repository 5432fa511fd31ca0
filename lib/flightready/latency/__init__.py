"""Latency: how long a request takes, where the time goes, and what the planned load makes of it."""
