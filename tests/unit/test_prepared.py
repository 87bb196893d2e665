"""A prepared query finds what the query it was made of finds, whoever asks and whatever was asked before."""

from datetime import timedelta

from django.contrib.sessions.backends import db as plain
from django.contrib.sessions.models import Session
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from ats.clients.models import User
from ats.clients.session_store import SessionStore
from ats.prepared import Prepared
from tests.unit.world import World


def test_the_same_rows_with_what_they_lead_to(
    world: World, django_assert_num_queries: CaptureQueriesContext
) -> None:
    prepared = Prepared(lambda pk: User._base_manager.select_related("client").filter(pk=pk), -77)
    for user in (world.admin, world.keeper, world.vega_keeper, world.admin):
        with django_assert_num_queries(1):  # type: ignore[operator]
            found = prepared.first(user.pk)
            assert found is not None
            assert (found, found.client, found.rights) == (user, user.client, user.rights)
    assert prepared.first(10**9) is None


def test_a_row_that_changed_is_read_anew(world: World) -> None:
    prepared = Prepared(lambda login: User._base_manager.filter(login=login), "example")
    assert prepared.first(world.keeper.login) is not None
    User._base_manager.filter(pk=world.keeper.pk).update(login="another")
    assert prepared.first(world.keeper.login) is None
    assert prepared.first("another") == world.keeper


def test_sessions_end_in_their_time(db: None) -> None:
    store = SessionStore()
    store["what"] = "kept"
    store.save()
    assert (
        SessionStore(store.session_key).load()
        == {"what": "kept"}
        == plain.SessionStore(store.session_key).load()
    )
    Session.objects.update(expire_date=timezone.now() - timedelta(seconds=1))
    late = SessionStore(store.session_key)
    assert late.load() == {}
    assert late.session_key is None
    assert SessionStore("nothing-like-it").load() == {}
