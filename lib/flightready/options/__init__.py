"""Ways to answer side by side: what cost and latency decide together."""
