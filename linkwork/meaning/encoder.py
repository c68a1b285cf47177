"""The model, loaded once for each process: a text goes in, a vector of its meaning comes out."""

from __future__ import annotations

import ctypes
import threading
from collections.abc import Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from linkwork.meaning import files
from linkwork.meaning.files import ModelAbsent, ModelRefused, ModelUnusable

if TYPE_CHECKING:
    from numpy.typing import NDArray

DIMENSIONS = 384
MOST_PIECES = 128
"""Pieces of words the model reads of one text; it was taught on texts of this length."""
LONGEST_WORD = 100
UNKNOWN = "[UNK]"
DECIMALS = 5
"""Kept of a vector: beyond it lies only the order in which a processor adds up."""

_lock = threading.Lock()


class Encoder:
    """The model and what cuts words for it. Safe to use from several threads at once."""

    def __init__(self) -> None:
        """Load both files; raises ModelUnusable where that cannot be done."""
        model, vocabulary = files.checked()
        try:
            self._pieces = _tokenizer(vocabulary.read_text(encoding="utf-8"))
            self._session = _session(str(model))
        except ImportError as error:
            raise ModelAbsent(
                f"The package {error.name} is not installed. {files.HOW_TO_INSTALL}"
            ) from error
        except Exception as error:  # whatever the libraries raise, the pages go on without
            raise ModelRefused(
                "The model could not be loaded by the onnxruntime that is installed. "
                "Install linkwork[semantic] again."
            ) from error
        give_back_memory()

    def encode(self, texts: Sequence[str]) -> NDArray[Any]:
        """One vector of length 1 for each text, as rows of float32; of zeros for an empty text.

        Of a long text only the first 128 pieces of words are read. Each text is read by itself:
        in a batch the model rounds by what else is in it, and the same text would not always
        give the same vector.
        """
        import numpy as np

        vectors = np.zeros((len(texts), DIMENSIONS), dtype=np.float32)
        for row, text in enumerate(texts):
            if text.strip():
                vectors[row] = self._vector(text)
        return vectors

    def _vector(self, text: str) -> NDArray[Any]:
        import numpy as np

        ids = np.array([self._pieces.encode(text).ids], dtype=np.int64)
        given = {
            "input_ids": ids,
            "attention_mask": np.ones_like(ids),
            "token_type_ids": np.zeros_like(ids),
        }
        mean = self._session.run(None, given)[0][0].mean(axis=0)
        vector: NDArray[Any] = (mean / np.linalg.norm(mean)).round(DECIMALS)
        return vector


def encoder() -> Encoder:
    """The model of this process, loaded now where it was not yet: a few tenths of a second.

    Raises ModelUnusable where there is none. That is remembered until the process ends, so that
    a damaged file is read once and not for every note.
    """
    with _lock:
        loaded = _loaded()
    if isinstance(loaded, ModelUnusable):
        raise type(loaded)(str(loaded))
    return loaded


def forget() -> None:
    """Let go of the model, or of why there is none: the next ``encoder()`` looks again."""
    _loaded.cache_clear()


def give_back_memory() -> None:
    """Give back what was freed: of loading alone glibc would keep 70 MB in every worker."""
    try:
        ctypes.CDLL(None).malloc_trim(0)
    except (OSError, TypeError, AttributeError):  # Windows, macOS, musl: nothing to ask for
        return


@lru_cache(maxsize=1)
def _loaded() -> Encoder | ModelUnusable:
    try:
        return Encoder()
    except ModelUnusable as unusable:
        return unusable.with_traceback(None)


def _tokenizer(vocabulary: str) -> Any:
    from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, processors

    numbers = {piece: number for number, piece in enumerate(vocabulary.split("\n")) if piece}
    known = models.WordPiece(numbers, unk_token=UNKNOWN, max_input_chars_per_word=LONGEST_WORD)
    pieces = Tokenizer(known)
    pieces.normalizer = normalizers.BertNormalizer()
    pieces.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    pieces.post_processor = processors.BertProcessing(
        ("[SEP]", numbers["[SEP]"]), ("[CLS]", numbers["[CLS]"])
    )
    pieces.enable_truncation(MOST_PIECES)
    return pieces


def _session(model: str) -> Any:
    """The model on one thread: the workers of a small server share its processors already."""
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    options.add_session_config_entry("session.inter_op.allow_spinning", "0")
    # Memory kept for the next run is kept by every worker, for the longest text it ever read.
    options.enable_cpu_mem_arena = options.enable_mem_pattern = False
    options.log_severity_level = 3  # errors: its warnings are for those who make models
    return onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])
