"""The form of an activity: filled from what the entry says, and read as what it is to say."""

from collections.abc import Mapping
from typing import Any

from flask import current_app

from linkwork.casework import providers, service_facts, services
from linkwork.forms import choices
from linkwork.forms.service_facts import filled, typed
from linkwork.forms.services import NEW, ServiceForm
from linkwork.models import Service
from linkwork.web.service_facts import label, words

Facts = Mapping[str, Any]
PUBLISHED = (
    "Link workers find it and can send people there. It is published too: anybody can read it at "
    "/api/oruk, without signing in."
)


def said(service: Service) -> dict[str, Any]:
    """Everything an entry says, as plain values."""
    return {name: service_facts.plain(service, name) for name in service_facts.FIELDS}


def empty() -> ServiceForm:
    """The form of an activity that is not in the directory yet: one session, one place."""
    form = ServiceForm.from_request(data={"schedules": [{}], "places_at": [{}]})
    _prepare(form, {})
    return form


def of_service(service: Service, before: Facts) -> ServiceForm:
    """The form of an activity, with what it says or what was typed."""
    form = ServiceForm.from_request(data={**filled(before), "version": service.version})
    _prepare(form, before)
    return form


def facts(form: ServiceForm, before: Facts) -> dict[str, Any]:
    """What the form says, as ``services.new`` and ``services.edit`` take it."""
    return {**typed(form.data, before), "provider": _provider(form, before)}


def version(form: Any) -> int:
    """The version of the entry that the editor read; 0 where that cannot be read."""
    text = str(form.version.data)
    return int(text) if text.isdecimal() and len(text) < 10 else 0


def differing(form: ServiceForm, service: Service) -> list[tuple[str, str, str]]:
    """Where somebody was first: each field that differs, what the directory says, what was typed.

    The editor has then been shown what changed, and may save over it.
    """
    if not form.was_sent or version(form) == service.version:
        return []
    form.version.data = str(service.version)
    found = services.changes_of(service, facts(form, said(service)))
    return [
        (label(name), words(name, now), words(name, mine)) for name, (now, mine) in found.items()
    ]


def _prepare(form: ServiceForm, before: Facts) -> None:
    form.rearrange()
    if current_app.config["PUBLIC_API"]:
        form.listed.description = PUBLISHED
    terms = before.get("terms") or []
    form.terms.choices = choices({term["key"]: term["name"] for term in terms})
    name = form.provider.data
    form.provider_key.choices = []
    if name and not _is_known(name, before):
        form.alike = providers.alike(name)
        offered = {one.key: one.name for one in form.alike}
        form.provider_key.choices = choices({**offered, NEW: f"Somebody new: {name}"})


def _is_known(name: str, before: Facts) -> bool:
    provider = before.get("provider")
    return (provider is not None and provider["name"] == name) or bool(providers.named(name))


def _provider(form: ServiceForm, before: Facts) -> dict[str, Any] | None:
    name, provider = form.provider.data, before.get("provider")
    if not name or (provider and provider["name"] == name):
        return dict(provider) if name and provider else None
    chosen = providers.of_key(form.provider_key.data) if form.alike else providers.named(name)
    return {"key": chosen.key, "name": chosen.name} if chosen else {"key": None, "name": name}
