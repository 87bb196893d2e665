"""Asking the agents to look at a client's calls: only while somebody does they see them, and take orders about them."""

from datetime import timedelta

from django.utils import timezone

from ats.engine.models import LiveWatch

WATCH_FOR = timedelta(seconds=15)


def watch(client_id: int) -> None:
    """Make the agents refresh the client's active calls for a while."""
    now = timezone.now()
    if LiveWatch.objects.filter(client_id=client_id, until__gt=now + WATCH_FOR * 2 / 3).exists():
        return  # somebody else's look is fresh enough: many watchers cost one write
    LiveWatch.objects.update_or_create(client_id=client_id, defaults={"until": now + WATCH_FOR})
