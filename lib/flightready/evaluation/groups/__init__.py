"""Whether the pilot is right as often for one group of people as for another."""
