"""To whom a contact is given by itself: a decision without a database."""

from uuid import UUID

from triage.queues.rules import Candidate, Needs, choose

ANN, BEN, CAT = (UUID(int=number) for number in (1, 2, 3))


def at_desk(agent_id: UUID, has: int = 0, room: int = 5, **also: frozenset[str]) -> Candidate:
    return Candidate(agent_id, "Agent", has, room, **also)


def test_whoever_has_the_fewest_is_given_it() -> None:
    choice = choose(Needs(), [at_desk(ANN, 3), at_desk(BEN, 1), at_desk(CAT, 2)])
    assert choice.agent_id == BEN
    assert choice.reasons == ("They have the fewest contacts: 1.",)


def test_nobody_without_room_is_given_anything() -> None:
    assert choose(Needs(), [at_desk(ANN, 0, room=0), at_desk(BEN, 4, room=1)]).agent_id == BEN
    nobody = choose(Needs(), [at_desk(ANN, 0, room=0)])
    assert nobody.agent_id is None
    assert nobody.reasons == ("Nobody at the desk has room.",)
    assert choose(Needs(), []).agent_id is None


def test_a_skill_is_needed_always() -> None:
    needs = Needs(skill="blue_badge", half_gone=True)
    assert choose(needs, [at_desk(ANN)]).agent_id is None
    assert choose(needs, [at_desk(ANN), at_desk(BEN, 4, skills=frozenset({"blue_badge"}))]).agent_id == BEN


def test_a_language_is_waited_for_until_half_of_the_promise_is_gone() -> None:
    speaker = at_desk(BEN, 5, room=0, languages=frozenset({"pl"}))
    assert choose(Needs(language="pl"), [at_desk(ANN), speaker]).agent_id is None
    assert choose(Needs(language="pl", half_gone=True), [at_desk(ANN), speaker]).agent_id == ANN
    assert choose(Needs(language="pl"), [at_desk(ANN)]).agent_id == ANN
    free = at_desk(CAT, 4, room=1, languages=frozenset({"pl"}))
    assert choose(Needs(language="pl", half_gone=True), [at_desk(ANN), speaker, free]).agent_id == CAT


def test_nobody_is_given_again_what_they_had_and_left() -> None:
    assert choose(Needs(had=frozenset({ANN})), [at_desk(ANN), at_desk(BEN, 4)]).agent_id == BEN
    assert choose(Needs(had=frozenset({ANN})), [at_desk(ANN)]).agent_id is None
