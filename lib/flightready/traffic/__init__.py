"""Traffic: the load that production brings, and what a limited number of servers makes of it."""
