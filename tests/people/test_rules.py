"""What is decided about people without a database."""

import pytest

from triage.errors import Invalid
from triage.people import rules
from triage.people.schemas import PersonForm
from triage.roles import ROLES, May, may

KNOWN = rules.Known({"Q-WASTE", "Q-CTAX"}, {"csg", "barnet_homes"}, {"missed_bin", "homelessness"})


@pytest.mark.parametrize(
    "password",
    ["Password123!", "passwordpassword", "P4ssw0rd2026!", "123456789012", "qwertyuiopasd", "aaaaaaaaaaaaaa",
     "abcabcabcabcabc", "Welcome2Barnet"[:7] + "20262026", "agent.revenues", "AGENT.revenues1", "agentrevenues99",
     "summer2026!!!", "barnetbarnet1", "short", "", "x" * 201],
)  # fmt: skip
def test_a_password_that_is_tried_first_is_refused(password: str) -> None:
    with pytest.raises(Invalid):
        rules.check_password(password, "agent.revenues")


@pytest.mark.parametrize(
    "password",
    ["heron gravel lamp", "correct horse battery stapler",
     "Tq7#vbe!9kLm", "we walk to the depot at nine", "пароль надёжный"],
)  # fmt: skip
def test_a_long_one_that_nobody_would_guess_will_do(password: str) -> None:
    rules.check_password(password, "agent.revenues")


def test_a_person_is_taken_as_typed_and_tidied() -> None:
    form = PersonForm(
        login=" Agent.New ", name="  Agent,  Waste ", role="agent", queues=["Q-WASTE", "Q-WASTE"],
        skills="missed_bin, homelessness", languages="PL ro", capacity=3, openid_name=" new@council.example ",
    )  # fmt: skip
    person = rules.person(form, KNOWN)
    assert (person.login, person.name, person.queues) == ("agent.new", "Agent, Waste", ("Q-WASTE",))
    assert (person.skills, person.languages) == (("missed_bin", "homelessness"), ("pl", "ro"))
    assert person.openid_name == "new@council.example"


@pytest.mark.parametrize(
    "wrong",
    [
        {"login": "a b"},
        {"login": "x"},
        {"name": " "},
        {"role": "king"},
        {"role": "partner"},
        {"role": "agent", "partner": "csg"},
        {"role": "partner", "partner": "nobody"},
        {"queues": ["Q-NONE"]},
        {"queues": []},
        {"every_queue": True},
        {"skills": "alchemy"},
        {"languages": "polish!"},
        {"capacity": 0},
        {"capacity": 51},
    ],
)
def test_what_is_not_right_is_said(wrong: dict[str, object]) -> None:
    good = {"login": "agent.new", "name": "Agent, Waste", "role": "agent", "queues": ["Q-WASTE"]}
    rules.person(PersonForm.model_validate(good), KNOWN)
    with pytest.raises(Invalid) as said:
        rules.person(PersonForm.model_validate(good | wrong), KNOWN)
    assert len(said.value.detail) > 20


def test_what_each_role_may_do() -> None:
    table = {role: {what.name for what in May if may(role, what)} for role in ROLES}
    assert table == {
        "agent": {"WORK"},
        "partner": {"WORK"},
        "supervisor": {"WORK", "SUPERVISE", "OVERSEE", "RULE", "FIGURES", "REPORT", "CONTENT"},
        "owner": {"OVERSEE", "FIGURES", "REPORT", "APPROVE"},
        "editor": {"CONTENT"},
        "administrator": {"OVERSEE", "RULE", "PEOPLE", "AUDIT", "REPORT", "APPROVE"},
    }


def test_a_role_that_we_do_not_know_may_do_nothing() -> None:
    assert not any(may("king", what) for what in May)


def test_the_roles_are_those_of_the_table() -> None:
    from triage.tables.agent import ROLES as STORED

    assert set(ROLES) == set(STORED)
