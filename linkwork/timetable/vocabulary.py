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
    "another approx approximately beginning bi-weekly biweekly but christmas commencing day days "
    "easter either even half hols holiday holidays if irregular irregularly maybe might month "
    "months most nearest occasional occasionally odd office once past possibly provisional "
    "quarter reception rota rotating season seasonal selected some sometimes spring summer autumn "
    "winter tba tbc then twice unless varies various vary weeks when whenever".split()
)
CHANGING = frozenset(
    "canceled cancelled ceased change changed changes changing close closes closing currently "
    "discontinued ended finished formerly go instead moved moving never new paused postponed "
    "previously relocated relocating resume resumes resuming suspended temporarily "
    "temporary".split()
)
CONTACT = frozenset(
    "call calls calling contact email emails enquiries enquiry helpline line lines office phone "
    "phones phonelines ring reception tel telephone text book booking bookings order orders".split()
)
"""Hours right after one of these are when somebody answers, not when the activity is open."""
