"""Cost: what the pilot spent, what a request costs, and what a month in production will cost."""
