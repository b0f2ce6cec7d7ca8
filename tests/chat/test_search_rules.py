"""What of search needs no database: what is looked for, what can be found on a day, and what is worth showing."""

from datetime import date, timedelta
from typing import Any

import pytest

from language.danger.spelling import Spelling
from triage.catalogue import catalogue
from triage.chat.answering import Room
from triage.chat.engine import Turn, Understood
from triage.chat.rendering import Said
from triage.chat.search import asking, ranking
from triage.chat.search.passages import gather
from triage.chat.search.ranking import CLEAR_BY, NEAR_FROM, SHOWN_FROM, SHOWN_FROM_BY_WORDS, Best, Candidate
from triage.chat.search.second_chance import Found, beside, doubt_of, wanted
from triage.content import Choice, Fact, Sentence, Wording
from triage.reading import dangers

TODAY = date(2026, 11, 24)
CLARIFY = ({"do": "clarify"},)


def candidate(id: str = "a", found: float = 1.0, asked: float = 2.0, nearness: float | None = 0.5) -> Candidate:
    return Candidate(id, "hash", found, asked, nearness)


class TestRanking:
    def test_words_and_meaning_each_raise_the_score(self) -> None:
        base = ranking.score(candidate())
        assert ranking.score(candidate(found=1.5)) > base
        assert ranking.score(candidate(nearness=0.6)) > base

    def test_one_that_both_lists_have_beats_one_that_only_one_has(self) -> None:
        both = candidate("both", found=1.6, nearness=0.6)
        only_words, only_meaning = candidate("words", found=2.0, nearness=0.1), candidate("near", 0.0, 2.0, 0.7)
        fit = {"both": "tip", "words": "tip", "near": "tip"}
        found = ranking.best([only_words, only_meaning, both], fit)
        assert found and found.one == both

    def test_most_of_the_words_count_for_more_than_twice_half_of_them(self) -> None:
        none, half, most = (ranking.score(candidate(found=found, nearness=None)) for found in (0.0, 1.0, 2.0))
        assert most - none > 2 * (half - none)

    def test_what_is_not_fit_is_never_best(self) -> None:
        stale, fresh = candidate("stale", found=2.0), candidate("fresh", found=0.1)
        found = ranking.best([stale, fresh], {"fresh": "tip"})
        assert found and found.one == fresh
        assert ranking.best([stale], {}) is None

    def test_two_as_good_are_told_apart_by_name(self) -> None:
        one, other, fit = candidate("a"), candidate("b"), {"a": "tip", "b": "tip"}
        found = ranking.best([other, one], fit)
        assert found == ranking.best([one, other], fit) and found and found.one == one

    def test_the_lead_is_over_other_services_alone(self) -> None:
        first, second, third = candidate("a", nearness=0.9), candidate("b", nearness=0.8), candidate("c", nearness=0.4)
        fit = {"a": "tip", "b": "tip", "c": "bulky_waste"}
        found = ranking.best([first, second, third], fit)
        assert found and found.lead == pytest.approx(0.5)
        alone = ranking.best([first, second], fit)
        assert alone and alone.lead == ranking.score(first)

    def test_the_line(self) -> None:
        just = Best(candidate(found=0.0, nearness=SHOWN_FROM), 1.0)
        assert SHOWN_FROM > NEAR_FROM
        assert ranking.worth_showing(just)
        assert not ranking.worth_showing(Best(candidate(found=0.0, nearness=SHOWN_FROM - 0.001), 1.0))
        assert not ranking.worth_showing(just, doubt=1.0)

    def test_what_two_services_could_answer_is_not_shown(self) -> None:
        sure = candidate(found=2.0, nearness=0.9)
        assert ranking.worth_showing(Best(sure, CLEAR_BY))
        assert not ranking.worth_showing(Best(sure, CLEAR_BY - 0.01))

    def test_words_that_mean_something_else_are_not_enough(self) -> None:
        assert ranking.worth_showing(Best(candidate(found=2.0, nearness=NEAR_FROM), 1.0))
        assert not ranking.worth_showing(Best(candidate(found=2.0, nearness=NEAR_FROM - 0.01), 1.0))

    def test_by_words_alone_there_is_another_line(self) -> None:
        assert ranking.worth_showing(Best(candidate(found=2.0, asked=2.0, nearness=None), 1.0))
        assert not ranking.worth_showing(Best(candidate(found=0.5, asked=2.0, nearness=None), 1.0))
        assert SHOWN_FROM_BY_WORDS < SHOWN_FROM

    def test_a_question_of_small_talk_alone_finds_nothing(self) -> None:
        assert not ranking.worth_showing(Best(candidate(found=0.0, asked=0.0, nearness=0.8), 1.0))


class TestAsking:
    def test_one_or_two_words_could_mean_anything(self) -> None:
        assert not asking.long_enough("old paint") and asking.long_enough("old paint tins")

    def test_small_talk_and_signs_are_left_out(self) -> None:
        asked = "Hello, please can you tell me: WHO'S sweeping? (e.g. my road!)"
        assert asking.terms(asked) == "you me whos sweeping e g my road"

    def test_a_typing_error_is_mended_as_the_content_spells_it(self) -> None:
        spelling = Spelling.of(["asbestos", "trailer"], ["traitor"])
        assert asking.mended("Asbestoss in my TRALER, traitor!", spelling) == "asbestos in my trailer, traitor!"

    def test_what_holds_no_number_does_not_say_how_many(self) -> None:
        assert not asking.could_answer("How many books are there?", "There is a library there.")
        assert asking.could_answer("how many libraries are there", "There are 14.")
        assert asking.could_answer("how many bags can i bring", "Up to two bags on each visit.")
        assert asking.could_answer("which libraries are there", "There is a library there.")


