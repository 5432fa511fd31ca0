"""The ingestion contract: what a record must be like, learned from the demo set and confirmed by the analyst."""
