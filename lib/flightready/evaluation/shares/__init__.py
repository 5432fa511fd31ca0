"""Shares of right answers, their intervals, and which records belong together or are the same."""
