"""Do the presets reach the database, again and again, without touching anybody's own persona?"""

from __future__ import annotations

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction

from accounts.models import User
from ai_personas.builder import PRESET_IDS, from_template, load_template
from ai_personas.models import Persona, PersonaVersion
from ai_personas.versions import publish

pytestmark = pytest.mark.django_db


def load_presets() -> str:
    told = StringIO()
    call_command("load_presets", stdout=told)
    return told.getvalue()


def test_the_four_presets_can_be_called_after_they_were_loaded() -> None:
    load_presets()

    assert [persona.slug for persona in Persona.objects.ready_for_calls()] == list(PRESET_IDS)
    for preset in Persona.objects.all():
        assert preset.is_preset
        assert preset.published_version.number == 1
        assert preset.published_version.configuration == load_template(preset.slug).as_json()


def test_loading_again_changes_nothing_and_says_so() -> None:
    load_presets()
    before = list(PersonaVersion.objects.order_by("pk").values())

    told = load_presets()

    assert list(PersonaVersion.objects.order_by("pk").values()) == before
    assert told.count("unchanged") == len(PRESET_IDS)


def test_a_changed_preset_gets_a_new_version_and_keeps_the_old_one() -> None:
    load_presets()
    juno = Persona.objects.get(slug="helpful-assistant")
    publish(juno, from_template("helpful-assistant", lines={"greeting": "Yes?"}).as_json())

    told = load_presets()

    juno.refresh_from_db()
    assert "helpful-assistant: updated to version 3" in told
    assert juno.published_version.configuration == load_template("helpful-assistant").as_json()
    assert sorted(juno.versions.values_list("number", flat=True)) == [1, 2, 3]


def test_nobodys_own_persona_is_touched() -> None:
    ada = User.objects.create_user("ada")
    orla = Persona.objects.create(slug="orla", owner=ada)
    publish(orla, from_template("empathetic-coach", name="Orla").as_json(), created_by=ada)
    before = Persona.objects.filter(pk=orla.pk).values().get()

    load_presets()
    load_presets()

    assert Persona.objects.filter(pk=orla.pk).values().get() == before
    assert orla.versions.count() == 1


def test_a_slug_that_is_somebodys_own_stops_the_command_before_anything_changes() -> None:
    Persona.objects.create(slug="empathetic-coach", owner=User.objects.create_user("ada"))

    with pytest.raises(CommandError, match="own persona is called empathetic-coach"):
        load_presets()

    assert Persona.objects.count() == 1


def test_a_preset_that_is_no_longer_there_is_archived_with_its_words() -> None:
    old = Persona.objects.create(slug="butler", is_preset=True)
    publish(old, load_template("helpful-assistant").as_json())

    assert "butler: archived" in load_presets()

    old.refresh_from_db()
    assert old.is_archived
    assert old.published_version.number == 1


def test_a_preset_that_an_operator_took_away_stays_away() -> None:
    load_presets()
    Persona.objects.filter(slug="empathetic-coach").update(is_archived=True)

    load_presets()

    assert Persona.objects.get(slug="empathetic-coach").is_archived


def test_saving_the_same_words_again_makes_no_version() -> None:
    ada = User.objects.create_user("ada")
    orla = Persona.objects.create(slug="orla", owner=ada)
    words = from_template("empathetic-coach", name="Orla").as_json()

    first = publish(orla, words, created_by=ada)

    assert publish(orla, words, created_by=ada) == first
    assert orla.published_version == first


@pytest.mark.parametrize("second", [{"number": 1}, {"number": 0}])
def test_the_database_refuses_a_version_number_twice_and_below_one(second: dict[str, int]) -> None:
    orla = Persona.objects.create(slug="orla")
    orla.versions.create(number=1, configuration={})

    with pytest.raises(IntegrityError), transaction.atomic():
        orla.versions.create(configuration={}, **second)


def test_the_database_refuses_a_preset_with_an_owner() -> None:
    ada = User.objects.create_user("ada")
    with pytest.raises(IntegrityError), transaction.atomic():
        Persona.objects.create(slug="mine", owner=ada, is_preset=True)


def test_who_leaves_takes_their_own_personas_along() -> None:
    ada = User.objects.create_user("ada")
    orla = Persona.objects.create(slug="orla", owner=ada)
    publish(orla, from_template("empathetic-coach").as_json(), created_by=ada)

    ada.delete()

    assert not Persona.objects.exists()
    assert not PersonaVersion.objects.exists()
