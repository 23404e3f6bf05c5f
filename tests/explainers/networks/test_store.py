"""What is committed can be read without pickle, says where it comes from, and is what it says."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from explainers.networks import store

STORED = sorted(path.stem for path in store.DATA.glob("*.npz"))


@pytest.mark.parametrize("name", STORED)
def test_committed_data_are_small_and_match_their_provenance(name: str) -> None:
    path = store.DATA / f"{name}.npz"
    told = store.provenance(name)
    assert path.stat().st_size < 200_000
    assert told["sha256"] == store.digest(path)
    assert told["made_by"].startswith("python -m explainers.networks.")
    for array in store.load(name).values():
        assert np.issubdtype(array.dtype, np.number) and np.isfinite(array).all()
        assert not array.flags.writeable


def test_what_is_saved_is_loaded(tmp_path: Path) -> None:
    arrays = {"a": np.arange(3.0), "b": np.eye(2)}
    path = store.save("x", arrays, {"made_by": "a test", "versions": {"else": "1"}}, tmp_path)
    np.testing.assert_array_equal(store.load("x", tmp_path)["b"], np.eye(2))
    told = json.loads((tmp_path / "x.json").read_text())
    assert told["sha256"] == store.digest(path) and told["versions"]["else"] == "1"
    assert told["versions"]["numpy"] == np.__version__


def test_pickled_objects_are_refused(tmp_path: Path) -> None:
    np.savez(tmp_path / "evil.npz", a=np.array([object()], dtype=object))
    with pytest.raises(ValueError, match="allow_pickle"):
        store.load("evil", tmp_path)
