"""The description of the API, OpenAPI 3.1: of each operation every status it can answer with."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final

from apispec.ext.marshmallow import MarshmallowPlugin
from flask import Flask
from flask_smorest import Api
from flask_smorest.spec.plugins import FlaskPlugin

from registry.api import problems
from registry.api.components import Described, described, described_member, ref, register_schemas, schema_name
from registry.api.ids import IdConverter
from registry.config import Config
from schemas.fields import ID_PATTERN, WireSchema
from schemas.queries import Bbox

if TYPE_CHECKING:
    from registry.api.operation import Operation

VERSION: Final = "0.1.0"
OPENAPI: Final = "3.1.0"
_API_VERSION: Final = {"API-Version": {"$ref": "#/components/headers/API-Version"}}
_TEXTS: Final = {
    "limit": "How many at most; more than the register gives at once is given as the most it does.",
    "after": "Where the page begins; `links.next` of the page before holds it.",
    "bbox": "West, south, east and north in RD New (EPSG:28992), metres: what has a box that meets it.",
    "lang": "Language.",
}
_DESCRIPTION: Final = (
    "Reserve space underground, file applications for works, follow their checks, and decide. Coordinates are RD New "
    "and NAP (EPSG:7415) in metres; lengths in a verdict are whole millimetres. An id may hold `/`: write it as `%2F` "
    "in an address. What is changed is named with If-Match, by the ETag of the revision that was seen."
)


class _Paths(FlaskPlugin):  # type: ignore[misc]
    """Paths as they stand below the address of the API."""

    @staticmethod
    def flaskpath2openapi(path: str) -> str:
        told: str = FlaskPlugin.flaskpath2openapi(path)
        return told.removeprefix("/v1")


class DescribedApi(Api):  # type: ignore[misc]
    """flask-smorest's API with errors as problem documents."""

    DEFAULT_ERROR_RESPONSE_NAME = None

    def _register_responses(self) -> None:
        for status in problems.TITLES:
            headers: Described = dict(_API_VERSION)
            if status == 401:
                headers["WWW-Authenticate"] = {"required": True, "schema": {"type": "string"}}
            if status == 503:
                headers["Retry-After"] = {"required": True, "schema": {"type": "integer"}}
            response = {
                "description": problems.TITLES[status] + ".",
                "headers": headers,
                "content": {problems.MEDIA_TYPE: {"schema": ref("Problem")}},
            }
            self.spec.components.response(_name(status), response, lazy=True)

    def _register_error_handlers(self) -> None:
        """None: the app tells pages and API apart."""


def described_api(app: Flask, config: Config) -> DescribedApi:
    """The API of an app, with all components described and no operation yet."""
    app.config.update(API_TITLE="Underground space registry", API_VERSION=VERSION, OPENAPI_VERSION=OPENAPI)
    contact = config.contact
    api = DescribedApi()
    plugin = MarshmallowPlugin(schema_name_resolver=schema_name)
    options = {
        "info": {
            "description": _DESCRIPTION,
            "contact": {"name": contact.name, "email": contact.email, "url": contact.url},
            "license": {"name": "EUPL-1.2", "identifier": "EUPL-1.2"},
        },
        "servers": [{"url": "/v1", "description": "This register."}],
    }
    api.init_app(app, spec_kwargs={"flask_plugin": _Paths(), "marshmallow_plugin": plugin, **options})
    assert plugin.converter is not None
    plugin.converter.add_attribute_function(_attributes(described))  # type: ignore[no-untyped-call]
    plugin.converter.add_attribute_function(_attributes(described_member))  # type: ignore[no-untyped-call]
    api.register_converter(IdConverter, lambda _: {"type": "string", "pattern": f"^{ID_PATTERN}$"})
    version = {"description": "The version of the API.", "required": True, "schema": {"type": "string"}}
    api.spec.components.header("API-Version", version)
    tag = {"description": "The revision that is shown.", "schema": {"type": "string"}}
    api.spec.components.header("ETag", tag)
    scheme = {"type": "http", "scheme": "bearer", "description": "Made with `registry token create`."}
    api.spec.components.security_scheme("token", scheme)
    register_schemas(api.spec)
    return api


def documented(known: Operation) -> Described:
    """An operation as the description tells it, but for its path and its text."""
    told: Described = {"operationId": known.id, "parameters": _parameters(known), "responses": _responses(known)}
    if known.body is not None:
        content = {media_type: {"schema": ref(known.body.described)} for media_type in known.body.types}
        told["requestBody"] = {"required": True, "content": content}
    if known.protected:
        told["security"] = [{"token": []}]
    elif not known.public:
        told["security"] = [{}, {"token": []}]
    if known.roles:
        told["x-roles"] = list(known.roles)
    return told


def _parameters(known: Operation) -> list[Described]:
    found = [] if known.query is None else _query(known.query)
    if known.versioned != "no":
        text = "The ETag of the revision that was seen."
        if known.versioned == "when_there":
            text += " Needed where what is put is there already and says something else."
        schema = {"type": "string", "pattern": '^"[1-9][0-9]{0,9}"$'}
        # Not marked as required: what is asked for without it is answered with 428, of which the description tells.
        found.append({"in": "header", "name": "If-Match", "description": text, "schema": schema})
    return found


def _query(schema: WireSchema) -> list[Described]:
    found = []
    for name, field in schema.load_fields.items():
        parameter: Described = {"in": "query", "name": field.data_key or name, "required": field.required}
        parameter["schema"] = described(None, field)
        if name in _TEXTS:
            parameter["description"] = _TEXTS[name]
        if isinstance(field, Bbox):
            parameter |= {"style": "form", "explode": False}
        found.append(parameter)
    return found


def _responses(known: Operation) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for status, name in known.answers.items():
        headers: Described = dict(_API_VERSION)
        if known.tagged:
            headers["ETag"] = {"$ref": "#/components/headers/ETag"}
        if status in (201, 202):
            headers["Location"] = {"required": True, "schema": {"type": "string"}}
        content = {media_type: {"schema": ref(name)} for media_type in known.produces}
        found[str(status)] = {"description": HTTPStatus(status).phrase, "headers": headers, "content": content}
    if known.tagged and known.method == "GET":
        found["304"] = {"description": "Not modified", "headers": dict(_API_VERSION)}
    for status in sorted(_faults(known)):
        found[str(status)] = _name(status)
    return found


def _faults(known: Operation) -> set[int]:
    found = {400, 406, 500}
    if not known.public:
        found |= {401, 503}
    if known.protected:
        found.add(403)
    if known.ids or known.misses:
        found.add(404)
    if known.body is not None:
        found |= {413, 415}
    elif known.method != "GET":
        found.add(415)
    if known.versioned != "no":
        found |= {412, 428}
    if known.conflicts:
        found.add(409)
    return found


def _name(status: int) -> str:
    return "".join(word.capitalize() for word in HTTPStatus(status).phrase.replace("-", " ").split())


def _attributes(function: Any) -> Any:
    """As a method of the converter, which is how its attribute functions are called."""

    def attributes(self: object, field: Any, **options: Any) -> Described:
        found: Described = function(self, field, **options)
        return found

    return attributes
