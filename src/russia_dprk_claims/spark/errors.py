"""What cannot be read on Spark, in words for whoever gave it."""

from __future__ import annotations


class SparkInputError(ValueError):
    """A folder that holds no package for Spark: neither a descriptor nor the Parquet files of all tables."""
