"""Words that may tell of harm to a child: found in such sentences, not in talk of the work.

All sentences are invented. A miss costs a child more than a false alarm costs a reader, so a few
false alarms are borne, and counted here.
"""

from __future__ import annotations

import pytest

from analysis.comments import FlagKind, flag

OF_HARM = [
    "A girl in my class said her dad locks her in the cupboard.",
    "He came to school with bruises on both arms and would not say how.",
    "One of the pupils told our receptionist she is afraid of her mum's boyfriend.",
    "I have seen him slap the little one outside the gates.",
    "The baby had a burn on her leg and the story kept changing.",
    "A young person disclosed to me that an older man gives her money.",
    "My neighbour's children are left alone at night with no food.",
    "She said her uncle touches her.",
    "A lad in year 9 is carrying a knife because he is being threatened.",
    "He wants to kill himself.",
    "Mum hit the toddler in our waiting room.",
    "There is a child I am worried about who is being starved.",
    "The twins have not been fed since Friday.",
    "She is frightened of her step-father.",
]
OF_WORK = [
    "The strategy group has hit every target this year.",
    "Training on neglect is available to all frontline staff.",
    "Thresholds for physical abuse are understood across agencies.",
    "We were told that the new form would be ready in May.",
    "Staff are scared to challenge senior managers.",
    "The child protection conference is chaired well.",
    "Information about domestic abuse is shared at MARAC.",
    "Our social workers burn out, and I burned-out colleagues replace.",
    "Supervision helps us keep the child at the centre.",
    "Case audits show that children's voices are recorded.",
    "Our sexual abuse pathway needs clearer links to health.",
    "Police colleagues told me that referrals are up.",
    "We struck a good balance between support and challenge.",
    "Lessons from serious incidents reach my team.",
    "Partners are slow to answer when we raise a risk.",
    "Findings are fed back to us within a month, not buried.",
    "Newly qualified staff are not left alone for supervision.",
]
FALSE_ALARMS = [
    "Losing the youth service has hurt the young people we work with, and I said so.",
    "They were threatened with closure.",
]
"""Found though nothing is wrong. Each is a sentence that a reader passes over in a moment."""


def is_found(sentence: str) -> bool:
    """Whether a sentence is taken for one that may tell of harm to a child."""
    return any(found.kind is FlagKind.DISCLOSURE for found in flag(sentence))


@pytest.mark.parametrize("sentence", OF_HARM)
def test_sentence_of_harm_is_found(sentence: str) -> None:
    assert is_found(sentence)


@pytest.mark.parametrize("sentence", OF_WORK)
def test_sentence_of_the_work_is_left_alone(sentence: str) -> None:
    assert not is_found(sentence)


def test_false_alarms_are_known() -> None:
    assert [is_found(sentence) for sentence in FALSE_ALARMS] == [True] * len(FALSE_ALARMS)
