"""The whole population behind a sample: profiled and sampled where it lies, on DuckDB, PostgreSQL or Spark.

Only aggregates and the drawn sample leave the engine. Ibis is loaded when a population is opened, not before.
"""
