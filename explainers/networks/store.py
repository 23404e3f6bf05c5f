"""Committed results of training and measuring: arrays in an .npz without pickle, their provenance in JSON beside it."""

from __future__ import annotations

import hashlib
import json
import platform
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

import numpy as np

DATA = Path(__file__).parent / "data"


def save(name: str, arrays: Mapping[str, np.ndarray], provenance: Mapping[str, Any], folder: Path = DATA) -> Path:
    """Write arrays and how they came about; returns the file of the arrays.

    Args:
        name: of both files, without ending.
        arrays: what was computed.
        provenance: JSON-ready; versions and a digest of the arrays are added.
        folder: where to.
    """
    path = folder / f"{name}.npz"
    np.savez_compressed(path, **arrays)
    versions = {"python": platform.python_version(), "numpy": np.__version__}
    told = {**provenance, "versions": {**versions, **provenance.get("versions", {})}, "sha256": digest(path)}
    path.with_suffix(".json").write_text(json.dumps(told, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    return path


@cache
def load(name: str, folder: Path = DATA) -> Mapping[str, np.ndarray]:
    """The arrays saved under a name, read-only."""
    with np.load(folder / f"{name}.npz", allow_pickle=False) as stored:
        arrays = {key: stored[key] for key in stored.files}
    for array in arrays.values():
        array.flags.writeable = False
    return MappingProxyType(arrays)


@cache
def provenance(name: str, folder: Path = DATA) -> Mapping[str, Any]:
    """How the arrays saved under a name came about."""
    return MappingProxyType(json.loads((folder / f"{name}.json").read_text(encoding="utf-8")))


def digest(path: Path) -> str:
    """SHA-256 of a file."""
    return hashlib.sha256(path.read_bytes()).hexdigest()
