"""The interface as OpenAPI 3.1, made from the shapes by which requests are read and answers are written.

Each policy that is served has paths of its own, with the schema of its cases, so that a client can be made from it.
Deliberately not here: what the routes do (`api`, `authzen`).
"""

import threading
from collections.abc import Iterable, Mapping
from importlib.metadata import version
from typing import Any

import attrs

from infoshare import codec
from infoshare.codec import Object
from infoshare.policy.codec import decision_shape
from infoshare.service import asked, told
from infoshare.service.api import HTML, JSON, LINES, SCHEMA, TEXT, as_bytes
from infoshare.service.authzen import GROUPS, PATHS, SEMANTICS, speaks_authzen
from infoshare.service.problem import KINDS, MEDIA_TYPE, PROBLEM
from infoshare.service.shelf import Served, Shelf, Shelved

Json = dict[str, Any]

_WORDS = {kind.status: kind.title for kind in reversed(KINDS)}


class Described:
    """The document, made again when other policies are served."""

    def __init__(self, shelf: Shelf, *, with_ledger: bool, with_tokens: bool) -> None:
        self._shelf, self._with_ledger, self._with_tokens = shelf, with_ledger, with_tokens
        self._lock = threading.Lock()
        self._made: tuple[Shelved, bytes] | None = None

    def document(self) -> bytes:
        """The document, as JSON."""
        now = self._shelf.now
        with self._lock:
            if self._made is None or self._made[0] is not now:
                self._made = now, as_bytes(_Document(self._with_ledger, self._with_tokens).of(now))
            return self._made[1]


