"""Everything the engine must hold for one client, built from the database in one consistent look."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from django.conf import settings
from django.db import DatabaseError

from ats.billing.queries import with_money
from ats.classifiers.queries import for_engine
from ats.clients.models import Client
from ats.codes.queries import digits_of
from ats.dialplan.codes import FEATURES, compile_codes
from ats.dialplan.compiler import compile_client
from ats.dialplan.conf import to_conf
from ats.dialplan.model import Compiled
from ats.dialplan.queues import QueuePlan
from ats.dialplan.routes import compile_routes
from ats.engine import endpoints, features, h323, iax, trunks
from ats.engine.agent.database import ROUTES, routes_version, snapshot
from ats.engine.enginedb import EndpointRows
from ats.media.queries import music_dir
from ats.numbering.queries import client_plan
from ats.numbering.used import EVERYTHING, Rare, Used, used_by
from ats.ports.queries import endpoints_of, route_plans
from ats.queues.queries import queue_plans
from ats.system.queries import talks as settings_of_talks
from ats.system.topics import Talks


@dataclass(frozen=True, slots=True)
class Built:
    """`text` is the client's file; `trunks` the text of its trunks' file and `iax` and `h323` those of such ports, each
    empty when it has none.

    `classifiers`: id → revision of all; `contacts`: those of the classifiers the node does not know yet.
    """

    client_id: int
    version: int
    compiled: Compiled
    text: str
    endpoints: list[EndpointRows]
    trunks: str
    classifiers: Mapping[int, int] = field(default_factory=dict)
    contacts: Mapping[int, list[str]] = field(default_factory=dict)
    queues: tuple[QueuePlan, ...] = ()
    music: str | None = None  # folder of the client's music on hold, None: the exchange's
    iax: str = ""
    h323: str = ""
    talk_codes: str = ""  # with the routes: features.conf


def build(
    client_id: int, known: Mapping[int, int], used: Used = EVERYTHING, talks: Talks | None = None
) -> Built | None:
    """Compile a client (or the routes, id 0) as it is saved now; None when there is no such client.

    `known`: revisions of classifiers that the node holds. What is not `used` is not asked for, nor are the `talks`
    that are given. Call inside `snapshot`.
    Raises ValueError when a value must not reach the engine.
    """
    if client_id == ROUTES:
        version, routes = routes_version(), route_plans()
        compiled = _shared(compile_routes(routes, version))
        talk_codes = features.conf(digits_of())
        return Built(ROUTES, version, compiled, to_conf(compiled), [], "", talk_codes=talk_codes)
    try:
        plan = client_plan(client_id, used)
    except Client.DoesNotExist:
        return None
    if Rare.BILLED in used:
        plan = with_money(plan)
    ports = endpoints_of(client_id)
    classifiers, contacts = for_engine(client_id, known) if Rare.CLASSIFIERS in used else ({}, {})
    queues = queue_plans(client_id) if Rare.QUEUES in used else ()
    folder = music_dir(client_id) if Rare.PACKAGES in used else None
    hints = sorted({agent.telephone for queue in queues for agent in queue.agents if agent.endpoint})
    compiled = replace(compile_client(plan), hints=tuple(hints))
    sip = [port for port in ports if port.kind == "sip"]
    talks = talks or settings_of_talks()
    rows = [endpoints.rows(port, talks) for port in sip]
    text, lines = to_conf(compiled), trunks.conf(sip)
    music = str(folder) if folder else None
    return Built(
        client_id,
        plan.version,
        compiled,
        text,
        rows,
        lines,
        classifiers,
        contacts,
        queues,
        music,
        iax.conf(ports),
        h323.conf(ports, settings.SECRET_KEY),
    )


def _shared(routes: Compiled) -> Compiled:
    """The routes and, in the same push, the feature codes: both belong to the operator and to all clients."""
    lines, pointers = compile_codes(FEATURES, digits_of(), routes.version)
    return Compiled(routes.version, routes.lines + lines, routes.pointers + pointers)


def build_many(client_ids: Sequence[int], known: Mapping[int, int]) -> dict[int, Built | None | Exception]:
    """`build` of several clients in one look at the database; what one of them raised stands in its place."""
    found: dict[int, Built | None | Exception] = {}
    with snapshot():
        used = used_by(client_ids) if len(client_ids) > 1 else {}
        talks = settings_of_talks()
        for client_id in client_ids:
            try:
                found[client_id] = build(client_id, known, used.get(client_id, EVERYTHING), talks)
            except DatabaseError:
                raise
            except Exception as error:  # one client's bad value must not hold up the others
                found[client_id] = error
    return found
