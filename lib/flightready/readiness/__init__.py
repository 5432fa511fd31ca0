"""Readiness: both checklists answered by evidence, gates that are never averaged away, and the verdict."""
