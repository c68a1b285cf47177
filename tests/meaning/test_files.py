"""The files of the model are found where their packages lie, and used only if they are ours."""

import hashlib
import sys
from pathlib import Path

import pytest

from linkwork import meaning
from linkwork.meaning import ModelAbsent, ModelRefused, encoder, files


@pytest.fixture
def packages(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of packages with a model and a vocabulary of our own making."""
    for package, name, content in [("model_of_ours", "model.onnx", b"model"),
                                   ("words_of_ours", "vocab.txt", b"words")]:  # fmt: skip
        (tmp_path / package).mkdir()
        (tmp_path / package / "__init__.py").write_text("raise RuntimeError('was run')")
        (tmp_path / package / name).write_bytes(content)
    monkeypatch.syspath_prepend(tmp_path)
    model = ("model_of_ours", "model.onnx", hashlib.sha256(b"model").hexdigest())
    words = ("words_of_ours", "vocab.txt", hashlib.sha256(b"words").hexdigest())
    monkeypatch.setattr(files, "MODEL", model)
    monkeypatch.setattr(files, "VOCABULARY", words)
    return tmp_path


def test_the_files_are_found_and_nothing_of_their_packages_is_run(packages: Path) -> None:
    model, vocabulary = meaning.checked()

    assert (model.read_bytes(), vocabulary.read_bytes()) == (b"model", b"words")
    assert not {"model_of_ours", "words_of_ours"} & set(sys.modules)


@pytest.mark.parametrize("name", ["model_of_ours/model.onnx", "words_of_ours/vocab.txt"])
def test_a_file_that_differs_by_one_letter_is_refused(packages: Path, name: str) -> None:
    (packages / name).write_bytes((packages / name).read_bytes() + b".")

    with pytest.raises(ModelRefused, match=r"is not the file that Linkwork knows.*Install"):
        meaning.checked()


def test_a_file_that_is_gone_is_refused_with_what_to_do(packages: Path) -> None:
    (packages / "model_of_ours/model.onnx").unlink()

    with pytest.raises(ModelRefused, match=r"model.onnx of model_of_ours cannot be read"):
        meaning.checked()


def test_a_package_that_is_missing_is_named_and_how_to_install_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(files, "MODEL", ("no_such_package", "model.onnx", "0" * 64))

    with pytest.raises(ModelAbsent, match=r"no_such_package is not .*linkwork\[semantic\]"):
        meaning.checked()


def test_what_is_no_model_is_refused_once_and_read_once(
    packages: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    meaning.forget()
    with pytest.raises(ModelRefused, match="could not be loaded"):
        encoder()  # the sums are right, and it is no model at all
    monkeypatch.setattr(files, "checked", lambda: pytest.fail("read again"))

    with pytest.raises(ModelRefused, match="could not be loaded"):
        encoder()
    meaning.forget()
