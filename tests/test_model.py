"""Model folders: what is saved comes back, and what is damaged is refused in one clear line."""

from __future__ import annotations

import hashlib
import io
import json
import pickle
import shutil
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from tiny_model import make_tiny_model

from attribution.document import Document
from attribution.errors import ModelError
from attribution.files import write_atomically
from attribution.lexicon import load_lexicon
from attribution.model import (
    SCHEMA_VERSION,
    Model,
    find_model,
    list_models,
    load_model,
    models_folder,
    round_weights,
    save_model,
)
from attribution.pipeline import Analyser
from attribution.sentences import split_text

TEXT = "It rained. The official said the agency would report.\n\n“We told them,” he said."


@pytest.fixture(scope="module")
def model() -> Model:
    return make_tiny_model()


@pytest.fixture(scope="module")
def saved(model: Model, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("saved") / "tiny"
    save_model(model, path, "# Tiny\n")
    return path


@pytest.fixture
def folder(saved: Path, tmp_path: Path) -> Path:
    """A copy of the saved model, to be damaged."""
    return Path(shutil.copytree(saved, tmp_path / "tiny"))


def documents() -> list[Document]:
    return [split_text(TEXT), split_text("Snow fell.")]


def read_spec(folder: Path) -> dict[str, Any]:
    spec: dict[str, Any] = json.loads((folder / "model.json").read_text(encoding="utf-8"))
    return spec


def write_spec(folder: Path, **changes: Any) -> None:
    """Replace the description, its checksum too, as somebody would who means harm."""
    spec = {**read_spec(folder), **changes}
    spec = {key: value for key, value in spec.items() if value is not ... and key != "spec_sha256"}
    content = json.dumps(spec, ensure_ascii=False, sort_keys=True).encode("utf-8")
    spec["spec_sha256"] = hashlib.sha256(content).hexdigest()
    (folder / "model.json").write_text(json.dumps(spec), encoding="utf-8")


def write_arrays(folder: Path, data: bytes) -> None:
    """Replace the arrays together with their checksum."""
    (folder / "arrays.npz").write_bytes(data)
    write_spec(folder, arrays_sha256=hashlib.sha256(data).hexdigest())


def complaint(folder: Path | str) -> str:
    with pytest.raises(ModelError) as caught:
        load_model(str(folder))
    message = str(caught.value)
    assert "\n" not in message and len(message) < 400
    return message


# --- saving and loading --------------------------------------------------------------------------


def check_same(loaded: Model, model: Model) -> None:
    assert (loaded.name, loaded.version, loaded.labels) == (
        model.name,
        model.version,
        model.labels,
    )
    assert loaded.intervals == model.intervals and loaded.meta == model.meta
    assert loaded.finder.vocabulary == model.finder.vocabulary
    for found, expected in (
        (loaded.finder.spans, model.finder.spans),
        (loaded.finder.sources, model.finder.sources),
    ):
        assert (found is None) == (expected is None)
        if found is not None and expected is not None:
            assert found.tags == expected.tags
            assert (found.offsets == expected.offsets).all()
            assert (found.weights == expected.weights).all()
            assert (found.transitions == expected.transitions).all()
    assert list(loaded.heads) == sorted(model.heads)
    for name, head in model.heads.items():
        found_head = loaded.heads[name]
        assert (found_head.kind, found_head.classes) == (head.kind, head.classes)
        assert found_head.index == head.index and found_head.temperature == head.temperature
        for a, b in zip(found_head.weights, head.weights, strict=True):
            assert (a == b).all() and a.dtype == b.dtype
        for a, b in zip(found_head.biases, head.biases, strict=True):
            assert (a == b).all()
        assert np.array_equal(_or_none(found_head.sigmoid), _or_none(head.sigmoid))


def _or_none(values: NDArray[Any] | None) -> NDArray[Any]:
    return np.array([]) if values is None else values


def test_what_is_saved_comes_back(model: Model, folder: Path) -> None:
    loaded = load_model(str(folder))
    check_same(loaded, model)
    assert loaded.sha256 == hashlib.sha256((folder / "arrays.npz").read_bytes()).hexdigest()


def test_a_model_without_the_first_tagger(tmp_path: Path) -> None:
    model = make_tiny_model(spans=False, kinds=("mlp",))
    save_model(model, tmp_path, "")
    check_same(load_model(str(tmp_path)), model)


def test_the_loaded_model_reads_alike(model: Model, folder: Path) -> None:
    before = Analyser(model, load_lexicon())
    after = Analyser(load_model(str(folder)), load_lexicon())
    assert list(before.analyse(documents())) == list(after.analyse(documents()))


def test_two_saves_give_equal_bytes(model: Model, folder: Path, tmp_path: Path) -> None:
    digest = save_model(model, tmp_path / "again", "# Tiny\n")
    for name in ("arrays.npz", "model.json", "README.md"):
        assert (folder / name).read_bytes() == (tmp_path / "again" / name).read_bytes()
    assert digest == load_model(str(folder)).sha256


def test_saving_what_was_loaded_changes_nothing(folder: Path, tmp_path: Path) -> None:
    save_model(load_model(str(folder)), tmp_path / "again", "# Tiny\n")
    for name in ("arrays.npz", "model.json"):
        assert (folder / name).read_bytes() == (tmp_path / "again" / name).read_bytes()


def test_nothing_else_is_left_in_the_folder(folder: Path) -> None:
    assert sorted(path.name for path in folder.iterdir()) == [
        "README.md",
        "arrays.npz",
        "model.json",
    ]
    assert (folder / "README.md").read_text(encoding="utf-8") == "# Tiny\n"


def test_weights_are_rounded_to_sixteen_bits() -> None:
    assert round_weights(np.array([0.1, 70.03])).dtype == np.float16


def test_atomic_write_keeps_the_old_file_on_failure(tmp_path: Path) -> None:
    target = tmp_path / "file"
    target.write_bytes(b"old")
    unwritable: Any = "not bytes"
    with pytest.raises(TypeError):
        write_atomically(target, unwritable)
    assert [path.name for path in tmp_path.iterdir()] == ["file"]
    assert target.read_bytes() == b"old"


# --- damage --------------------------------------------------------------------------------------


@pytest.mark.parametrize("key", ["labels", "heads", "vocabulary", "meta", "intervals", "name"])
def test_a_changed_description_is_noticed(key: str, folder: Path) -> None:
    # The checksum covers the meaning too: labels in another order would be other labels.
    path = folder / "model.json"
    content = json.dumps({**read_spec(folder), key: ["something", "else"]})
    path.write_text(content, encoding="utf-8")
    assert "model.json: changed since it was saved" in complaint(folder)


def test_missing_folder_names_the_bundled_models() -> None:
    message = complaint("no-such-model")
    assert "no model 'no-such-model'" in message
    assert all(name in message for name in list_models())


@pytest.mark.parametrize("name", ["../default", "default/", "/nowhere/model", ".."])
def test_a_bundled_name_is_no_path(name: str, tmp_path: Path) -> None:
    if not Path(name).is_dir():
        assert "no model" in complaint(name)
    else:
        assert "model.json: cannot be read" in complaint(name)


@pytest.mark.parametrize("name", ["model.json", "arrays.npz"])
def test_missing_file(name: str, folder: Path) -> None:
    (folder / name).unlink()
    assert f"{name}: cannot be read (No such file or directory)" in complaint(folder)


def test_truncated_arrays(folder: Path) -> None:
    data = (folder / "arrays.npz").read_bytes()
    (folder / "arrays.npz").write_bytes(data[: len(data) // 2])
    assert "arrays.npz: the checksum does not match" in complaint(folder)


def test_one_changed_byte(folder: Path) -> None:
    data = bytearray((folder / "arrays.npz").read_bytes())
    data[len(data) // 2] ^= 1
    (folder / "arrays.npz").write_bytes(bytes(data))
    assert "the checksum does not match" in complaint(folder)


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04", b"no archive", b"\x93NUMPY\x01\x00"])
def test_arrays_that_are_no_archive(data: bytes, folder: Path) -> None:
    write_arrays(folder, data)
    assert "not a model this version can read" in complaint(folder)


def test_one_array_in_place_of_an_archive(folder: Path) -> None:
    buffer = io.BytesIO()
    np.save(buffer, np.zeros(3))
    write_arrays(folder, buffer.getvalue())
    assert "not a model this version can read" in complaint(folder)


@pytest.mark.parametrize("cut", [10, 100, 1000])
def test_cut_archive_with_a_fitting_checksum(cut: int, folder: Path) -> None:
    write_arrays(folder, (folder / "arrays.npz").read_bytes()[:-cut])
    assert "not a model this version can read" in complaint(folder)


def test_garbled_archive_with_a_fitting_checksum(folder: Path) -> None:
    data = bytearray((folder / "arrays.npz").read_bytes())
    data[200:260] = bytes(60)
    write_arrays(folder, bytes(data))
    assert "not a model this version can read" in complaint(folder)


@pytest.mark.parametrize("content", ["", "{", "not json", '{"a": 1}{', "\x00\x01"])
def test_description_that_is_no_json(content: str, folder: Path) -> None:
    (folder / "model.json").write_text(content, encoding="utf-8")
    assert "model.json: not JSON, cut or damaged" in complaint(folder)


def test_description_in_another_encoding(folder: Path) -> None:
    (folder / "model.json").write_bytes(b'{"name": "\xff\xfe"}')
    assert "model.json: not JSON" in complaint(folder)


def test_truncated_description(folder: Path) -> None:
    data = (folder / "model.json").read_bytes()
    (folder / "model.json").write_bytes(data[:-20])
    assert "model.json: not JSON, cut or damaged" in complaint(folder)


@pytest.mark.parametrize("content", ["[]", "1", "null", '"text"'])
def test_description_that_is_no_object(content: str, folder: Path) -> None:
    (folder / "model.json").write_text(content, encoding="utf-8")
    assert "not a model description" in complaint(folder)


@pytest.mark.parametrize(
    ("version", "hint"),
    [(3, "upgrade attribution"), (99, "upgrade attribution"), (1, "train"), (None, "train")],
)
def test_other_schema(version: int | None, hint: str, folder: Path) -> None:
    write_spec(folder, schema_version=version)
    message = complaint(folder)
    assert f"schema version {version}, this is {SCHEMA_VERSION}" in message and hint in message


def test_a_newer_schema_is_named_before_its_contents_are_read(folder: Path) -> None:
    (folder / "model.json").write_text('{"schema_version": 3}', encoding="utf-8")
    assert "upgrade attribution" in complaint(folder)


@pytest.mark.parametrize(
    "changes",
    [
        {"heads": {}, "vocabulary": None},
        {"heads": []},
        {"heads": {"type": {"kind": "logistic"}}},
        {"heads": {"type": None}},
        {"labels": None},
        {"intervals": None},
        {"intervals": [1]},
        {"meta": 3},
    ],
    ids=lambda changes: str(changes)[:40],
)
def test_description_of_another_shape(changes: dict[str, Any], folder: Path) -> None:
    write_spec(folder, **changes)
    assert "not a model this version can read" in complaint(folder)


@pytest.mark.parametrize("key", ["name", "version", "labels", "heads", "vocabulary", "meta"])
def test_description_without_a_key(key: str, folder: Path) -> None:
    write_spec(folder, **{key: ...})
    assert "not a model this version can read" in complaint(folder)


def _drop_feature(head: dict[str, Any]) -> None:
    head["features"] = head["features"][:-1]


def _add_class(head: dict[str, Any]) -> None:
    head["classes"] = [*head["classes"], "another"]


def _change_kind(head: dict[str, Any]) -> None:
    head["kind"] = "mlp" if head["kind"] != "mlp" else "logistic"


def _unknown_kind(head: dict[str, Any]) -> None:
    head["kind"] = "forest"


def _zero_temperature(head: dict[str, Any]) -> None:
    head["temperature"] = 0.0


@pytest.mark.parametrize("name", ["attributed", "type", "needs_source"])
@pytest.mark.parametrize(
    "change", [_drop_feature, _add_class, _change_kind, _unknown_kind, _zero_temperature]
)
def test_heads_that_do_not_fit_their_arrays(
    change: Callable[[dict[str, Any]], None], name: str, folder: Path
) -> None:
    spec = read_spec(folder)
    change(spec["heads"][name])
    write_spec(folder, **spec)
    assert "not a model this version can read" in complaint(folder)


def test_a_file_of_unlikely_size_is_not_read(folder: Path) -> None:
    with (folder / "arrays.npz").open("r+b") as file:
        file.truncate(65 * 2**20)  # sparse: takes no disk
    assert "over 64 MiB" in complaint(folder)


# --- no code runs --------------------------------------------------------------------------------


class _Trap:
    """Unpickling this writes a file."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> tuple[Callable[..., Any], tuple[Any, ...]]:
        return Path.write_text, (self.path, "code ran")


def _with_pickle(folder: Path, name: str, trap: Path) -> bytes:
    """Return the archive with one array replaced by a pickle of objects."""
    objects = io.BytesIO()
    np.save(objects, np.array([_Trap(trap)], dtype=object), allow_pickle=True)
    result = io.BytesIO()
    with zipfile.ZipFile(folder / "arrays.npz") as old, zipfile.ZipFile(result, "w") as new:
        for entry in old.namelist():
            data = objects.getvalue() if entry == f"{name}.npy" else old.read(entry)
            new.writestr(entry, data)
    return result.getvalue()


@pytest.mark.parametrize("name", ["sources.weights", "spans.rows", "type.biases0"])
def test_an_archive_that_bears_a_pickle_is_refused(name: str, folder: Path, tmp_path: Path) -> None:
    trap = tmp_path / "trap"
    write_arrays(folder, _with_pickle(folder, name, trap))
    assert "not a model this version can read" in complaint(folder)
    assert not trap.exists()


def test_a_bare_pickle_is_refused(folder: Path, tmp_path: Path) -> None:
    trap = tmp_path / "trap"
    write_arrays(folder, pickle.dumps(_Trap(trap)))
    assert "not a model this version can read" in complaint(folder)
    assert not trap.exists()


def test_loading_never_unpickles(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*args: object, **kwargs: object) -> None:
        raise AssertionError("something was unpickled")

    for name in ("load", "loads", "Unpickler"):
        monkeypatch.setattr(pickle, name, refuse)
    load_model(str(folder))


# --- the bundled models --------------------------------------------------------------------------


def test_bundled_models_are_listed_by_name() -> None:
    names = list_models()
    assert names == sorted(names)
    assert all((models_folder() / name / "model.json").is_file() for name in names)


def test_folders_come_before_bundled_names(
    model: Model, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    save_model(replace(model, name="mine"), tmp_path / "default", "")
    monkeypatch.chdir(tmp_path)
    assert find_model("default") == Path("default")
    assert load_model("default").name == "mine"
