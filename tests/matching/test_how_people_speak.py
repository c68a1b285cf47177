"""What must be heard in ordinary speech, and what must not: words that mean other things too."""

import pytest

from linkwork.matching import Lexicon, describe, propose

pytestmark = pytest.mark.one_engine

HEARD = [
    ("I could go a week without speaking to anyone.", "loneliness"),
    ("The phone never rings these days.", "loneliness"),
    ("Still lays two places at the table.", "bereavement"),
    ("It is her first Christmas without him.", "bereavement"),
    ("There is nothing to look forward to.", "low_mood"),
    ("He has lost his spark.", "low_mood"),
    ("Her heart is pounding before she reaches the gate.", "anxiety"),
    ("He feels like a waste of space.", "low_mood"),
    ("Behind with the rent and hiding from the postman.", "debt"),
    ("She turned to drink after the divorce.", "alcohol"),
    ("He puts all his wages on the fruit machines.", "gambling"),
    ("She needs a break from caring.", "carers_break"),
    ("His full time carer is his daughter.", "carers"),
    ("She can't grip a cup and can't open jars.", "arthritis"),
    ("Gets short of breath on the stairs.", "lungs"),
    ("Keeps asking the same question.", "dementia"),
    ("He served in the army for twenty years.", "veterans"),
    ("Cupboards are bare until Friday.", "food_help"),
    ("Daren't put the heating on.", "energy"),
    ("Two buses to get anywhere and he sold his car.", "transport"),
    ("He was always at his allotment.", "gardening"),
    ("She can't sit still, used to love a tea dance.", "dancing"),
    ("He rowed for the county at the rowing club.", "water_sports"),
    ("Wants to be useful to somebody again.", "volunteering"),
    ("Wife left him in the summer and he is recently separated.", "relationship_breakdown"),
    ("She hears voices and is on a depot.", "severe_mental_illness"),
]
NOT_HEARD = [
    ("She has given up driving.", "low_mood"),
    ("He bought a new freezer.", "anxiety"),
    ("She lost her keys on the bus.", "bereavement"),
    ("The pharmacist had the script for her cream.", "drugs"),
    ("They live at number 60 and it costs 50 pence.", "older_people"),
    ("The wake up call is at eight.", "bereavement"),
    ("His chair is by the window.", "bereavement"),
    ("She had gin in the trifle.", "alcohol"),
    ("He likes a bet that it will rain.", "gambling"),
    ("The house has a lovely view of the hills.", "housing"),
    ("Take the lift to the second floor.", "transport"),
    ("We talked about the weather and the news.", "loneliness"),
    ("He is interested in people and in the world.", "peer_support"),
    ("She records the temperature every day.", "music"),
    ("The pool of volunteers is growing.", "games"),
    ("A joint appointment with the nurse is booked.", "drugs"),
    ("Please tap on the window.", "dancing"),
    ("There is a crack in the wall.", "drugs"),
    ("She is fit as a fiddle and well.", "epilepsy"),
    ("He works in Reading and lives in Bath.", "reading"),
    ("Joy and Rose came along.", "gardening"),
    ("The student nurse took blood.", "students"),
    ("An irish stew was on the stove.", "arthritis"),
    ("The minister for health spoke.", "faith"),
]


@pytest.mark.parametrize(("note", "concept"), HEARD)
def test_ordinary_speech_is_heard(note: str, concept: str, lexicon: Lexicon) -> None:
    strengths = {one.concept: one.strength for one in propose(note, lexicon, at_most=20)}
    assert strengths.get(concept, 0) >= 0.5, strengths


@pytest.mark.parametrize(("note", "concept"), NOT_HEARD)
def test_words_that_mean_something_else_are_not_taken_for_it(
    note: str, concept: str, lexicon: Lexicon
) -> None:
    strengths = {one.concept: one.strength for one in propose(note, lexicon, at_most=20)}
    assert strengths.get(concept, 0) < 0.5, strengths


def test_every_need_condition_group_and_interest_has_examples_of_its_own(
    lexicon: Lexicon,
) -> None:
    every = [example for one in lexicon.concepts.values() for example in one.examples]
    assert len(every) == len(set(every)) >= 1_300
    assert [one.id for one in lexicon.concepts.values() if len(one.examples) < 3] == ["crisis"]


@pytest.mark.parametrize(
    ("name", "description", "sensitive", "not_about"),
    [
        ("Needle exchange", "Clean needles and naloxone.", "drugs", "craft"),
        ("SMART Recovery", "Weekly meeting.", "alcohol", "hospital_discharge"),
        ("Al-Anon", "For families.", "alcohol", "under_fives"),
        ("Choice", "Advice on forced marriage and honour based abuse.", "domestic_abuse", "legal"),
        ("Survivors", "For adults abused in childhood.", "sexual_violence", "veterans"),
        ("Snowdrop", "For parents whose baby has died.", "baby_loss", "under_fives"),
    ],
)
def test_what_must_be_guarded_is_known_for_what_it_is(
    name: str, description: str, sensitive: str, not_about: str, lexicon: Lexicon
) -> None:
    about = describe(name=name, description=description, lexicon=lexicon)
    assert sensitive in about
    assert lexicon.concepts[sensitive].sensitive
    assert not_about not in about


@pytest.mark.parametrize(
    "description",
    [
        "The relief of persons in need, hardship or distress.",
        "Food parcels for people in crisis.",
        "Cardiac rehab classes with breathing and controlling your pace.",
        "A walk across the sands.",
    ],
)
def test_what_many_services_say_of_themselves_guards_none(
    description: str, lexicon: Lexicon
) -> None:
    about = describe(name="Tuesdays", description=description, lexicon=lexicon)
    assert not lexicon.sensitive & about.keys()
