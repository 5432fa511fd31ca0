"""Which defects of raw records the drop in accuracy comes from, in points, cases and money."""
