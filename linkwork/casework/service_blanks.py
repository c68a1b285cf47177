"""What an entry leaves blank that a worker who turned it down would have needed to read."""

from linkwork.models import CapacityStatus, RejectReason, Service


def blank(service: Service, reason: RejectReason) -> str | None:
    """What is missing from an entry that goes with a reason, in words; None where nothing is.

    Reads the service with its places, schedules and costs.
    """
    checks = {
        RejectReason.TOO_FAR: _no_place,
        RejectReason.COST: _no_cost,
        RejectReason.TIME: lambda one: None if one.schedules else "times not stated",
        RejectReason.NOT_FOR_THEM: _no_audience,
        RejectReason.FULL: _no_room,
    }
    check = checks.get(reason)
    return check(service) if check else None


def _no_place(service: Service) -> str | None:
    return None if service.places_at else "place not stated"


def _no_cost(service: Service) -> str | None:
    known = service.fees or any(cost.amount is not None or cost.option for cost in service.costs)
    return None if known else "cost not stated"


def _no_audience(service: Service) -> str | None:
    if service.minimum_age is None and service.maximum_age is None:
        return "age limit not stated"
    known = service.gender or service.audience or service.eligibility
    return None if known else "who it is for not stated"


def _no_room(service: Service) -> str | None:
    if service.capacity_status is None:
        return "places not stated"
    has = service.capacity_status is CapacityStatus.CAPACITY
    return "the entry says it has places" if has else None
