"""Evaluation: what the pilot's accuracy on raw data says, beside the demo set, and how sure that is."""
