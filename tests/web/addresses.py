"""What the arguments of every route stand for: records by their keys, and names.

A route that takes a key says here what it is the key of: add it to ``KEYS``, by the address up to
the key, or to ``OTHERS`` where the argument names no record.
"""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

from linkwork.capacity.targets import Scope
from linkwork.casework import (
    gaps,
    people_imports,
    plan_links,
    plans,
    shared_links,
    signposts,
    sources,
    supervisions,
    users,
)
from linkwork.casework.supervisions import Told
from linkwork.database import db, new_uuid
from linkwork.exchange import imports
from linkwork.models import (
    DirectoryImport,
    Gap,
    GapReason,
    KeptReport,
    Location,
    Need,
    NoticeKind,
    Notification,
    Organisation,
    OrganisationImport,
    OrganisationKind,
    PeopleImport,
    Service,
    ServiceAtLocation,
    ServiceTerm,
    SharedLink,
    Supervision,
    SupervisionKind,
    TaxonomyTerm,
    User,
)
from linkwork.reports import kept_reports
from tests import cast as make
from tests.cast import Cast
from tests.conftest import NOW, TODAY
from tests.exchange import feeds
from tests.web import capacity_records, directory_records
from tests.web.case_records import action, alarm, concern, draft, goal, no_good, visit

Factory = Callable[[Cast], Any]


def plan_link(cast: Cast) -> SharedLink:
    case = make.case(cast.northside, worker=cast.amina, first_conversation_at=NOW)
    goal(case, cast.amina)
    plans.agree(case, on=TODAY, review_on=TODAY + timedelta(days=42), by=cast.amina, now=NOW)
    return plan_links.share(case, by=cast.amina, at=NOW)


def gap(by: User) -> Gap:
    return gaps.note(Need.FOOD, GapReason.NONE, by=by, at=NOW)


def kept_report(pcn: Organisation) -> KeptReport:
    return kept_reports.keep(pcn, scope=Scope.ALL, as_of=TODAY, by=None, at=NOW)


def notification(of: User) -> Notification:
    made = Notification(user_id=of.id, kind=NoticeKind.TASK_DUE, at=NOW)
    db.session.add(made)
    return made


def people_list(of: User) -> PeopleImport:
    return people_imports.receive(b"Name\n", "search.csv", by=of, at=NOW)[0]


def supervision(worker: User, supervisor: User | None) -> Supervision:
    told = Told(
        kind=SupervisionKind.ONE_TO_ONE,
        held_on=TODAY,
        next_due_on=TODAY + timedelta(days=28),
        supervisor=supervisor,
        with_whom=None if supervisor else "Dr Vale",
    )
    return supervisions.record(worker, told, by=worker, today=TODAY)


def organisation_import(by: User) -> OrganisationImport:
    made = OrganisationImport(made_at=NOW, made_by_id=by.id, names=["map.csv"], files=None)
    db.session.add(made)
    db.session.flush()
    return made


def closed_practice(pcn: Organisation) -> Organisation:
    """A practice that is closed, and that somebody in a PCN is still with."""
    closed = make.organisation(
        "Old Mill Surgery", OrganisationKind.PRACTICE, parent=pcn, closed_on=TODAY
    )
    make.case(pcn, person=make.person(practice=closed))
    return closed


def directory_import() -> DirectoryImport:
    file = feeds.file_of(Path(mkdtemp()), {"services": [feeds.service()]})
    made = imports.receive(file, "feed.json", sources.named("Feed"), by=None, at=NOW)
    imports.preview(made, at=NOW, today=TODAY)
    return made


def published(_cast: Cast) -> Service:
    """A service at a place, filed under a term: what the public API shows."""
    made = make.service(name=f"Herbs {new_uuid()}")
    made.places_at = [ServiceAtLocation(location=Location(name="Mill Lane"))]
    term = TaxonomyTerm(name="Herbs", taxonomy="Things to do", taxonomy_key=new_uuid())
    made.terms = [ServiceTerm(term=term)]
    db.session.flush()
    return made


