"""The web app from outside: what it gives, what it refuses, and what every answer carries."""

import asyncio
from uuid import uuid4

import httpx2
import pytest
from sqlalchemy import select

from triage.database import transaction
from triage.tables import Contact

HERE = {"Sec-Fetch-Site": "same-origin"}
LEFT = {"channel": "api", "text": "My bin was not emptied on Ballards Lane", "consent": True}


async def begin(client: httpx2.AsyncClient) -> tuple[str, dict[str, str]]:
    begun = (await client.post("/api/conversations")).json()
    return f"/api/conversations/{begun['id']}", {"Authorization": f"Bearer {begun['secret']}"}


class TestConversation:
    async def test_it_begins_with_a_welcome_and_a_secret(self, app_client: httpx2.AsyncClient) -> None:
        response = await app_client.post("/api/conversations")
        body = response.json()
        assert response.status_code == 201 and len(body["secret"]) >= 43
        assert "automated assistant" in body["messages"][0]["text"]

    async def test_a_plain_question_is_answered_though_no_rasa_runs(self, app_client: httpx2.AsyncClient) -> None:
        path, held = await begin(app_client)
        said = await app_client.post(f"{path}/messages", json={"text": "when is my bin collected"}, headers=held)
        body = said.json()
        assert body["understood"]["service"] == "bin_collection_day" and body["messages"][0]["source"]
        assert "send" not in str(body["messages"][0]["choices"])

    async def test_danger_through_the_api(self, app_client: httpx2.AsyncClient) -> None:
        path, held = await begin(app_client)
        said = await app_client.post(f"{path}/messages", json={"text": "i want to kill myself"}, headers=held)
        assert said.json()["danger"] and said.json()["handover"]

    async def test_half_an_emoji_is_no_reason_to_lose_a_message(self, app_client: httpx2.AsyncClient) -> None:
        path, held = await begin(app_client)
        # JSON can carry half a surrogate pair; UTF-8, and so PostgreSQL, cannot.
        content = b'{"text": "my bin was not emptied \\ud83d"}'
        said = await app_client.post(
            f"{path}/messages", content=content, headers={**held, "Content-Type": "application/json"}
        )
        assert said.status_code == 200 and said.json()["messages"]
        kept = (await app_client.get(path, headers=held)).json()["messages"]
        assert kept[1]["text"] == "my bin was not emptied \ufffd"

    @pytest.mark.parametrize(
        ("body", "status"),
        [
            ({"text": ""}, 422),
            ({"text": " "}, 422),
            ({"text": "a" * 10_000}, 422),
            ({}, 422),
            ({"text": "a", "choice": "b"}, 422),
            ({"choice": "nothing"}, 422),
            ({"text": 7}, 422),
        ],
    )
    async def test_bad_input_is_told(self, app_client: httpx2.AsyncClient, body: object, status: int) -> None:
        path, held = await begin(app_client)
        response = await app_client.post(f"{path}/messages", json=body, headers=held)
        assert response.status_code == status
        assert set(response.json()) == {"error", "detail"} and response.json()["detail"]

    async def test_a_wrong_secret_or_id_is_not_found(self, app_client: httpx2.AsyncClient) -> None:
        path, held = await begin(app_client)
        for method, address, headers in (
            ("GET", path, {}),
            ("GET", path, {"Authorization": "Bearer wrong"}),
            ("GET", f"/api/conversations/{uuid4()}", held),
            ("GET", "/api/conversations/nothing", held),
            ("POST", f"{path}/end", {"Authorization": "Bearer wrong"}),
            ("GET", f"{path}/events", {"Authorization": "Bearer wrong"}),
        ):
            assert (await app_client.request(method, address, headers=headers)).status_code == 404, address

    async def test_html_is_only_text(self, app_client: httpx2.AsyncClient) -> None:
        path, held = await begin(app_client)
        await app_client.post(f"{path}/messages", json={"text": "<script>alert(1)</script>"}, headers=held)
        read = (await app_client.get(path, headers=held)).json()
        assert read["messages"][1]["text"] == "<script>alert(1)</script>"


