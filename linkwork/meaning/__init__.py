"""What words mean, by a small model on this machine: texts become vectors that can be compared.

Optional (``linkwork[semantic]``): the model is a file in a package that is installed, its content
is checked before it is used, and nothing is ever downloaded. ``encoder()`` gives it, loaded once
for each process and only when it is first asked for; ``ModelUnusable`` says why there is none.
No database here and no person: what is encoded, and what is kept of it, is for casework to say.
"""

from linkwork.meaning.encoder import (
    DIMENSIONS,
    Encoder,
    encoder,
    forget,
    give_back_memory,
)
from linkwork.meaning.files import (
    MODEL_HASH,
    VOCABULARY_HASH,
    ModelAbsent,
    ModelRefused,
    ModelUnusable,
    checked,
    versions,
)
from linkwork.meaning.sentences import sentences
from linkwork.meaning.teaching import RECIPE, Taught, lessons, taught
from linkwork.meaning.understanding import Known, nothing, rows_of, service_text, understand
from linkwork.meaning.vectors import from_bytes, nearness, to_bytes

__all__ = [
    "DIMENSIONS",
    "MODEL_HASH",
    "RECIPE",
    "VOCABULARY_HASH",
    "Encoder",
    "Known",
    "ModelAbsent",
    "ModelRefused",
    "ModelUnusable",
    "Taught",
    "checked",
    "encoder",
    "forget",
    "from_bytes",
    "give_back_memory",
    "lessons",
    "nearness",
    "nothing",
    "rows_of",
    "sentences",
    "service_text",
    "taught",
    "to_bytes",
    "understand",
    "versions",
]
