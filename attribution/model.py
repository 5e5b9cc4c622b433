"""Model folders: `arrays.npz` and `model.json`, plain numbers that can run no code.

A model folder holds the fitted numbers (`arrays.npz`, loaded with ``allow_pickle=False``), their
meaning (`model.json`, with a checksum of the arrays) and a card for people (`README.md`).
"""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from dataclasses import dataclass
from functools import cached_property
from importlib.resources import files
from math import isfinite
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from attribution.antecedents import Antecedents
from attribution.classifier import FeatureIndex, FeatureSpace, Head
from attribution.errors import ModelError
from attribution.files import write_atomically
from attribution.finder import N_FIRST, SOURCE_TAGS, SPAN_TAGS, Finder
from attribution.tagger import Tagger
from attribution.token_features import TokenTemplates, Vocabulary

SCHEMA_VERSION = 2
HEAD_KINDS = ("logistic", "svm", "mlp")
MAX_BYTES = 64 * 2**20
Arrays = dict[str, NDArray[Any]]


@dataclass(frozen=True)
class Model:
    """A loaded model: the source finder, the ranking of antecedents, the sentence classifiers.

    Attributes
    ----------
    heads : dict of str to Head
        ``attributed`` and ``type`` for the standard labels, ``label`` in their place for a user's
        own; ``needs_source``, ``identified``, ``hedged``.
    intervals : dict
        Quantiles of score errors, for the score's interval.
    meta : dict
        Training data, date, recipe: what the card says, for programs.
    """

    name: str
    version: str
    sha256: str
    finder: Finder
    antecedents: Antecedents
    heads: dict[str, Head]
    labels: tuple[str, ...]
    intervals: dict[str, Any]
    meta: dict[str, Any]

    @cached_property
    def space(self) -> FeatureSpace:
        """The features of all heads."""
        return FeatureSpace({name: head.index for name, head in self.heads.items()})


def models_folder() -> Path:
    """Return where the bundled models live: in the package, or beside it in a checkout."""
    package = Path(str(files("attribution")))
    bundled = package / "models"
    return bundled if bundled.is_dir() else package.parent / "models"


def list_models() -> list[str]:
    """Return the names of the bundled models."""
    folder = models_folder()
    return sorted(path.parent.name for path in folder.glob("*/model.json"))


def find_model(name: str) -> Path:
    """Return the folder of a bundled model, or of a path to one."""
    path = Path(name)
    if path.is_dir():
        return path
    bundled = models_folder() / name
    if "/" not in name and (bundled / "model.json").is_file():
        return bundled
    known = ", ".join(list_models()) or "none"
    raise ModelError(f"no model {name!r}", f"give a model folder or one of: {known}")


def load_model(name: str) -> Model:
    """Load a model by name or folder.

    Raises
    ------
    ModelError
        If it is missing, truncated, changed since it was saved, or of a newer schema.
    """
    folder = find_model(name)
    spec = _read_spec(folder)
    data = _read_bytes(folder / "arrays.npz")
    digest = hashlib.sha256(data).hexdigest()
    if digest != spec.get("arrays_sha256"):
        raise ModelError(
            f"{folder / 'arrays.npz'}: the checksum does not match model.json",
            "the file was changed or cut; copy or train the model again",
        )
    try:
        return _build(spec, _read_arrays(data), digest)
    except (AttributeError, KeyError, TypeError, ValueError, IndexError) as error:
        raise ModelError(
            f"{folder}: not a model this version can read ({error!r})", "train it again"
        ) from error