class TestContact:
    async def test_one_key_five_at_a_time_is_one_contact(self, app_client: httpx2.AsyncClient) -> None:
        key = {"Idempotency-Key": str(uuid4())}
        answers = await asyncio.gather(*(app_client.post("/api/contacts", json=LEFT, headers=key) for _ in range(5)))
        assert {answer.status_code for answer in answers} == {201}
        assert len({answer.text for answer in answers}) == 1

    async def test_its_holder_sees_it_and_nobody_else(self, app_client: httpx2.AsyncClient) -> None:
        filed = (await app_client.post("/api/contacts", json=LEFT)).json()
        path = f"/api/contacts/{filed['reference']}"
        held = {"Authorization": f"Bearer {filed['secret']}"}
        assert (await app_client.get(path, headers=held)).json()["state"] == "arrived"
        assert (await app_client.get(path)).status_code == 404
        assert (await app_client.get(path, headers={"Authorization": "Bearer wrong"})).status_code == 404

    async def test_without_consent_it_is_not_kept(self, app_client: httpx2.AsyncClient) -> None:
        response = await app_client.post("/api/contacts", json={**LEFT, "consent": False})
        assert response.status_code == 422 and "consent" in response.json()["detail"]

    async def test_the_form_keeps_what_was_typed(self, app_client: httpx2.AsyncClient) -> None:
        page = await app_client.post("/contact", data={"text": "My bin & your van", "name": "x" * 300}, headers=HERE)
        assert page.status_code == 422
        assert "My bin &amp; your van" in page.text and "There is a problem" in page.text

    async def test_the_form_from_start_to_status(self, app_client: httpx2.AsyncClient) -> None:
        data = {"text": "My bin was missed", "consent": "yes", "key": "k1"}
        check = await app_client.post("/contact", data=data, headers=HERE)
        assert "Check" in check.text
        sent = await app_client.post("/contact", data={**data, "step": "send"}, headers=HERE)
        again = await app_client.post("/contact", data={**data, "step": "send"}, headers=HERE)
        assert sent.status_code == 200 and sent.text == again.text

    async def test_a_cry_for_help_in_the_form_is_answered_at_once(self, app_client: httpx2.AsyncClient) -> None:
        data = {"text": "My husband hits me and I am scared", "consent": "yes", "key": "k2"}
        for step in ({}, {"step": "send"}):
            page = await app_client.post("/contact", data={**data, **step}, headers=HERE)
            assert 'href="tel:999"' in page.text and 'href="tel:08082000247"' in page.text
        # They left no yes, so nothing is promised that we shall not do; asked for with the rest.
        assert "not said that it is safe" in page.text
        told = {**data, "key": "k3", "reply_to": "resident@example.org", "messages": "yes"}
        asked = await app_client.post("/contact", data=told, headers=HERE)
        assert "Is it safe for us to contact you?" in asked.text
        for safe, promised in (("yes", True), ("no", False)):
            sent = await app_client.post(
                "/contact", data={**told, "key": safe, "safe": safe, "step": "send"}, headers=HERE
            )
            assert ("We send you a message when there is news" in sent.text) is promised
            async with transaction() as session:
                kept = (await session.scalars(select(Contact.safe_to_contact).order_by(Contact.arrived_at))).all()
            assert kept[-1] is promised
        by_api = await app_client.post("/api/contacts", json={**LEFT, "text": data["text"]})
        assert by_api.json()["danger"]["numbers"][0]["value"] == "999"

    async def test_the_first_view_offers_where_to_begin(self, app_client: httpx2.AsyncClient) -> None:
        page = (await app_client.get("/chat")).text
        for label in ("A bin was missed", "Council tax", "What else can you do?", "Talk to a person"):
            assert label in page

    async def test_a_services_link_shows_its_answer_and_one_press_asks_it(self, app_client: httpx2.AsyncClient) -> None:
        page = await app_client.get("/chat?service=blue_badge")
        assert "Go on with: Blue Badge" in page.text and "Source:" in page.text
        asked = await app_client.post("/chat", data={"do": "blue_badge", "key": "k3"}, headers=HERE)
        assert asked.status_code == 303
        said = await app_client.get("/chat")
        assert said.text.count("Source:") == 1

    async def test_another_sites_form_is_refused(self, app_client: httpx2.AsyncClient) -> None:
        data = {"text": "My bin was missed", "consent": "yes", "step": "send"}
        for headers in ({"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://evil.example"}, {}):
            assert (await app_client.post("/contact", data=data, headers=headers)).status_code == 403


class TestEveryAnswer:
    @pytest.mark.parametrize("path", ["/", "/chat", "/contact", "/accessibility", "/docs", "/health/live", "/nothing"])
    async def test_it_carries_the_shields(self, app_client: httpx2.AsyncClient, path: str) -> None:
        headers = (await app_client.get(path, headers={"Accept": "text/html"})).headers
        assert "script-src 'self'" in headers["content-security-policy"]
        assert headers["x-content-type-options"] == "nosniff" and headers["referrer-policy"] == "no-referrer"

    async def test_a_page_for_a_person_and_json_for_a_program(self, app_client: httpx2.AsyncClient) -> None:
        page = await app_client.get("/nothing", headers={"Accept": "text/html"})
        assert page.status_code == 404 and "<h1" in page.text
        assert (await app_client.get("/nothing")).json()["error"] == "NotFound"

    async def test_a_body_too_large_is_refused_before_it_is_read(self, app_client: httpx2.AsyncClient) -> None:
        answer = await app_client.post("/api/contacts", content=b"x" * 300_000)
        assert answer.status_code == 413
        assert answer.json() == {"error": "TooLarge", "detail": "That is too much at once. Send less and try again."}

    async def test_a_person_who_sends_too_much_is_told_on_a_page(self, app_client: httpx2.AsyncClient) -> None:
        answer = await app_client.post("/contact", content=b"x" * 300_000, headers={"Accept": "text/html"})
        assert answer.status_code == 413
        assert "<h1" in answer.text and "Send less and try again." in answer.text
        assert "Content-Security-Policy" in answer.headers

    async def test_rasas_door_is_shut_to_others(self, app_client: httpx2.AsyncClient) -> None:
        for headers in ({}, {"Authorization": "Bearer wrong"}):
            response = await app_client.post("/internal/actions", json={}, headers=headers)
            assert response.status_code == 404
