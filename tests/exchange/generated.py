"""Full Open Referral UK records nobody wrote by hand, for tests of what comes in and goes out."""

from typing import Any

from hypothesis import strategies as st

WORDS = st.text(
    st.characters(codec="utf-8", exclude_categories=("Cs", "Cc", "Z"), exclude_characters="\x00"),
    min_size=1,
    max_size=12,
).map(lambda text: f"x{text}")
LINES = st.lists(WORDS, min_size=1, max_size=4).map(" ".join)
IDS = st.uuids(version=4).map(str)
DAYS = st.dates().map(str)
TIMES = st.times().map(lambda at: f"{at:%H:%M:00}")
WEEKDAYS = st.lists(
    st.sampled_from(["MO", "TU", "WE", "TH", "FR", "SA", "SU", "1MO", "-1FR"]),
    min_size=1,
    max_size=3,
    unique=True,
).map(",".join)
URLS = st.sampled_from(["https://example.org/a?b=c", "http://example.com", "https://x.example/%20"])
EMAILS = st.sampled_from(["hello@example.org", "info@club.example"])


def _maybe(required: dict[str, Any], optional: dict[str, Any]) -> st.SearchStrategy[Any]:
    return st.fixed_dictionaries({"id": IDS, **required}, optional=optional)


def _some(of: st.SearchStrategy[Any], most: int = 3) -> st.SearchStrategy[Any]:
    return st.lists(of, min_size=1, max_size=most, unique_by=lambda one: one["id"])


TERMS = _maybe(
    {"name": LINES, "description": LINES},
    {"taxonomy": LINES, "taxonomy_id": IDS, "parent_id": IDS, "term_uri": URLS, "term": LINES},
)
ATTRIBUTES = _maybe({"taxonomy_term": TERMS}, {"link_type": LINES})
ADDRESSES = _maybe(
    {
        "address_1": LINES,
        "city": LINES,
        "state_province": LINES,
        "postal_code": st.sampled_from(["M1 6AB", "OL1 1AA", "M33"]),
        "country": st.just("GB"),
        "address_type": st.sampled_from(["physical", "postal"]),
    },
    {"region": LINES},
)
LOCATIONS = _maybe(
    {"location_type": st.sampled_from(["physical", "postal", "virtual"])},
    {
        "name": LINES,
        "description": LINES,
        "external_identifier": LINES,
        "addresses": _some(ADDRESSES, 2),
        "accessibility": st.lists(
            _maybe({"description": LINES}, {"details": LINES, "url": URLS}),
            min_size=1,
            max_size=3,
            unique_by=(lambda one: one["id"], lambda one: one["description"]),
        ),
    },
).flatmap(
    lambda place: st.one_of(
        st.just(place),
        st.tuples(st.floats(50, 58), st.floats(-5, 1)).map(
            lambda at: {**place, "latitude": round(at[0], 6), "longitude": round(at[1], 6)}
        ),
    )
)
ORGANIZATIONS = _maybe(
    {"name": LINES, "description": LINES},
    {
        "email": EMAILS,
        "website": URLS,
        "logo": URLS,
        "uri": URLS,
        "organization_identifiers": _some(
            _maybe({"identifier_type": LINES, "identifier": LINES}, {"identifier_scheme": LINES})
        ),
    },
)
SCHEDULES = _maybe(
    {"freq": st.sampled_from(["WEEKLY", "MONTHLY"]), "byday": WEEKDAYS},
    {
        "interval": st.integers(1, 8),
        "opens_at": TIMES,
        "closes_at": TIMES,
        "valid_from": DAYS,
        "valid_to": DAYS,
        "dtstart": DAYS,
        "bymonthday": st.sampled_from(["1", "1,15", "-1"]),
        "attending_type": LINES,
        "schedule_link": URLS,
    },
)
COSTS = _maybe(
    {"currency": st.just("GBP")},
    {"option": LINES, "amount": st.integers(0, 99_999).map(lambda pence: pence / 100)},
).filter(lambda cost: "option" in cost or "amount" in cost)
FACTS = {
    "description": LINES,
    "url": URLS,
    "email": EMAILS,
    "fees": LINES,
    "accreditations": LINES,
    "alert": LINES,
    "eligibility_description": LINES,
    "minimum_age": st.integers(0, 60),
    "maximum_age": st.integers(60, 130),
    "assured_date": DAYS,
    "last_modified": st.datetimes().map(lambda at: f"{at:%Y-%m-%dT%H:%M:%S}.123Z".rjust(24, "0")),
    "organization": ORGANIZATIONS,
    "service_at_locations": st.lists(
        _maybe({"location": LOCATIONS}, {"description": LINES}),
        min_size=1,
        max_size=2,
        unique_by=(lambda one: one["id"], lambda one: one["location"]["id"]),
    ),
    "schedules": _some(SCHEDULES),
    "cost_options": _some(COSTS),
    "service_areas": _some(_maybe({"name": LINES}, {"extent": LINES, "uri": URLS})),
    "languages": st.lists(LINES, min_size=1, max_size=3, unique=True).map(
        lambda names: [{"name": name} for name in names]
    ),
    "funding": _some(_maybe({"source": LINES}, {})),
    "phones": st.just([{"id": "0cdf9a0c-7c2c-4d9c-8d3c-0f3f0d2c7b11", "number": "0161 496 0123"}]),
    "attributes": st.lists(
        ATTRIBUTES,
        min_size=1,
        max_size=3,
        unique_by=(lambda one: one["id"], lambda one: one["taxonomy_term"]["id"]),
    ),
}
STATUSES = st.sampled_from(["active", "inactive", "defunct", "temporarily closed"])
RECORDS = _maybe({"name": LINES, "status": STATUSES}, FACTS)