# By the address up to the key: a record of Northside, and one of Southside that nobody from
# Northside may know of. None where those who may use the route may see every such record.
KEYS: dict[str, tuple[Factory, Factory | None]] = {
    "/absences/<key>": (
        lambda cast: capacity_records.absence(cast.amina),
        lambda cast: capacity_records.absence(cast.cath),
    ),
    "/alarms/<key>": (
        lambda cast: alarm(make.case(cast.northside, worker=cast.amina), cast.amina),
        lambda cast: alarm(make.case(cast.southside, worker=cast.cath), cast.cath),
    ),
    "/assumptions/<key>": (
        lambda cast: capacity_records.own_assumption(cast),
        lambda cast: capacity_records.assumption(cast, cast.southside),
    ),
    "/ask/at/<key>": (lambda cast: cast.birch, None),
    "/capacity/<key>": (lambda cast: cast.northside, lambda cast: cast.southside),
    "/capacity/england/<key>": (lambda cast: cast.board, None),
    "/cases/<key>": (
        lambda cast: make.case(cast.northside, worker=cast.amina),
        lambda cast: make.case(cast.southside, worker=cast.cath),
    ),
    "/concerns/<key>": (
        lambda cast: concern(make.case(cast.northside, worker=cast.amina), cast.amina),
        lambda cast: concern(make.case(cast.southside, worker=cast.cath), cast.cath),
    ),
    "/contacts/<key>": (
        lambda cast: make.contact(make.case(cast.northside, worker=cast.amina), by=cast.amina),
        lambda cast: make.contact(make.case(cast.southside, worker=cast.cath), by=cast.cath),
    ),
    "/demo/<key>": (lambda cast: cast.ben, None),
    "/drafts/<key>": (
        lambda cast: draft(make.case(cast.northside, worker=cast.amina), cast.me),
        lambda cast: draft(make.case(cast.southside, worker=cast.cath), cast.cath),
    ),
    "/closures/<key>": (
        lambda cast: closed_practice(cast.northside),
        lambda cast: closed_practice(cast.southside),
    ),
    "/gaps/<key>": (lambda cast: gap(cast.me), lambda cast: gap(cast.cath)),
    "/goal-actions/<key>": (
        lambda cast: action(make.case(cast.northside, worker=cast.amina), cast.amina),
        lambda cast: action(make.case(cast.southside, worker=cast.cath), cast.cath),
    ),
    "/goals/<key>": (
        lambda cast: goal(make.case(cast.northside, worker=cast.amina), cast.amina),
        lambda cast: goal(make.case(cast.southside, worker=cast.cath), cast.cath),
    ),
    "/imports/<key>": (lambda cast: directory_import(), None),
    "/imports/sources/<key>": (lambda cast: directory_import().source, None),
    "/match-answers/<key>": (
        lambda cast: no_good(make.case(cast.northside, worker=cast.amina), cast.amina),
        lambda cast: no_good(make.case(cast.southside, worker=cast.cath), cast.cath),
    ),
    "/messages/<key>": (
        lambda cast: make.message(make.case(cast.northside, worker=cast.amina), by=cast.amina),
        lambda cast: make.message(make.case(cast.southside, worker=cast.cath), by=cast.cath),
    ),
    "/handover/<key>": (lambda cast: cast.ben, lambda cast: cast.cath),
    "/notifications/<key>": (
        lambda cast: notification(cast.me),
        lambda cast: notification(cast.cath),
    ),
    "/onward-referrals/<key>": (
        lambda cast: make.onward_referral(
            make.case(cast.northside, worker=cast.amina), by=cast.amina
        ),
        lambda cast: make.onward_referral(
            make.case(cast.southside, worker=cast.cath), by=cast.cath
        ),
    ),
    "/organisations/<key>": (lambda cast: cast.birch, None),
    "/organisations/import/<key>": (lambda cast: organisation_import(cast.admin), None),
    "/people/import/<key>": (
        lambda cast: people_list(cast.me),
        lambda cast: people_list(cast.cath),
    ),
    "/person-merges/<key>": (
        lambda cast: make.person_merge(make.case(cast.northside), by=cast.amina),
        lambda cast: make.person_merge(make.case(cast.southside), by=cast.cath),
    ),
    "/posts/<key>": (lambda cast: make.post(cast.amina), lambda cast: make.post(cast.cath)),
    "/public-referrals/<key>": (
        lambda cast: make.public_referral(cast.northside),
        lambda cast: make.public_referral(cast.southside),
    ),
    "/questions/<key>": (
        lambda cast: make.question(make.referral(cast.birch, by=cast.dev), by=cast.dev),
        lambda cast: make.question(make.referral(cast.quay, by=cast.quinn), by=cast.quinn),
    ),
    "/referrals/<key>": (
        lambda cast: make.referral(cast.birch, by=cast.dev),
        lambda cast: make.referral(cast.quay, by=cast.quinn),
    ),
    "/service-changes/<key>": (lambda cast: directory_records.service_change(cast), None),
    "/service-checks/<key>": (lambda cast: directory_records.service_check(cast), None),
    "/service-merges/<key>": (lambda cast: directory_records.service_merge(cast), None),
    "/service-remarks/<key>": (lambda cast: directory_records.service_remark(cast), None),
    "/services/<key>": (lambda cast: make.service(), lambda cast: make.service(listed=False)),
    "/signposts/<key>": (
        lambda cast: signposts.record(need=Need.FOOD, by=cast.dev, at=NOW),
        lambda cast: signposts.record(need=Need.FOOD, by=cast.quinn, at=NOW),
    ),
    "/supervision/<key>": (
        lambda cast: supervision(cast.amina, cast.supervisor),
        lambda cast: supervision(cast.cath, None),
    ),
    "/supervision/workers/<key>": (lambda cast: cast.ben, lambda cast: cast.cath),
    "/tasks/<key>": (
        lambda cast: make.task(make.case(cast.northside, worker=cast.amina)),
        lambda cast: make.task(make.case(cast.southside, worker=cast.cath)),
    ),
    "/today/bring-back/<which>/<key>": (
        lambda cast: make.case(cast.northside, worker=cast.amina),
        lambda cast: make.case(cast.southside, worker=cast.cath),
    ),
    "/today/put-off/<which>/<key>": (
        lambda cast: make.case(cast.northside, worker=cast.amina),
        lambda cast: make.case(cast.southside, worker=cast.cath),
    ),
    "/visits/<key>": (
        lambda cast: visit(make.case(cast.northside, worker=cast.amina), cast.amina),
        lambda cast: visit(make.case(cast.southside, worker=cast.cath), cast.cath),
    ),
    "/users/<key>": (lambda cast: cast.ben, None),
}
OTHERS: dict[str, Callable[[Cast], str]] = {
    "answer_link": lambda cast: make.answer_link(cast),
    "code": lambda cast: "people_per_wte",
    "concept": lambda cast: "gardening",
    "figure": lambda cast: "people_started",
    "form": lambda cast: "conversation",
    "file_name": lambda cast: "services.csv",
    "filename": lambda cast: "favicon.svg",
    "how": lambda cast: "stopped",
    "kept_report": lambda cast: kept_report(cast.northside).key,
    "other": lambda cast: make.case(cast.northside).key,
    "plan_link": lambda cast: shared_links.token(plan_link(cast)),
    "name": lambda cast: "phone",
    "twin": lambda cast: make.service("Choir by the river").key,
    "link_id": lambda cast: published(cast).places_at[0].key,
    "service_check": lambda cast: directory_records.check_token(cast),
    "service_id": lambda cast: published(cast).key,
    "taxonomy_id": lambda cast: published(cast).terms[0].term.taxonomy_key or "",
    "term_id": lambda cast: published(cast).terms[0].term.key,
    "table": lambda cast: "months",
    "token": lambda cast: users.invite_again(cast.ben, by=cast.admin, at=make.clock.now()),
    "which": lambda cast: "new",
}
# What a route needs in its query besides.
QUERIES: dict[str, Callable[[Cast], dict[str, str]]] = {
    "match_answers.reject": lambda cast: {"service": make.service("Allotment").key},
    "onward_referrals.new": lambda cast: {"service": make.service("Allotment").key},
}
