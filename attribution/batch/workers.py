"""Articles to outcomes, in this process or in several (joblib, loky)."""

from __future__ import annotations

import json
import time
import warnings
from collections import deque
from collections.abc import Generator, Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from attribution.batch.columns import (
    SECONDS,
    describe_error,
    describe_score,
    describe_sentences,
    describe_sources,
)
from attribution.batch.duplicates import Sketch, make_sketch
from attribution.document import Document
from attribution.errors import AttributionError, InputError, ModelError
from attribution.model import Model, find_model, save_model
from attribution.pipeline import BATCH_DOCUMENTS, Analyser
from attribution.profile import Profile
from attribution.reading import parse_article, read_article
from attribution.reliability import Ratings
from attribution.result import Result
from attribution.scorer import Scorer

#: Articles that a worker is sent together: whole batches of the pipeline, so that the number of
#: workers changes no result, yet few enough that a small table keeps several busy.
_PIECE = BATCH_DOCUMENTS


@dataclass(frozen=True, slots=True)
class Task:
    """One article to score.

    Attributes
    ----------
    text : object
        What stands in the text column; only a string can be scored.
    path : str or None
        Where to read the text instead.
    identity : mapping of str to str or None
        The id, and the outlet and date if asked for: what the other tables repeat.
    """

    text: Any
    path: str | None
    identity: Mapping[str, str | None]


@dataclass(frozen=True, slots=True)
class Plan:
    """What to find out about each article."""

    full: bool
    sentences: bool
    sources: bool
    sketch: bool
    timings: bool


@dataclass(frozen=True)
class Outcome:
    """What was found out about one article; `cells` by the names of the score columns."""

    cells: dict[str, Any]
    words: int = 0
    sentences: Sequence[Mapping[str, Any]] = ()
    sources: Sequence[Mapping[str, Any]] = ()
    sketch: Sketch | None = None


@dataclass
class _Reading:
    """A task's document, or why there is none."""

    task: Task
    document: Document | None = None
    problem: str = ""
    result: Result | None = None


def read_task(task: Task) -> Document:
    """Read an article.

    Raises
    ------
    InputError
        If there is no text, or none that is an article.
    """
    outlet = task.identity.get("outlet")
    if task.path is not None:
        return replace(read_article(task.path, outlet=outlet), id=task.identity["id"])
    text = task.text
    if not isinstance(text, str):
        what = "missing" if text is None else f"not a string but {type(text).__name__}"
        raise InputError(f"the text: {what}", "give an article's text")
    try:
        text.encode("utf-8")
    except UnicodeEncodeError as error:
        raise InputError(
            f"the text: half a surrogate pair at character {error.start}", "mend the encoding"
        ) from error
    return parse_article(text, id=task.identity["id"], outlet=outlet)


def score_tasks(scorer: Scorer, tasks: Sequence[Task], plan: Plan) -> list[Outcome]:
    """Score articles, in order; one that cannot be scored hinders no other."""
    outcomes: list[Outcome] = []
    for first in range(0, len(tasks), BATCH_DOCUMENTS):
        outcomes += _score_group(scorer, tasks[first : first + BATCH_DOCUMENTS], plan)
    return outcomes


def _score_group(scorer: Scorer, tasks: Sequence[Task], plan: Plan) -> Iterator[Outcome]:
    began = time.perf_counter()
    readings = [_read(task) for task in tasks]
    _score_readings(scorer, [reading for reading in readings if reading.document])
    per_character = (time.perf_counter() - began) / max(sum(map(_size, readings)), 1)
    for reading in readings:
        outcome = _describe(reading, plan)
        if plan.timings:
            outcome.cells[SECONDS.name] = round(per_character * _size(reading), 6)
        yield outcome


def _size(reading: _Reading) -> int:
    return len(reading.document.text) if reading.document else 0


def _read(task: Task) -> _Reading:
    try:
        return _Reading(task, read_task(task))
    except InputError as error:
        return _Reading(task, problem=error.what)


