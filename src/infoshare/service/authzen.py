"""AuthZEN Authorization API 1.0: a policy as a policy decision point.

A request's `subject`, `action`, `resource` and `context` are the groups of facts of these names: `id`, `type`, `name` and every
property is the fact of its name, read as strictly as any; what the policy does not declare is left out, and what is not
there is not answered. `decision` is true only where everything that was asked for may go. Whatever else there is to say
(what would settle it, what differs by row) stands under `infoshare` in the `context` of the answer.
Sources: https://openid.net/specs/authorization-api-1_0.html; the obligations profile, draft 1.
Deliberately not here: who may ask (`guard`), and what a policy decides.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any, Literal

import attrs
from starlette.requests import Request
from starlette.responses import Response

from infoshare.casefile import read_case
from infoshare.diagnostic import Diagnostic
from infoshare.errors import FactsError, Refused
from infoshare.meaning.vocabulary import FactInfo
from infoshare.policy.decision import Decision
from infoshare.policy.policy import Policy
from infoshare.service import asked as ask
from infoshare.service.api import JSON, as_bytes, today
from infoshare.service.guard import asked
from infoshare.service.limits import Limits
from infoshare.service.problem import MALFORMED, NOT_FOUND, Problem, faulty
from infoshare.service.shelf import Served, Shelf
from infoshare.service.work import Work
from infoshare.text import quoted
from infoshare.writing import reason_of

Entity = Literal["subject", "action", "resource"]
GROUPS: tuple[Entity, ...] = ("subject", "action", "resource")
REQUIRED: Mapping[str, tuple[str, ...]] = {
    "subject": ("type", "id"),
    "action": ("name",),
    "resource": ("type", "id"),
}
SEMANTICS = {"execute_all": None, "deny_on_first_deny": False, "permit_on_first_permit": True}
"""The decision after which a batch is not gone on with."""

PATHS = {
    "access_evaluation_endpoint": "/access/v1/evaluation",
    "access_evaluations_endpoint": "/access/v1/evaluations",
    "search_subject_endpoint": "/access/v1/search/subject",
    "search_resource_endpoint": "/access/v1/search/resource",
    "search_action_endpoint": "/access/v1/search/action",
}
NAMES = {f"{group}.{name}" for group, names in REQUIRED.items() for name in names}
"""The facts by which subjects, actions and resources are known."""


# --- which there are --------------------------------------------------------------------------------


@attrs.frozen
class Entities:
    """Subjects, resources and actions that a search looks through, where the policy's vocabulary does not name them.

    Attributes:
        subject, resource: each with its `type` and `id`, and `properties` if it has any.
        action: each with its `name`, likewise.
    """

    subject: tuple[Mapping[str, Any], ...] = ()
    action: tuple[Mapping[str, Any], ...] = ()
    resource: tuple[Mapping[str, Any], ...] = ()

    @staticmethod
    def read(path: str) -> "Entities":
        """Reads a JSON file: `{"subject": [{"type": "user", "id": "alice"}], "action": [{"name": "read"}], …}`.

        Raises:
            Refused: it cannot be read, or is not such.
        """
        shown = quoted(path)
        try:
            with Path(path).open("rb") as file:
                data = file.read(8 * 1024 * 1024 + 1)
        except OSError as error:
            raise Refused(
                f"{shown} cannot be read: {reason_of(error)}", "check the name and the rights"
            ) from None
        told, faults = read_case(data, path, "json")
        if told is None:
            raise Refused(f"{shown}: {faults[0].message}", *faults[0].help)
        found: dict[str, Any] = {}
        for group, listed in told.items():
            if group not in GROUPS or not isinstance(listed, list):
                raise Refused(
                    f"{shown} does not list entities", "list them under subject, action and resource"
                )
            for entity in listed:
                if faults := tuple(_wrong(entity, group, group)):
                    raise Refused(f"{shown}: {faults[0].message}", *faults[0].help)
            found[group] = tuple(listed)
        return Entities(**found)

    def of_type(self, group: Entity, kind: str | None) -> Iterator[Mapping[str, Any]]:
        """Those of a group, and of a type where one is asked for."""
        for entity in getattr(self, group):
            if kind is None or entity["type"] == kind:
                yield entity


def speaks_authzen(policy: Policy) -> bool:
    """Whether a policy declares the groups that AuthZEN's requests fill."""
    declared = {group.name for group in policy.groups if not group.each}
    return declared >= set(GROUPS)


# --- requests -----------------------------------------------------------------------------------------


