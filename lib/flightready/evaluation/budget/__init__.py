"""What errors cost and amount to, against what the floor allows, and where they are most frequent."""
