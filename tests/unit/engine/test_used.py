"""A batch of clients asks once which rare things there are; what is built must be the same as without asking."""

from django_scopes import scopes_disabled

from ats.clients.models import Client, User
from ats.clients.rights import Right
from ats.engine.agent.build import build, build_many
from ats.numbering.models import Step
from ats.numbering.used import EVERYTHING, Rare, used_by
from ats.ports.models import Port
from ats.remote.models import RemoteCaller
from tests.unit.api.test_tenancy import things_of
from tests.unit.world import World


def test_a_batch_builds_what_one_by_one_builds(world: World) -> None:
    things = things_of(world.romashka, world.keeper, world.free_ids[0])
    with scopes_disabled():
        client_id = things.client_id
        port = Port.objects.filter(pk=things.port_id)
        port.update(extras={"record": True})
        Step.objects.create(
            number_id=things.number_id, position=0, level=1, action="hangup", cause=17, holidays="except"
        )
        User.objects.filter(pk__in=[world.keeper.pk, world.vega_keeper.pk]).update(
            rights=[Right.CLIP_CALLBACK]
        )
        RemoteCaller.objects.create(client_id=client_id, user=world.keeper, clip="79161234567")
        Client.objects.filter(pk=client_id).update(billing_account="A-1")
        assert used_by([client_id, world.vega.pk]) == {
            client_id: EVERYTHING,
            world.vega.pk: frozenset({Rare.USERS}),  # those of the world
        }
        both = build_many([client_id, world.vega.pk], {})
        assert both == {client_id: build(client_id, {}), world.vega.pk: build(world.vega.pk, {})}
        # What is asked for makes a difference, so its absence above would be seen.
        users = frozenset({Rare.USERS})
        assert build(world.vega.pk, {}, EVERYTHING - users) != build(world.vega.pk, {})
        whole = build(client_id, {})
        for rare in EVERYTHING - users:  # a campaign of this client opens the same way in as its users do
            assert build(client_id, {}, EVERYTHING - {rare}) != whole, rare
