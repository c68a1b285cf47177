"""Words that say nothing about time, words that make it unsure, and words that change it.

A timetable beside a word of ``UNSURE`` is not read: "most Tuesdays" is no schedule. One word of
``CHANGING`` anywhere stops the whole text from being read: what it changes cannot be told.
"""

HARMLESS = frozenset(
    "a all are available bank centre class classes club coffee drop drop-in drop-ins each every "
    "food foodbank group groups held hours hub in is it meet meeting meetings meets of on only "
    "open opening opens our per place run running runs service services served session sessions "
    "store take takes taking the there this time times we week weekly".split()
)
UNSURE = frozenset(
    "alternately annual annually another approx approximately autumn begin beginning begins "
    "bi-weekly biweekly but christmas coming commences commencing day days easter either ends "
    "even event final finishes following forthcoming half holiday holidays hols if inaugural "
    "irregular irregularly launch launches launching maybe mid-month might month months most "
    "nearest next now occasional occasionally odd office once outing party past penultimate "
    "pilot possibly provisional quarter re-opening re-opens reception reopening reopens "
    "respectively restarting restarts returning returns rota rotates rotating season seasonal "
    "selected some sometimes spring summer taster tba tbc then today tomorrow tonight trial "
    "trip twice unless upcoming varies various vary was weeks were when whenever winter year "
    "yearly".split()
)
CHANGING = frozenset(
    "canceled cancelled ceased change changed changes changing close closes closing currently "
    "discontinued ended finished formerly go half-termly instead moved moving never new paused "
    "postponed previously quarterly relocated relocating resume resumes resuming soon suspended "
    "temporarily temporary termly".split()
)
OTHERWISE_ENDING = ("weekly", "monthly", "yearly", "annual", "annually")
"""Bi-monthly, six-weekly: a word that ends so and is longer says another rhythm."""
CONTACT = frozenset(
    "call calls calling contact email emails enquiries enquiry helpline line lines office phone "
    "phones phonelines ring reception tel telephone text book booking bookings order orders".split()
)
"""Hours right after one of these are when somebody answers, not when the activity is open."""
OTHER = frozenset(
    "agm apply arrive building collect collected collecting collection collections committee "
    "committees cut-off cutoff deadline deadlines deliver delivered deliveries delivery departs "
    "departure donate donated donating donation donations drop-off drop-offs dropped enrol "
    "enrolment fundraiser fundraising induction inductions interview interviews leaves manager "
    "minibus parking pick pick-up pick-ups register registered registering registration rehearsal "
    "rehearsals sign-up similar staff ticket tickets training trustee trustees volunteer "
    "volunteering volunteers".split()
)
"""Hours beside one of these are those of something else that goes on there."""
LIMITS = frozenset("after before by".split())
"""A day right after one of these is the last or first for something else."""

_SMALL = "one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve"
_MANY = rf"(?:\d{{1,3}}|{_SMALL})"
_UNITS = r"(?:weeks?|wks?|sessions?|lessons?|classes|workshops?|meetings|terms?)"
_RATE = r"(?!\s+(?:a|per|each|every)\b)"
_A_DAY = r"(?:mon|tue|wed|thu|fri|sat|sun)"
_SEASONS = r"(?:terms?|quarters?|years?|seasons?)"
SO_MANY = (
    rf"\b{_MANY}\s*-?\s*{_UNITS}\b{_RATE}",
    rf"\b(?:over|for|next|these)\s+(?:the\s+)?(?:next\s+)?{_MANY}\s+(?={_A_DAY})",
    rf"\b(?:{_SMALL})\s+(?={_A_DAY})",
    r"\bx\s?\d{1,2}\b",
    r"\b\d{1,2}\s?x\b",
    r"\bone[- ]off\b",
    r"\bopen\s+(?:evening|morning|afternoon|night)\b",
)
"""So many times, or once: no time that comes again without end."""
ANOTHER_RHYTHM = (
    rf"\b{_MANY}\s*-?\s*(?:weekly|monthly|yearly)\b",
    rf"\bof\s+(?:(?:the|each|every|a)\s+)?(?:school\s+|academic\s+)?{_SEASONS}\b",
    r"\bweeks?\s+(?:[a-d]\b(?!\s+week)|one\b|two\b|\d)",
    r"\b(?:used\s+to\s+(?:be|run|meet)|rather\s+than|in\s+place\s+of)\b",
    r"\b(?:on\s+hold|at\s+(?:present|the\s+moment)|for\s+now)\b",
)