class _Document:
    """One making of the document."""

    def __init__(self, with_ledger: bool, with_tokens: bool) -> None:
        self.with_ledger, self.with_tokens = with_ledger, with_tokens
        self.schemas: Json = {}

    def of(self, shelved: Shelved) -> Json:
        paths: Json = {
            "/healthz": {"get": self._open("healthz", "Whether the process answers.", self._status())},
            "/readyz": {
                "get": self._open(
                    "readyz", "Whether it decides.", self._status(), others={503: self._json(self._status())}
                )
            },
            "/openapi.json": {"get": self._open("openapi", "This document.", {"type": "object"})},
            "/v1/policies": {
                "get": self._get(
                    "policies", "The policies that are served.", self.shape("policies", told.POLICIES)
                )
            },
        }
        for served in shelved.policies.values():
            paths |= self._of_policy(served)
        if self.with_ledger:
            from infoshare.records.log.receipt import receipt_shape  # needs the extra `records`

            receipt = receipt_shape()
            operation = self._get(
                "receipt",
                "The receipt of a record, as of now.",
                self.shape("receipt", receipt),
                404,
                410,
                503,
            )
            record = {
                "name": "record",
                "in": "path",
                "required": True,
                "description": "The id of the record.",
            }
            operation["parameters"] = [
                {**record, "schema": {"type": "string", "minLength": 4, "pattern": "^[0-9a-f-]+$"}}
            ]
            paths["/v1/records/{record}/receipt"] = {"get": operation}
        if any(speaks_authzen(served.policy) for served in shelved.policies.values()):
            paths |= self._authzen()
        document: Json = {
            "openapi": "3.1.0",
            "info": {
                "title": "infoshare",
                "version": version("infoshare"),
                "summary": "Decides, by a written policy, whether information about a child may be shared.",
                "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
            },
            "jsonSchemaDialect": "https://json-schema.org/draft/2020-12/schema",
            "servers": [{"url": "/"}],
            "paths": paths,
            "components": {"schemas": dict(sorted(self.schemas.items()))},
        }
        if self.with_tokens:
            document["components"]["securitySchemes"] = {"token": {"type": "http", "scheme": "bearer"}}
            document["security"] = [{"token": []}]
        return document

    # --- schemas ----------------------------------------------------------------------------

    def shape(self, name: str, shape: Object, **over: Json) -> Json:
        """A reference to the schema of a shape, which is put among the components with all that it is made of.

        Args:
            over: schemas in the place of those of some keys.
        """
        found = codec.schema(attrs.evolve(shape, name=None))
        parts = found.pop("$defs", {})
        for part, schema in {**parts, name: found}.items():
            self.schemas[part] = _moved(schema)
        for key, schema in over.items():
            self.schemas[name]["properties"][key] = schema
        return {"$ref": f"#/components/schemas/{name}"}

    def asked(self, name: str, shape: Object, **over: Json) -> Json:
        """As `shape`, of what is sent: keys that are not known are refused."""
        reference = self.shape(name, shape, **over)
        for each in (name, *(part for part in ("practitioner",) if part in self.schemas)):
            self.schemas[each]["additionalProperties"] = False
        return reference

    def _status(self) -> Json:
        self.schemas["status"] = {
            "type": "object",
            "properties": {"status": {"type": "string"}, "reload": {"const": "refused"}},
            "required": ["status"],
        }
        return {"$ref": "#/components/schemas/status"}

    # --- operations -------------------------------------------------------------------------

    def _json(self, schema: Json, description: str = "The answer.", media: Iterable[str] = (JSON,)) -> Json:
        return {"description": description, "content": {each: {"schema": schema} for each in media}}

    def _problems(self, *statuses: int) -> Json:
        also = {401} if self.with_tokens else set()
        problem = self.shape("problem", PROBLEM)
        every = sorted({*statuses, *also, 500})
        return {str(status): self._json(problem, _WORDS[status], [MEDIA_TYPE]) for status in every}

    def _open(self, name: str, summary: str, schema: Json, others: Mapping[int, Json] | None = None) -> Json:
        answers = {
            "200": self._json(schema),
            **{str(status): answer for status, answer in (others or {}).items()},
        }
        return {
            "operationId": name,
            "summary": summary,
            "responses": answers | self._problems(),
            "security": [],
        }

    def _get(
        self, name: str, summary: str, schema: Json, *problems: int, media: Iterable[str] = (JSON,)
    ) -> Json:
        answers = {"200": self._json(schema, media=media)} | self._problems(406, *problems)
        return {"operationId": name, "summary": summary, "responses": answers}

    def _post(
        self, name: str, summary: str, body: Json, answers: Json, *problems: int, media: str = JSON
    ) -> Json:
        return {
            "operationId": name,
            "summary": summary,
            "requestBody": {"required": True, "content": {media: {"schema": body}}},
            "responses": answers | self._problems(400, 408, 413, 415, 503, *problems),
        }

    def _of_policy(self, served: Served) -> Json:
        name = served.name
        at = f"/v1/policies/{name}"
        case: Json = {key: value for key, value in served.case_schema.items() if key != "$schema"}
        self.schemas[f"{name}_case"] = case
        facts: Json = {"$ref": f"#/components/schemas/{name}_case"}
        decision = self.shape("decision", decision_shape())
        text: Json = {"type": "string"}
        decided = self._json(decision, "The decision, or its explanation.")
        decided["content"] |= {TEXT: {"schema": text}, HTML: {"schema": text}}
        of = f"{name}_"
        many = self._post(
            of + "decide_many",
            "Decides many cases, one a line; a line that cannot be decided is told in its place.",
            {"type": "string", "description": f"Lines of JSON, each a case as {name}_case has it."},
            {"200": self._json(text, "A decision a line, or what is wrong with the case.", [LINES])},
            406,
            media=LINES,
        )
        day = {"type": "string", "format": "date", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"}
        many["parameters"] = [
            {"name": "as_of", "in": "query", "description": "The day to decide for.", "schema": day},
            {
                "name": "presume",
                "in": "query",
                "description": "Whether anything is assumed.",
                "schema": {"enum": ["true", "false"]},
            },
        ]
        schema_of = self._get(
            of + "schema", "JSON Schema of its cases.", {"type": "object"}, media=(SCHEMA, JSON)
        )
        found: Json = {
            at: {"get": self._get(of + "policy", "A policy.", self.shape("served_policy", told.POLICY))},
            f"{at}/facts": {"get": self._get(of + "facts", "Its vocabulary.", self.shape("vocabulary", told.FACTS))},
            f"{at}/schema": {"get": schema_of},
            f"{at}/decide": {
                "post": self._post(
                    of + "decide", "Decides a case.", self.asked(of + "decide_request", asked.DECIDE, facts=facts),
                    {"200": decided}, 406, 422,
                )
            },
            f"{at}/questions": {
                "post": self._post(
                    of + "questions", "What is open of a case, and what would settle it.",
                    self.asked(of + "questions_request", asked.QUESTIONS, facts=facts),
                    {"200": self._json(self.shape("questions", told.questions_shape()))}, 406, 422,
                )
            },
            f"{at}/decide-many": {"post": many},
        }  # fmt: skip
        if self.with_ledger:
            recorded = self.shape("recorded", told.recorded_shape())
            found[f"{at}/records"] = {
                "post": self._post(
                    of + "record", "Decides a case, records the decision, and gives its receipt.",
                    self.asked(of + "record_request", asked.RECORD, facts=facts),
                    {"201": self._json(recorded, "The decision is recorded.")}, 406, 409, 422,
                )
            }  # fmt: skip
        return found

    def _authzen(self) -> Json:
        text: Json = {"type": "string"}
        some: Json = {"type": ["object", "null"]}

        def entity(*names: str) -> Json:
            return {
                "type": "object",
                "properties": {**dict.fromkeys(names, text), "properties": some},
                "required": list(names),
            }

        whole, typed, action = entity("type", "id"), entity("type"), entity("name")
        decision: Json = {
            "type": "object",
            "properties": {"decision": {"type": "boolean"}, "context": {"type": "object"}},
            "required": ["decision"],
        }
        self.schemas["access_decision"] = decision
        one: Json = {"$ref": "#/components/schemas/access_decision"}
        four: Json = {"subject": whole, "action": action, "resource": whole, "context": some}
        evaluation: Json = {
            "type": "object",
            "properties": four,
            "required": ["subject", "action", "resource"],
        }
        semantic = {"type": "object", "properties": {"evaluations_semantic": {"enum": list(SEMANTICS)}}}
        several: Json = {
            "type": "object",
            "properties": {
                **{group: {"type": "object"} for group in GROUPS},
                "context": some,
                "options": semantic,
                "evaluations": {"type": "array", "minItems": 1, "items": {"type": "object"}},
            },
            "required": ["evaluations"],
        }
        batch: Json = {"anyOf": [several, evaluation]}
        answers: Json = {
            "anyOf": [
                one,
                {
                    "type": "object",
                    "properties": {"evaluations": {"type": "array", "items": one}},
                    "required": ["evaluations"],
                },
            ]
        }
        page = {
            "type": ["object", "null"],
            "properties": {"limit": {"type": "integer", "minimum": 1, "maximum": 10_000}},
        }
        searches = {"subject": typed, "action": action, "resource": typed}
        found: Json = {
            PATHS["access_evaluation_endpoint"]: {
                "post": self._post(
                    "authzen_evaluation", "Whether a subject may do something with a resource.", evaluation,
                    {"200": self._json(one)}, 404,
                )
            },
            PATHS["access_evaluations_endpoint"]: {
                "post": self._post(
                    "authzen_evaluations", "The same of several.", batch, {"200": self._json(answers)}, 404
                )
            },
            "/.well-known/authzen-configuration": {
                "get": self._open("authzen_configuration", "What AuthZEN's requests are answered, and where.", {"type": "object"})
            },
        }  # fmt: skip
        for kind, wanted in searches.items():
            keys = {**four, kind: wanted, "page": page}
            required = ["subject", "action", "resource"]
            if kind == "action":
                del keys["action"]
                required.remove("action")
            results = {
                "type": "object",
                "properties": {
                    "page": {"type": "object"},
                    "results": {"type": "array", "items": action if kind == "action" else whole},
                },
                "required": ["page", "results"],
            }
            found[PATHS[f"search_{kind}_endpoint"]] = {
                "post": self._post(
                    f"authzen_search_{kind}", f"Which {kind}s may.",
                    {"type": "object", "properties": keys, "required": required},
                    {"200": self._json(results)}, 404,
                )
            }  # fmt: skip
        return found


def _moved(schema: Any) -> Any:
    """A schema whose parts are among the components of a document, not in itself."""
    if isinstance(schema, Mapping):
        return {
            key: value.replace("#/$defs/", "#/components/schemas/") if key == "$ref" else _moved(value)
            for key, value in schema.items()
        }
    return [_moved(each) for each in schema] if isinstance(schema, list) else schema
