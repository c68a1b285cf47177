"""The vectors of services: made for new words only, a few at a time, and gone with the service."""

import pytest
from flask import Flask
from sqlalchemy import delete, select

from linkwork.casework import service_merges, service_vectors
from linkwork.database import db
from linkwork.meaning import to_bytes
from linkwork.models import (
    Service,
    ServiceMerge,
    ServiceStatus,
    ServiceTerm,
    ServiceVector,
    TaxonomyTerm,
    User,
    service_text,
)
from tests import cast as people
from tests.cast import Cast
from tests.conftest import NOW
from tests.meaning.stand_in import StandIn


def listed(name: str, description: str = "Come along.") -> int:
    """The number of a service; what is loaded is let go of while vectors are worked out."""
    number = people.service(name=name, description=description).id
    service_text.reindex([number])
    return number


def the(number: int) -> Service:
    return db.session.get_one(Service, number)


def built(encoder: StandIn | None = None) -> list[str]:
    """Work out all that waits; the texts that had to be encoded."""
    encoder, last = encoder or StandIn(), 0
    db.session.commit()
    while (some := service_vectors.build_some(encoder, after=last, at=NOW)) is not None:
        db.session.commit()
        last = some.last
    return encoder.asked


def vectors() -> dict[int, bytes]:
    rows = db.session.execute(select(ServiceVector.service_id, ServiceVector.vector))
    return {row.service_id: row.vector for row in rows}


def test_a_service_is_encoded_by_its_name_its_terms_and_what_it_says(app: Flask) -> None:
    choir = listed("Sing for Joy", "A choir.\n No auditions.")
    term = TaxonomyTerm(key="t", name="Arts")
    db.session.add(term)
    db.session.flush()
    db.session.add(ServiceTerm(service_id=choir, term_id=term.id))

    assert built() == ["Sing for Joy. Arts. A choir. No auditions"]
    expected = StandIn().encode(["Sing for Joy. Arts. A choir. No auditions"])[0]
    assert vectors() == {choir: to_bytes(expected)}


def test_only_new_words_are_encoded_again(app: Flask) -> None:
    choir, walk = listed("Choir"), listed("Walk")
    built()
    the(choir).fees = "£2"
    the(walk).name = "Stroll"
    service_text.reindex([choir, walk])
    assert service_vectors.waiting() == 2

    assert built() == ["Stroll. Come along"]
    assert service_vectors.waiting() == 0


@pytest.mark.one_engine
def test_a_service_that_waits_keeps_the_vector_it_has(app: Flask) -> None:
    choir = listed("Choir")
    built()
    before = vectors()
    the(choir).description = "Something else."
    db.session.commit()

    assert vectors() == before
    assert service_vectors.waiting() == 1


@pytest.mark.one_engine
def test_what_is_made_by_another_model_is_made_again(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    listed("Choir")
    built()
    monkeypatch.setattr(service_vectors, "MODEL", "another")

    assert service_vectors.standing().with_vector == 0
    assert built() == ["Choir. Come along"]
    assert service_vectors.standing().with_vector == 1


def test_many_are_done_in_parts_and_it_goes_on_where_it_stopped(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(service_vectors, "AT_ONCE", 2)
    for number in range(5):
        listed(f"Group {number}")
    db.session.commit()
    assert service_vectors.build_some(StandIn(), after=0, at=NOW)
    db.session.commit()

    assert service_vectors.standing().waiting == 3
    assert len(built()) == 3


class Choosy(StandIn):
    """Fails at one text, and at every batch with it."""

    def encode(self, texts):  # type: ignore[no-untyped-def]
        if any("Odd" in text for text in texts):
            raise ValueError(f"cannot read {texts}")
        return super().encode(texts)


@pytest.mark.one_engine
def test_one_text_that_cannot_be_read_stops_no_other(
    app: Flask, caplog: pytest.LogCaptureFixture
) -> None:
    choir, odd, walk = listed("Choir"), listed("Odd <b>"), listed("Walk")
    built(Choosy())

    assert service_vectors.waiting() == 0
    assert vectors()[odd] == to_bytes(StandIn().encode([""])[0])
    assert vectors()[walk] == to_bytes(StandIn().encode(["Walk. Come along"])[0])
    assert vectors()[choir] != vectors()[odd]
    assert f"activity {odd}" in caplog.text
    assert "<b>" not in caplog.text


@pytest.mark.one_engine
def test_an_encoder_that_reads_nothing_marks_nothing_as_read(app: Flask) -> None:
    class OnlyBlanks(StandIn):
        def encode(self, texts):  # type: ignore[no-untyped-def]
            if any(texts):
                raise ValueError("no memory")
            return super().encode(texts)

    listed("Choir")
    with pytest.raises(ValueError, match="no memory"):
        built(OnlyBlanks())

    assert service_vectors.waiting() == 1


@pytest.mark.one_engine
def test_words_that_change_while_they_are_read_wait_on(app: Flask) -> None:
    number = listed("Choir")

    class Meanwhile(StandIn):
        def encode(self, texts):  # type: ignore[no-untyped-def]
            the(number).name = "Band"
            db.session.commit()
            return super().encode(texts)

    db.session.commit()
    service_vectors.build_some(Meanwhile(), after=0, at=NOW)
    db.session.commit()

    assert vectors() == {}
    assert service_vectors.waiting() == 1


def test_a_service_that_is_no_longer_shown_has_no_vector(app: Flask, cast: Cast) -> None:
    editor_id = cast.editor.id
    ended, hidden, merged, kept = (listed(n) for n in ("Ended", "Hidden", "Choir", "The choir"))
    built()
    the(ended).status = ServiceStatus.DEFUNCT
    the(hidden).listed = False
    db.session.flush()
    editor = db.session.get_one(User, editor_id)
    service_merges.merge(the(kept), the(merged), {}, by=editor, at=NOW)
    db.session.commit()
    assert list(vectors()) == [kept]
    db.session.execute(delete(ServiceMerge))
    db.session.execute(delete(Service).where(Service.id.in_([merged, kept])))
    db.session.commit()

    assert vectors() == {}
    assert service_vectors.standing().services == 0
