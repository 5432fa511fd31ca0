"""Where right answers come from: drawing, agreement, audit, and what can be said without them."""
