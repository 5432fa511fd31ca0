"""Whether confidence can be trusted, which answers people should check, and other models on the same records."""
