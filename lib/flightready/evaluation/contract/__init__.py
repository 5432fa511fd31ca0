"""What every answer must keep whatever it says: its form, and the rules of the business."""