class TestPassages:
    def test_every_answer_with_a_source_can_be_found_and_nothing_without_one(self) -> None:
        passages = gather(catalogue(), TODAY)
        for service in catalogue().services:
            assert f"{service}.answer.1" in passages.by_id
        assert all(one.source["href"] and one.text and one.title for one in passages.by_id.values())
        assert "complaint.answer" in passages.said and "everyday.greeting" not in passages.said
        assert {"council.phone", "libraries.all", "libraries.hendon"} <= set(passages.said)

    def test_a_fact_past_its_review_is_in_no_passage(self) -> None:
        known = catalogue()
        fee = known.services["blue_badge"].facts["blue_badge_fee"]
        now, later = gather(known, TODAY), gather(known, fee.review_by + timedelta(days=1))
        assert any(fee.value in one.text for one in now.by_id.values() if one.service == "blue_badge")
        assert not any(fee.value in one.around for one in later.by_id.values() if one.service == "blue_badge")

    def test_an_unverified_fact_is_in_no_passage(self) -> None:
        known = catalogue()
        secret = Fact(value="£777", source="x", reviewed_on=TODAY, review_by=TODAY, verified=False)
        wording = Wording(say=(Sentence(text="It costs {fact:fee}."),), source="govuk_blue_badge")
        badge = known.services["blue_badge"].model_copy(update={"answer": wording, "facts": {"fee": secret}})
        changed = gather(type(known)(**{**vars(known), "services": {**known.services, "blue_badge": badge}}), TODAY)
        assert not any("777" in one.around for one in changed.by_id.values())
        assert "blue_badge.answer" not in changed.said

    def test_a_hash_changes_with_the_words_and_with_the_encoder(self) -> None:
        one = gather(catalogue(), TODAY).by_id["tip.answer.1"]
        assert one.hash("a") == one.hash("a") != one.hash("b")
        assert one.hash("a") != type(one)(**{**vars(one), "text": "Other words."}).hash("a")


class TestWhen:
    @pytest.mark.parametrize(
        ("says", "form", "context", "service", "due"),
        [
            (CLARIFY, None, {}, "outside", True),
            (CLARIFY, None, {}, "tip", True),
            (CLARIFY, None, {"form": "missed_bin"}, "tip", False),
            (CLARIFY, "missed_bin", {}, "tip", False),
            (CLARIFY, None, {}, "greeting", False),
            (({"answer": "tip"},), None, {}, "tip", False),
            (({"do": "person"},), None, {}, "person", False),
        ],
    )
    def test_only_where_nothing_was_understood(
        self, says: tuple[dict[str, Any], ...], form: str | None, context: dict[str, Any], service: str, due: bool
    ) -> None:
        turn = Turn(says=says, understood=Understood(service, 0.4, True), form=form)
        assert wanted(turn, context) is due

    def test_the_readers_doubt(self) -> None:
        assert doubt_of((("tip", 0.5), ("outside", 0.3))) == 0.3
        assert doubt_of(()) == 0.0


class TestBeside:
    said = Said("It is free.", {"source": {"name": "a", "href": "b", "checked": "c"}, "choices": ["own"], "links": []})

    def room(self) -> Room:
        return Room(catalogue(), dangers())

    def otherwise(self, *services: str, line: str = "clarify") -> Said:
        from triage.chat.rendering import choices

        said = self.room().line(line)
        options = [Choice(label=one, service=one) for one in services] + [Choice(label="person", do="person")]
        said.extras["choices"] = choices(options)
        return said

    def test_nothing_found_changes_nothing(self) -> None:
        otherwise = self.otherwise("tip")
        assert beside(self.room(), None, otherwise) == [otherwise]

    def test_what_was_found_comes_first_with_its_source_and_its_service(self) -> None:
        first, second = beside(self.room(), Found("tip.cost", self.said, "tip"), self.otherwise("tip", "bulky_waste"))
        assert first.text == "This may help:\n\nIt is free."
        assert first.extras["source"] == self.said.extras["source"]
        assert [one["send"] for one in first.extras["choices"]] == [{"service": "tip"}]
        assert second.text == "Did you mean one of these?"
        assert [one["send"] for one in second.extras["choices"]] == [{"service": "bulky_waste"}, {"do": "person"}]

    @pytest.mark.parametrize("line", ["clarify_nothing", "clarify"])
    def test_it_does_not_say_that_it_cannot_answer_when_it_just_did(self, line: str) -> None:
        _, second = beside(self.room(), Found("tip.cost", self.said, "tip"), self.otherwise("tip", line=line))
        assert second.text.startswith("If that is not it")
        assert {"do": "person"} in [one["send"] for one in second.extras["choices"]]

    def test_the_councils_number_belongs_to_no_service(self) -> None:
        first, _ = beside(self.room(), Found("council.phone", self.said, None), self.otherwise())
        assert "choices" not in first.extras
