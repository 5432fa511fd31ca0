"""Labelling: a random draw of raw records, the sheet that people fill in, and what is merged back."""
