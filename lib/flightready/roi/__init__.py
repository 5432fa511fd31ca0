"""ROI: the value that the pilot promised, the value that production will have, and the price of the gaps between."""