def _wrong(entity: object, group: str, path: str, *, without: str | None = None) -> Iterator[Diagnostic]:
    """Everything that is wrong with a subject, an action or a resource.

    Args:
        without: what need not be there, as it is searched for.
    """
    if not isinstance(entity, Mapping):
        yield _fault(path, "is not an object")
        return
    for name in REQUIRED[group]:
        if name != without or name in entity:
            if name not in entity:
                yield _fault(f"{path}.{name}", "is missing")
            elif name != without and not isinstance(entity[name], str):
                yield _fault(f"{path}.{name}", "is not text")
    if not isinstance(entity.get("properties", {}), Mapping | None):
        yield _fault(f"{path}.properties", "is not an object")


def _fault(path: str, what: str) -> Diagnostic:
    return Diagnostic("IS413", f"`{path}` {what}", help=("see the AuthZEN Authorization API 1.0",), path=path)


def _wrong_request(told: Mapping[str, Any], *, search: Entity | None = None) -> list[Diagnostic]:
    """Everything that is wrong with a request, or with one of a batch."""
    found: list[Diagnostic] = []
    for group in GROUPS:
        if group == search == "action":
            continue
        if group not in told:
            found.append(_fault(group, "is missing"))
        else:
            found += _wrong(told[group], group, group, without="id" if group == search else None)
    if not isinstance(told.get("context", {}), Mapping | None):
        found.append(_fault("context", "is not an object"))
    return found


