"""Which personas may this person talk with, and what do they say? Presets are everyone's, a person's own are theirs."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404
from ninja import Router, Schema

from ai_agent.signaling import PersonaCard
from ai_personas.builder import PRESET_IDS, load_template
from ai_personas.cards import persona_card
from ai_personas.models import Persona, PersonaVersion
from ai_personas.schema import persona_json_schema
from config.errors import ErrorBody

router = Router(tags=["personas"])


class PersonaBody(Schema):
    """A persona as it is written now, and as a page shows it."""

    card: PersonaCard
    configuration: dict[str, Any]
    """As `GET …/schema/` describes it."""
    is_preset: bool
    """Came with the product: read-only."""
    is_archived: bool
    """No new call begins with it."""


class Template(Schema):
    """Something to start a persona from."""

    id: str
    """What `metadata.source_template_id` will say."""
    name: str
    role: str
    description: str
    configuration: dict[str, Any]


@router.get("/", response={200: list[PersonaCard], 401: ErrorBody}, operation_id="list_personas")
def list_personas(request: HttpRequest) -> list[PersonaCard]:
    """Everybody whom this person may call: presets first, then their own."""
    return [_card(persona) for persona in Persona.objects.visible_to(request.user).ready_for_calls()]


@router.get("/templates/", response={200: list[Template], 401: ErrorBody}, operation_id="list_persona_templates")
def list_templates(request: HttpRequest) -> list[Template]:
    """The presets, as they came with the product."""
    return [_template(preset_id) for preset_id in PRESET_IDS]


@router.get("/schema/", response={200: dict[str, Any], 401: ErrorBody}, operation_id="get_persona_schema")
def get_schema(request: HttpRequest) -> dict[str, Any]:
    """The JSON Schema of a configuration."""
    return persona_json_schema()


@router.get("/{slug}/", response={200: PersonaBody, 401: ErrorBody, 404: ErrorBody}, operation_id="get_persona")
def get_persona(request: HttpRequest, slug: str) -> PersonaBody:
    """One persona; somebody else's is not there, nor is one that was never published."""
    visible = Persona.objects.visible_to(request.user).select_related("published_version")
    persona = get_object_or_404(visible.called(slug))
    return PersonaBody(
        card=_card(persona),
        configuration=_published(persona).configuration,
        is_preset=persona.is_preset,
        is_archived=persona.is_archived,
    )


def _card(persona: Persona) -> PersonaCard:
    version = _published(persona)
    return persona_card(version.configuration, slug=persona.slug, version=version.number)


def _published(persona: Persona) -> PersonaVersion:
    if persona.published_version is None:
        raise Http404
    return persona.published_version


def _template(preset_id: str) -> Template:
    config = load_template(preset_id)
    return Template(
        id=preset_id,
        name=config.name,
        role=config.role or "",
        description=config.description,
        configuration=config.as_json(),
    )
