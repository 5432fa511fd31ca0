"""The score of one release, the accepted score on disk, and whether a release is better, the same or worse."""
