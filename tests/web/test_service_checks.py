"""The page of a provider, the editor’s page that asks, and the queue."""

from datetime import timedelta
from typing import Any

from linkwork.casework import service_checks
from linkwork.database import db
from linkwork.models import Mail, ServiceCheck
from tests import cast as make
from tests.cast import Cast, sign_in
from tests.conftest import NOW
from tests.pages import Reader


def check(cast: Cast, **facts: Any) -> ServiceCheck:
    made = service_checks.ask(make.service(**facts), by=cast.editor, at=NOW)
    db.session.commit()
    return made


def page_of(made: ServiceCheck) -> str:
    return f"/still-right/{service_checks.token(made)}"


def test_one_press_and_no_account_says_that_all_is_right(client: Reader, cast: Cast) -> None:
    made = check(cast, description="Singing for everybody.")
    page = client.get(page_of(made))
    assert "Singing for everybody." in page.text
    done = client.post(page_of(made), follow_redirects=True)
    assert "You said on 18 November 2026 that all of it is right" in done.text
    assert made.service.verified_at == NOW


def test_reading_the_page_confirms_nothing(client: Reader, cast: Cast) -> None:
    made = check(cast)
    client.get(page_of(made))
    client.head(page_of(made))
    assert made.confirmed_at is None


def test_what_has_changed_is_kept_when_refused_and_reaches_the_editors(
    client: Reader, cast: Cast
) -> None:
    made = check(cast, name="Riverside choir")
    refused = client.post(f"{page_of(made)}/changed", data={"words": "x" * 1_001})
    assert refused.status_code == 422 or refused.status_code == 400
    assert "x" * 1_001 in refused.text
    client.post(f"{page_of(made)}/changed", data={"words": "Fridays <script> now"})
    sign_in(client, cast.editor)
    assert "The provider says something has changed" in client.get("/services/review").text
    shown = client.get(f"/services/{made.service.key}").text
    assert "Fridays &lt;script&gt; now" in shown
    client.post(f"/service-checks/{made.key}/settle")
    assert "Fridays" not in client.get(f"/services/{made.service.key}").text


def test_one_of_us_is_not_taken_for_the_provider(client: Reader, cast: Cast) -> None:
    made = check(cast)
    sign_in(client, cast.editor)
    refused = client.post(page_of(made))
    assert "this page is for the provider" in refused.text
    assert made.confirmed_at is None


def test_a_link_that_has_ended_says_so_and_shows_nothing(client: Reader, cast: Cast) -> None:
    made = check(cast, name="Riverside choir")
    made.expires_at = NOW - timedelta(days=1)
    db.session.commit()
    for answer in (client.get(page_of(made)), client.post(page_of(made))):
        assert answer.status_code == 410
        assert "Riverside" not in answer.text


def test_an_editor_makes_a_link_and_emails_it_once(client: Reader, cast: Cast, app: Any) -> None:
    app.config["DEMO"] = True
    service = make.service(email="choir@riverside.example")
    db.session.commit()
    sign_in(client, cast.editor)
    client.post(f"/services/{service.key}/ask")
    [made] = service_checks.of_service(service)
    assert page_of(made) in client.get(f"/services/{service.key}/ask").text
    for _ in range(2):
        client.post(f"/service-checks/{made.key}/email")
    again = client.get(f"/services/{service.key}/ask").text
    assert "Emailed on 18 November 2026" in again
    assert db.session.query(Mail).count() == 1
