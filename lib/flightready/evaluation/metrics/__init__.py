"""What the task is measured by, on both sides, with intervals."""
