"""Scoring a table of articles: rows in, the same rows with score columns out."""

from attribution.batch.options import BatchOptions, BatchSummary
from attribution.batch.run import run_batch

__all__ = ["BatchOptions", "BatchSummary", "run_batch"]