def _score_readings(scorer: Scorer, readings: Sequence[_Reading]) -> None:
    """Score together; should that fail, one by one, so that a single row bears the failure."""
    documents = [reading.document for reading in readings if reading.document]
    try:
        for reading, result in zip(readings, scorer.score_documents(documents), strict=True):
            reading.result = result
    except AttributionError:
        raise
    except Exception as error:
        # A fault of ours. After hours of work it must cost one row, said there, not the run.
        if len(readings) == 1:
            readings[0].result = None
            readings[0].problem = f"internal error, please report it: {error!r}"
            return
        for reading in readings:
            _score_readings(scorer, [reading])


def _describe(reading: _Reading, plan: Plan) -> Outcome:
    result, identity = reading.result, reading.task.identity
    if result is None or reading.document is None:
        return Outcome(describe_error(reading.problem))
    record = result.to_dict() if plan.sentences or plan.sources else {}
    text = reading.document.text
    return Outcome(
        describe_score(result, plan.full),
        len(text.split()),
        describe_sentences(record, identity) if plan.sentences else (),
        describe_sources(record, identity) if plan.sources else (),
        make_sketch(text) if plan.sketch else None,
    )


def score_chunks(
    scorer: Scorer, chunks: Iterable[Sequence[Task]], plan: Plan, jobs: int
) -> Generator[list[Outcome], None, None]:
    """Score chunks of articles, in order, with `jobs` processes."""
    if jobs == 1:
        for tasks in chunks:
            yield score_tasks(scorer, tasks, plan)
        return
    from joblib import Parallel, delayed

    work = Parallel(
        n_jobs=jobs, backend="loky", return_as="generator", pre_dispatch="2*n_jobs", batch_size=1
    )
    sizes: deque[int] = deque()

    def pieces() -> Iterator[Sequence[Task]]:
        for tasks in chunks:
            sizes.append(len(tasks))
            for first in range(0, len(tasks), _PIECE):
                yield tasks[first : first + _PIECE]

    gathered: list[Outcome] = []
    with _hand_over(scorer) as handle:
        results = work(delayed(_score_remotely)(handle, piece, plan) for piece in pieces())
        with closing(_Quiet(results)):
            for outcomes in results:
                gathered += outcomes
                if len(gathered) == sizes[0]:
                    sizes.popleft()
                    yield gathered
                    gathered = []


@dataclass(frozen=True)
class _Quiet:
    """Closes joblib's generator without its advice on tasks that are cancelled: they must be."""

    results: Generator[list[Outcome], None, None]

    def close(self) -> None:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", UserWarning)
            self.results.close()


@dataclass(frozen=True)
class _Handle:
    """A scorer as a worker gets it: the model by its folder, which it loads once."""

    folder: str
    sha256: str
    profile: Profile
    ratings: Ratings | None


@contextmanager
def _hand_over(scorer: Scorer) -> Iterator[_Handle]:
    """Make a scorer known to workers; a model that is not among the bundled is saved for them."""
    model = scorer.analyser.model
    with TemporaryDirectory(prefix="attribution-") as temporary:
        folder = _bundled_folder(model)
        if folder is None:
            folder = Path(temporary)
            save_model(model, folder, "A copy for worker processes.\n")
        yield _Handle(str(folder), model.sha256, scorer.profile, scorer.ratings)


def _bundled_folder(model: Model) -> Path | None:
    try:
        folder = find_model(model.name)
        spec = json.loads((folder / "model.json").read_bytes())
    except (ModelError, OSError, ValueError):
        return None
    return folder if spec.get("arrays_sha256") == model.sha256 else None


@lru_cache(maxsize=1)
def _load_analyser(folder: str, sha256: str) -> Analyser:
    return Analyser.load(folder)


def _score_remotely(handle: _Handle, tasks: Sequence[Task], plan: Plan) -> list[Outcome]:
    analyser = _load_analyser(handle.folder, handle.sha256)
    return score_tasks(Scorer(analyser, handle.profile, handle.ratings), tasks, plan)
