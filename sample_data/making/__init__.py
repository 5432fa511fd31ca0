"""The parts of the sample generator: tables, texts, defects, logs and writers."""