def _facts(policy: Policy, told: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """The case that a request is, for a policy."""
    declared: dict[str, set[str]] = {}
    for fact in policy.facts:
        if not fact.each:
            declared.setdefault(fact.group, set()).add(fact.name.partition(".")[2])
    found: dict[str, dict[str, Any]] = {}
    for group in GROUPS:
        entity = told.get(group) or {}
        own = {name: entity[name] for name in REQUIRED[group] if name in entity}
        found[group] = {**(entity.get("properties") or {}), **own}
    found["context"] = dict(told.get("context") or {})
    return {
        group: {
            name: value for name, value in answers.items() if name in declared[group] and value is not None
        }
        for group, answers in found.items()
        if group in declared
    }


# --- answers ------------------------------------------------------------------------------------------


def _answer(policy: Policy, told: Mapping[str, Any], day: date, *, obligations: bool) -> dict[str, Any]:
    """What a request is answered. Raises FactsError for what cannot be read."""
    try:
        decision = policy.decide(_facts(policy, told), as_of=day)
    except FactsError as error:
        if not {each.path for each in error.diagnostics} <= NAMES:
            raise
        # One whom the policy's vocabulary does not name: nothing may go to them, or be done by them.
        return _not_known(error.diagnostics)
    return {"decision": decision.may_share, "context": _context(decision, obligations=obligations)}


def _not_known(diagnostics: Iterable[Diagnostic], status: int = 404) -> dict[str, Any]:
    found = list(diagnostics)
    message = "; ".join(each.message for each in found)
    told = {"infoshare": {"diagnostics": [each.to_dict() for each in found]}}
    return {"decision": False, "context": {"error": {"status": status, "message": message}, **told}}


def _context(decision: Decision, *, obligations: bool) -> dict[str, Any]:
    """What there is to say beside yes and no."""
    whole = decision.to_dict()
    told: dict[str, Any] = {
        "policy": {key: whole["policy"][key] for key in ("name", "version", "digest")},
        "as_of": whole["as_of"],
        "outcome": whole["outcome"],
        "basis": whole["basis"],
        "possible": whole["possible"],
        "exact": whole["exact"],
    }
    if whole["questions"]:
        told["questions"] = whole["questions"]
    if any(row["item"] is not None or row["recipient"] is not None for row in whole["disclosures"]):
        told["rows"] = whole["disclosures"]
    if decision.outcome.value in {"seek_consent", "seek_advice"} and decision.advice:
        told["advice"] = whole["advice"]
    context: dict[str, Any] = {"infoshare": told}
    if obligations:
        context["obligations"] = list(_obligations(decision))
    return context


def _obligations(decision: Decision) -> Iterator[dict[str, Any]]:
    """The duties that are due and the safeguards to keep, each as an obligation of a kind of our own."""
    for number, duty in enumerate(decision.duties):
        if duty.state == "due":
            about = {"for": dict(duty.for_)} if duty.for_ else {}
            yield {
                "type": "custom",
                "id": f"duty-{number}-{duty.duty}",
                "infoshare": "duty",
                "name": duty.duty,
                "timing": duty.timing,
                "statement": duty.do,
                **about,
            }
    for number, safeguard in enumerate(decision.safeguards):
        yield {
            "type": "custom",
            "id": f"safeguard-{number}-{safeguard.safeguard}",
            "infoshare": "safeguard",
            "name": safeguard.safeguard,
            "statement": safeguard.statement,
        }


@attrs.frozen
class Profiles:
    """What goes beyond AuthZEN 1.0 itself: drafts, hence options.

    Attributes:
        obligations: whether duties and safeguards are given as obligations, which whoever asked must carry out or refuse.
    """

    obligations: bool = False


class AuthZen:
    """The routes of AuthZEN."""

    def __init__(
        self,
        shelf: Shelf,
        work: Work,
        limits: Limits,
        *,
        name: str | None,
        entities: Entities,
        profiles: Profiles,
        url: str | None,
    ) -> None:
        """Answers by the policy of that name, else by the first that declares the groups.

        Args:
            url: where this service is found; what a request is addressed to, if it is not told.
        """
        self._shelf, self._work, self._limits = shelf, work, limits
        self._name, self._entities, self._profiles, self._url = name, entities, profiles, url

    async def evaluation(self, request: Request) -> Response:
        """Whether a subject may do something with a resource."""
        return await self._answered(request, self._evaluated)

    async def evaluations(self, request: Request) -> Response:
        """The same of several."""
        return await self._answered(request, self._batch)

    async def search(self, request: Request) -> Response:
        """Which subjects, resources or actions may."""
        kind: Entity = request.path_params["entity"]
        return await self._answered(request, lambda policy, told: self._searched(policy, told, kind))

    async def configuration(self, request: Request) -> Response:
        """What there is to ask here, and where."""
        self._served(request)
        base = (self._url or str(request.base_url)).rstrip("/")
        told: dict[str, Any] = {"policy_decision_point": base}
        told |= {name: base + path for name, path in PATHS.items()}
        if self._profiles.obligations:
            told["obligations_supported"] = ["custom"]
        return Response(as_bytes(told), media_type=JSON)

    # --- what they share --------------------------------------------------------------------

    def _served(self, request: Request) -> Served:
        now = self._shelf.now
        if self._name is not None:
            served = now.find(self._name)
        else:
            found = next((each for each in now.policies.values() if speaks_authzen(each.policy)), None)
            if found is None:
                raise Problem(
                    NOT_FOUND,
                    "No policy that is served declares the groups subject, action and resource, outside lists.",
                )
            served = found
        known = asked(request.scope)
        known.policy, known.digest = served.name, served.policy.digest
        return served

    async def _answered(
        self, request: Request, answer: Callable[[Policy, Mapping[str, Any]], dict[str, Any]]
    ) -> Response:
        served = self._served(request)
        body = await ask.body_of(request, self._limits, JSON)
        return Response(await self._work.decide(_read_and, answer, served.policy, body), media_type=JSON)

    # --- beside the event loop --------------------------------------------------------------

    def _evaluated(self, policy: Policy, told: Mapping[str, Any]) -> dict[str, Any]:
        if faults := _wrong_request(told):
            raise faulty(MALFORMED, faults)
        try:
            return _answer(policy, told, today(), obligations=self._profiles.obligations)
        except FactsError as error:
            raise faulty(MALFORMED, error.diagnostics) from None

    def _batch(self, policy: Policy, told: Mapping[str, Any]) -> dict[str, Any]:
        several = told.get("evaluations")
        if several is None or several == []:
            return self._evaluated(policy, told)
        options = {} if told.get("options") is None else told["options"]
        semantic = (
            options.get("evaluations_semantic", "execute_all") if isinstance(options, Mapping) else None
        )
        wrong: list[Diagnostic] = []
        if not isinstance(several, list):
            wrong.append(_fault("evaluations", "is not a list"))
        elif len(several) > self._limits.cases:
            wrong.append(_fault("evaluations", f"has more than {self._limits.cases:,} elements"))
        wrong += [
            _fault(name, "is not an object") for name in GROUPS if not isinstance(told.get(name, {}), Mapping)
        ]
        if not isinstance(told.get("context"), Mapping | None):
            wrong.append(_fault("context", "is not an object"))
        if not isinstance(options, Mapping):
            wrong.append(_fault("options", "is not an object"))
        elif not isinstance(semantic, str) or semantic not in SEMANTICS:
            wrong.append(_fault("options.evaluations_semantic", f"is not one of {', '.join(SEMANTICS)}"))
        if wrong or not isinstance(several, list):
            raise faulty(MALFORMED, wrong)
        last, day = SEMANTICS[str(semantic)], today()
        answers = []
        for each in several:
            answers.append(self._one_of_batch(policy, told, each, day))
            if last is not None and answers[-1]["decision"] is last:
                break
        return {"evaluations": answers}

    def _one_of_batch(
        self, policy: Policy, told: Mapping[str, Any], one: object, day: date
    ) -> dict[str, Any]:
        """What is wrong with one of a batch is its answer, and the others are not held up by it."""
        if not isinstance(one, Mapping):
            return _not_known([_fault("evaluations", "has an element that is not an object")], 400)
        whole = {group: told[group] for group in (*GROUPS, "context") if group in told}
        for group in (*GROUPS, "context"):
            if group in one:
                whole[group] = _over(whole.get(group), one[group], REQUIRED.get(group, ()))
        if faults := _wrong_request(whole):
            return _not_known(faults, 400)
        try:
            return _answer(policy, whole, day, obligations=self._profiles.obligations)
        except FactsError as error:
            return _not_known(error.diagnostics, 400)

    def _searched(self, policy: Policy, told: Mapping[str, Any], kind: Entity) -> dict[str, Any]:
        if faults := _wrong_request(told, search=kind):
            raise faulty(MALFORMED, faults)
        start, limit = self._page(told, policy)
        given = told.get(kind) or {}
        asked_type = None if kind == "action" else given["type"]
        day, found = today(), []
        for tried, candidate in enumerate(self._candidates(policy, kind, asked_type)):
            if tried >= self._limits.rows:
                raise Problem(
                    MALFORMED, f"There are more than {self._limits.rows:,} to look through: ask about one."
                )
            known = {name: candidate[name] for name in REQUIRED[kind]}
            properties = {**(candidate.get("properties") or {}), **(given.get("properties") or {})}
            try:
                answer = _answer(
                    policy,
                    {**told, kind: {**known, "properties": properties}},
                    day,
                    obligations=self._profiles.obligations,
                )
            except FactsError as error:
                raise faulty(MALFORMED, error.diagnostics) from None
            if answer["decision"]:
                duties = answer["context"].get("obligations")
                found.append({**known, "context": {"obligations": duties}} if duties else known)
        results = found[start : None if limit is None else start + limit]
        after = start + len(results)
        more = f"{after}.{_state(policy)}" if after < len(found) else ""
        return {"page": {"next_token": more, "count": len(results), "total": len(found)}, "results": results}

    def _candidates(
        self, policy: Policy, kind: Entity, asked_type: str | None
    ) -> Iterable[Mapping[str, Any]]:
        """Those that are listed, else those that the policy's vocabulary names."""
        if getattr(self._entities, kind):
            return self._entities.of_type(kind, asked_type)
        key = REQUIRED[kind][-1]
        fact = next((each for each in policy.facts if each.name == f"{kind}.{key}" and not each.each), None)
        fixed = {} if asked_type is None else {"type": asked_type}
        return [{**fixed, key: value} for value in _values(fact)]

    def _page(self, told: Mapping[str, Any], policy: Policy) -> tuple[int, int | None]:
        page = told.get("page")
        if page is None:
            return 0, None
        if not isinstance(page, Mapping):
            raise faulty(MALFORMED, [_fault("page", "is not an object")])
        limit, token = page.get("limit"), page.get("token")
        if isinstance(limit, float) and limit.is_integer():
            limit = int(limit)  # as JSON Schema has it
        if limit is not None and (not isinstance(limit, int) or isinstance(limit, bool) or limit < 1):
            raise faulty(MALFORMED, [_fault("page.limit", "is not a whole number from 1 on")])
        if token is None or token == "":
            return 0, limit
        start, _, state = token.partition(".") if isinstance(token, str) else ("", "", "")
        if not (start.isascii() and start.isdecimal() and len(start) < 9) or state != _state(policy):
            fault = _fault(
                "page.token", "is not one that was given for these results: begin again without it"
            )
            raise faulty(MALFORMED, [fault])
        return int(start), limit


def _state(policy: Policy) -> str:
    """What a token of a page is good for: the policy as it is."""
    return policy.digest.partition(":")[2][:16]


def _values(fact: FactInfo | None) -> Iterable[str]:
    return fact.labels if fact is not None else ()


def _over(default: object, own: object, required: tuple[str, ...]) -> object:
    """An entity of a batch over the default: the whole of it, but for what has to be there and is not."""
    if isinstance(default, Mapping) and isinstance(own, Mapping):
        return {**{name: default[name] for name in required if name in default}, **own}
    return own


def _read_and(
    answer: Callable[[Policy, Mapping[str, Any]], dict[str, Any]], policy: Policy, body: bytes
) -> bytes:
    told, faults = read_case(body, "the request", "json")
    if told is None:
        raise faulty(MALFORMED, faults)
    return as_bytes(answer(policy, told))
