"""What is the HTTP API, and how is it described? Routers under `/api/v1/`; one document for REST and WebSocket."""

from __future__ import annotations

from typing import Any

from ninja import NinjaAPI
from ninja.openapi.schema import OpenAPISchema
from ninja.security import django_auth

from accounts.views import router as accounts_router
from ai_agent.interview_views import router as interviews_router
from ai_agent.signaling import message_schemas
from ai_agent.views import router as calls_router
from ai_personas.views import router as personas_router
from config.errors import install_error_answers

API_PATH = "api/v1/"


class ParleyAPI(NinjaAPI):
    """Ninja's, whose document has every WebSocket message among its components."""

    def get_openapi_schema(
        self, *, path_prefix: str | None = None, path_params: dict[str, Any] | None = None
    ) -> OpenAPISchema:
        """What `/api/v1/schema/` serves.

        Raises:
            ValueError: two different things have one name.
        """
        document = super().get_openapi_schema(path_prefix=path_prefix, path_params=path_params)
        schemas = document["components"]["schemas"]
        for name, schema in _without_null_defaults(message_schemas()).items():
            if schemas.setdefault(name, schema) != schema:
                raise ValueError(f"{name} is both a WebSocket message and another schema of the HTTP API")
        return document


api = ParleyAPI(
    title="Parley",
    version="1",
    description="Voice calls with personas. Session cookie; CSRF token in `X-CSRFToken` on writes.",
    auth=django_auth,
    openapi_url="/schema/",
    docs_url="/docs/",
    urls_namespace="api",
)
install_error_answers(api)
api.add_router("", accounts_router)
api.add_router("", calls_router)
api.add_router("/interviews/", interviews_router)
api.add_router("/personas/", personas_router)


def openapi_document() -> dict[str, Any]:
    """What the page's types are made from: the document as it is served."""
    return dict(api.get_openapi_schema(path_prefix=f"/{API_PATH}"))


def _without_null_defaults(schema: Any) -> Any:
    """As Ninja writes its own: what may be null may be absent, on the wire too."""
    if isinstance(schema, list):
        return [_without_null_defaults(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    return {
        key: _without_null_defaults(value) for key, value in schema.items() if not (key == "default" and value is None)
    }
