import itertools
import json

from hypothesis import given
from hypothesis import strategies as st

from tracking.consent import PURPOSES, consent_of, text_of
from tracking.consents.statement import Signal, Statement, settle, settled_text

ANSWERS = st.dictionaries(st.sampled_from(PURPOSES), st.booleans())
STATEMENTS = st.lists(
    st.builds(Statement, signal=st.sampled_from(Signal), at_us=st.integers(0, 3), answers=ANSWERS), max_size=5
)


def say(at_us: int, signal: Signal = Signal.TCF, **answers: bool) -> Statement:
    return Statement(signal=signal, at_us=at_us, answers=answers)


def test_the_latest_answer_to_each_purpose_holds():
    consent = settle([say(1, ads=True, analytics=False), say(2, analytics=True), say(3, ads=False)])
    assert (consent.ads, consent.analytics, consent.personalization) == (False, True, None)


def test_of_two_answers_of_one_moment_the_denial_holds():
    assert settle([say(1, ads=False), say(1, Signal.CONSENT_MODE, ads=True)]).ads is False


def test_an_answer_keeps_who_gave_it_and_when():
    text = settled_text([say(7, ads=True), say(9, Signal.SEGMENT, analytics=True)])
    assert json.loads(text) == {
        "ads": True,
        "analytics": True,
        "said": {"ads": ["tcf", 7], "analytics": ["segment", 9]},
    }


def test_nothing_said_is_nothing_stored():
    assert settled_text([]) is None
    assert settled_text([say(1)]) is None


def test_privacy_control_holds_over_any_grant():
    consent = settle([say(5, ads=True, ad_user_data=True, analytics=True)], has_gpc=True)
    assert (consent.ads, consent.ad_user_data, consent.analytics, consent.gpc) == (False, False, True, True)
    assert list(consent.said) == ["analytics"], "a grant that no longer holds is not shown as said"


@given(STATEMENTS, st.booleans())
def test_the_order_of_statements_is_irrelevant_and_what_is_stored_is_read_back(statements, has_gpc):
    consent = settle(statements, has_gpc=has_gpc)
    for order in itertools.islice(itertools.permutations(statements), 24):
        assert settle(order, has_gpc=has_gpc) == consent, order
    assert consent_of(text_of(consent)) == consent


def test_only_a_plain_yes_without_privacy_control_permits_linking():
    said = [None, '{"analytics":true}', '{"analytics":false}', '{"analytics":true,"gpc":true}', '{"ads":true}']
    assert [consent_of(text).permits_linking for text in said] == [False, True, False, False, False]
