"""Records of what happens to entries of the directory, for the routes that take their keys."""

from sqlalchemy import select

from linkwork.casework import service_checks, service_merges, service_remarks, services
from linkwork.database import db
from linkwork.models import ServiceChange, ServiceCheck, ServiceMerge, ServiceRemark
from tests import cast as make
from tests.cast import Cast
from tests.conftest import NOW


def service_change(cast: Cast) -> ServiceChange:
    made = make.service("Choir")
    services.edit(made, {"phone": "01632 960100"}, version=made.version, by=cast.editor, at=NOW)
    return db.session.scalars(select(ServiceChange)).one()


def service_merge(cast: Cast) -> ServiceMerge:
    return service_merges.merge(
        make.service("Choir"), make.service("Chorus"), {}, by=cast.editor, at=NOW
    )


def service_remark(cast: Cast) -> ServiceRemark:
    return service_remarks.say(make.service(), "It has moved.", by=cast.amina, at=NOW)


def service_check(cast: Cast) -> ServiceCheck:
    check = service_checks.ask(make.service(), by=cast.editor, at=NOW)
    service_checks.object_(check, "We meet on Fridays now.", at=NOW)
    return check


def check_token(cast: Cast) -> str:
    return service_checks.token(service_check(cast))