def _read_spec(folder: Path) -> dict[str, Any]:
    path = folder / "model.json"
    try:
        spec = json.loads(_read_bytes(path))
    except ValueError as error:
        raise ModelError(f"{path}: not JSON, cut or damaged", "copy the model again") from error
    if not isinstance(spec, dict):
        raise ModelError(f"{path}: not a model description")
    version = spec.get("schema_version")
    if version != SCHEMA_VERSION:
        newer = isinstance(version, int) and version > SCHEMA_VERSION
        hint = "upgrade attribution" if newer else "train the model again"
        raise ModelError(f"{path}: schema version {version}, this is {SCHEMA_VERSION}", hint)
    if _digest_spec(spec) != spec.get("spec_sha256"):
        raise ModelError(f"{path}: changed since it was saved", "copy or train the model again")
    return spec


def _digest_spec(spec: dict[str, Any]) -> str:
    """Return a checksum of a description, its own entry left out."""
    content = {key: value for key, value in spec.items() if key != "spec_sha256"}
    text = json.dumps(content, ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _read_bytes(path: Path) -> bytes:
    try:
        if path.stat().st_size > MAX_BYTES:
            raise ModelError(f"{path}: over {MAX_BYTES >> 20} MiB, no model of ours")
        return path.read_bytes()
    except OSError as error:
        raise ModelError(f"{path}: cannot be read ({error.strerror})") from error


def _read_arrays(data: bytes) -> Arrays:
    try:
        with np.load(io.BytesIO(data), allow_pickle=False) as archive:
            return {name: archive[name] for name in archive.files}
    except (zipfile.BadZipFile, EOFError, OSError) as error:
        raise ValueError("the arrays cannot be unpacked") from error


def _build(spec: dict[str, Any], arrays: Arrays, digest: str) -> Model:
    vocabulary = Vocabulary(tuple(spec["vocabulary"]))
    spans = None
    if "spans.weights" in arrays:
        spans = _build_tagger(arrays, "spans", SPAN_TAGS, TokenTemplates(vocabulary).sizes())
    n_first = N_FIRST if spans is not None else 0
    sources = _build_tagger(
        arrays, "sources", SOURCE_TAGS, TokenTemplates(vocabulary, n_first).sizes()
    )
    heads = {name: _build_head(name, head, arrays) for name, head in spec["heads"].items()}
    return Model(
        name=str(spec["name"]),
        version=str(spec["version"]),
        sha256=digest,
        finder=Finder(vocabulary, spans, sources),
        antecedents=_build_antecedents(spec["antecedents"]),
        heads=heads,
        labels=tuple(spec["labels"]),
        intervals=dict(spec["intervals"]),
        meta=dict(spec["meta"]),
    )


def _build_tagger(arrays: Arrays, name: str, tags: tuple[str, ...], sizes: list[int]) -> Tagger:
    offsets = np.concatenate(([0], np.cumsum(sizes)))
    used = arrays[f"{name}.rows"]
    weights = np.zeros((int(offsets[-1]), len(tags)), np.float32)
    weights[used] = arrays[f"{name}.weights"].astype(np.float32)
    transitions = arrays[f"{name}.transitions"].astype(np.float64)
    if transitions.shape != (len(tags), len(tags)):
        raise ValueError(f"{name}: transitions of shape {transitions.shape}")
    return Tagger(tags, offsets, weights, transitions)


def _build_antecedents(spec: dict[str, Any]) -> Antecedents:
    weights = {str(name): float(weight) for name, weight in spec.items()}
    if not all(map(isfinite, weights.values())):
        raise ValueError("antecedents: a weight is no number")
    return Antecedents(weights)


def _build_head(name: str, spec: dict[str, Any], arrays: Arrays) -> Head:
    names, classes, kind = tuple(spec["features"]), tuple(spec["classes"]), spec["kind"]
    if kind not in HEAD_KINDS or not spec["temperature"] > 0:
        raise ValueError(f"{name}: kind {kind!r}, temperature {spec['temperature']}")
    layers = range(2 if kind == "mlp" else 1)
    weights = tuple(arrays[f"{name}.weights{k}"].astype(np.float32) for k in layers)
    biases = tuple(arrays[f"{name}.biases{k}"].astype(np.float32) for k in layers)
    if weights[0].shape[0] != len(names):
        raise ValueError(f"{name}: {len(names)} features, {weights[0].shape[0]} rows")
    outputs = 1 if len(classes) == 2 else len(classes)
    if weights[-1].shape[1] != outputs or biases[-1].shape != (outputs,):
        raise ValueError(f"{name}: {len(classes)} classes, {weights[-1].shape[1]} outputs")
    sigmoid = arrays.get(f"{name}.sigmoid")
    if (kind == "svm") != (sigmoid is not None and sigmoid.shape == (outputs, 2)):
        raise ValueError(f"{name}: the calibration does not fit the kind {kind!r}")
    return Head(
        kind=kind,
        classes=classes,
        index=FeatureIndex(spec["groups"], names),
        weights=weights,
        biases=biases,
        sigmoid=None if sigmoid is None else sigmoid.astype(np.float32),
        temperature=float(spec["temperature"]),
    )


def round_weights(values: NDArray[Any]) -> NDArray[np.float16]:
    """Round weights to what is saved: 16-bit floats."""
    return np.asarray(values).astype(np.float16)


def save_model(model: Model, folder: Path, card: str) -> str:
    """Write a model folder; each file is written beside and renamed. Returns the checksum."""
    data = _pack(_collect_arrays(model))
    digest = hashlib.sha256(data).hexdigest()
    spec = {
        "schema_version": SCHEMA_VERSION,
        "name": model.name,
        "version": model.version,
        "arrays_sha256": digest,
        "labels": list(model.labels),
        "intervals": model.intervals,
        "meta": model.meta,
        "vocabulary": list(model.finder.vocabulary.words),
        "antecedents": dict(model.antecedents.weights),
        "heads": {name: _describe_head(head) for name, head in model.heads.items()},
    }
    folder.mkdir(parents=True, exist_ok=True)
    write_atomically(folder / "arrays.npz", data)
    spec["spec_sha256"] = _digest_spec(spec)
    text = json.dumps(spec, ensure_ascii=False, indent=0, sort_keys=True)
    write_atomically(folder / "model.json", text.encode("utf-8"))
    write_atomically(folder / "README.md", card.encode("utf-8"))
    return digest


def _collect_arrays(model: Model) -> Arrays:
    arrays: Arrays = {}
    for name, tagger in (("spans", model.finder.spans), ("sources", model.finder.sources)):
        if tagger is not None:
            used = np.flatnonzero(np.abs(tagger.weights).max(axis=1) > 0)
            arrays[f"{name}.rows"] = used.astype(np.int32)
            arrays[f"{name}.weights"] = round_weights(tagger.weights[used])
            arrays[f"{name}.transitions"] = tagger.transitions.astype(np.float32)
    for name, head in model.heads.items():
        for k, (weights, biases) in enumerate(zip(head.weights, head.biases, strict=True)):
            arrays[f"{name}.weights{k}"] = round_weights(weights)
            arrays[f"{name}.biases{k}"] = biases.astype(np.float32)
        if head.sigmoid is not None:
            arrays[f"{name}.sigmoid"] = head.sigmoid.astype(np.float32)
    return arrays


def _describe_head(head: Head) -> dict[str, Any]:
    return {
        "kind": head.kind,
        "classes": list(head.classes),
        "groups": head.index.groups,
        "temperature": head.temperature,
        "features": list(head.index.names),
    }


def _pack(arrays: Arrays) -> bytes:
    """Zip arrays with fixed dates, so that equal numbers give equal bytes."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in sorted(arrays):
            entry = io.BytesIO()
            np.lib.format.write_array(entry, arrays[name], allow_pickle=False)
            info = zipfile.ZipInfo(f"{name}.npy", date_time=(1980, 1, 1, 0, 0, 0))
            info.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(info, entry.getvalue(), compresslevel=6)
    return buffer.getvalue()
