"""Whom may a person call, and what may they read of others?"""

from __future__ import annotations

from io import StringIO

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from accounts.models import User
from ai_agent.signaling import PersonaCard
from ai_personas.builder import PRESET_IDS, from_template, load_template
from ai_personas.models import Persona
from ai_personas.schema import persona_json_schema
from ai_personas.versions import publish

pytestmark = pytest.mark.django_db

PERSONAS = "/api/v1/personas/"


@pytest.fixture(autouse=True)
def _presets() -> None:
    call_command("load_presets", stdout=StringIO())


@pytest.fixture
def ada() -> User:
    return User.objects.create_user("ada")


@pytest.fixture
def orla(ada: User) -> Persona:
    """Ada's own persona."""
    persona = Persona.objects.create(slug="orla", owner=ada)
    words = from_template(
        "empathetic-coach",
        name="Orla",
        role="Guided relaxation",
        description="Ten quiet minutes.",
        look={"shape": "orla"},
        voice={"voice_id": "soft"},
        barge_in={"manner": "stop-words-only"},
        turn_taking={"silence_duration_ms": 4_000},
    )
    publish(persona, words.as_json(), created_by=ada)
    return persona


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def test_the_presets_are_there_for_everyone_in_their_order(ada: User) -> None:
    cards = signed_in(ada).get(PERSONAS).json()

    assert [card["slug"] for card in cards] == list(PRESET_IDS)
    assert cards[0] == {
        "slug": "helpful-assistant",
        "name": "Juno",
        "role": "Helpful assistant",
        "description": "Short, friendly answers to everyday questions. Good for a first try.",
        "shape": "juno",
        "manner": "eager",
        "manner_words": "Stops at your first word",
        "adjusted": False,
        "voice_words": "Clear, medium pace",
        "kind": "conversation",
        "version": 1,
        "language": "en",
        "silence_duration_ms": 2500,
    }


def test_a_card_says_in_words_how_a_persona_takes_interruptions(ada: User, orla: Persona) -> None:
    cards = {card["name"]: card for card in signed_in(ada).get(PERSONAS).json()}

    assert {name: (card["manner_words"], card["adjusted"], card["voice_words"]) for name, card in cards.items()} == {
        "Juno": ("Stops at your first word", False, "Clear, medium pace"),
        "Anselm": ("Stops after two words", False, "Low, unhurried"),
        "Mira": ("Lets “okay” pass", True, "Bright, even"),
        "Sol": ("Lets “mm-hm” pass", False, "Warm, slow"),
        "Orla": ("Say “stop”, or use the button", False, "Soft, very slow"),
    }
    assert cards["Orla"]["silence_duration_ms"] == 4_000


def test_every_card_is_one_that_the_wire_knows(ada: User, orla: Persona) -> None:
    for card in signed_in(ada).get(PERSONAS).json():
        PersonaCard.model_validate(card)


def test_the_installations_silence_stands_where_a_persona_says_nothing(ada: User, settings) -> None:
    settings.SILENCE_DURATION_MS = 3_100
    assert signed_in(ada).get(PERSONAS).json()[0]["silence_duration_ms"] == 3_100


def test_one_persona_is_read_with_its_configuration_as_written(ada: User) -> None:
    persona = signed_in(ada).get(f"{PERSONAS}technical-expert/").json()

    assert persona["card"]["name"] == "Anselm"
    assert persona["configuration"] == load_template("technical-expert").as_json()
    assert persona["is_preset"] is True


def test_a_persons_own_persona_is_theirs_alone(ada: User, orla: Persona) -> None:
    bob = signed_in(User.objects.create_user("bob"))
    staff = signed_in(User.objects.create_user("root", is_staff=True, is_superuser=True))

    assert signed_in(ada).get(f"{PERSONAS}orla/").json()["configuration"]["name"] == "Orla"
    for other in (bob, staff):
        assert "orla" not in [card["slug"] for card in other.get(PERSONAS).json()]
        answer = other.get(f"{PERSONAS}orla/")
        assert answer.status_code == 404
        assert answer.json() == other.get(f"{PERSONAS}nobody/").json()


def test_an_archived_persona_can_be_read_but_not_picked(ada: User, orla: Persona) -> None:
    Persona.objects.filter(pk=orla.pk).update(is_archived=True)
    client = signed_in(ada)

    assert "orla" not in [card["slug"] for card in client.get(PERSONAS).json()]
    assert client.get(f"{PERSONAS}orla/").json()["is_archived"] is True


def test_what_was_never_published_is_not_there(ada: User) -> None:
    Persona.objects.create(slug="draft", owner=ada)
    client = signed_in(ada)

    assert "draft" not in [card["slug"] for card in client.get(PERSONAS).json()]
    assert client.get(f"{PERSONAS}draft/").status_code == 404


def test_the_templates_are_the_presets_as_they_came(ada: User) -> None:
    publish(Persona.objects.get(slug="helpful-assistant"), from_template("helpful-assistant", name="J.").as_json())

    templates = signed_in(ada).get(f"{PERSONAS}templates/").json()

    assert [template["id"] for template in templates] == list(PRESET_IDS)
    for template in templates:
        assert template["configuration"] == load_template(template["id"]).as_json()


def test_the_schema_is_the_one_that_decides(ada: User) -> None:
    assert signed_in(ada).get(f"{PERSONAS}schema/").json() == persona_json_schema()


@pytest.mark.parametrize("path", ["", "templates/", "schema/", "helpful-assistant/", "nobody/"])
def test_nothing_is_told_to_who_is_not_signed_in(client: Client, path: str) -> None:
    answer = client.get(PERSONAS + path)

    assert answer.status_code == 401
    assert answer.json()["code"] == "not_signed_in"


@pytest.mark.parametrize("slug", ["a" * 5_000, "%00", "..%2F..%2Fsettings", "%F0%9F%A6%9C", "' OR 1=1 --"])
def test_a_strange_slug_is_not_there(ada: User, slug: str) -> None:
    assert signed_in(ada).get(f"{PERSONAS}{slug}/").status_code == 404


@pytest.mark.parametrize("slug", ["\0", "../settings", "🦜", "nobody"])
def test_a_room_with_a_strange_persona_is_refused(ada: User, slug: str) -> None:
    answer = signed_in(ada).post("/api/v1/rooms/", {"persona": slug}, content_type="application/json")

    assert answer.status_code == 404
    assert answer.json()["code"] == "no_such_persona"


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_a_preset_is_read_only(ada: User, method: str) -> None:
    answer = getattr(signed_in(ada), method)(f"{PERSONAS}helpful-assistant/", "{}", content_type="application/json")

    assert answer.status_code == 405


def test_listing_costs_the_same_however_many_there_are(
    ada: User,
    orla: Persona,
    django_assert_num_queries,
) -> None:
    client = signed_in(ada)
    client.get(PERSONAS)
    with django_assert_num_queries(3):  # session, user, personas with their versions
        client.get(PERSONAS)


def test_an_operator_reads_every_version_and_changes_none(orla: Persona) -> None:
    operator = signed_in(User.objects.create_superuser("root"))
    version = orla.published_version

    assert "Orla" in operator.get(reverse("admin:ai_personas_persona_changelist")).text
    assert operator.get(reverse("admin:ai_personas_persona_change", args=[orla.pk])).status_code == 200
    page = operator.get(reverse("admin:ai_personas_personaversion_change", args=[version.pk]))
    assert "Guided relaxation" in page.text
    assert operator.post(reverse("admin:ai_personas_personaversion_delete", args=[version.pk])).status_code == 403
    assert operator.get(reverse("admin:ai_personas_personaversion_add")).status_code == 403
