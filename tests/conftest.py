"""Shared fixtures: the bundled models, loaded once, and where private data is, if anywhere."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from attribution.scorer import Scorer

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="session")
def scorer() -> Scorer:
    """The model trained from the repository alone."""
    return Scorer.load("base")


@pytest.fixture(scope="session")
def default_scorer() -> Scorer:
    """The shipped default model."""
    return Scorer.load("default")


@pytest.fixture(scope="session")
def private_data() -> Path:
    """The folder of material that cannot be published; tests that need it skip without it."""
    folder = os.environ.get("ATTRIBUTION_DATA")
    if not folder or not Path(folder).is_dir():
        pytest.skip("ATTRIBUTION_DATA names no folder: private data is not here")
    return Path(folder)
