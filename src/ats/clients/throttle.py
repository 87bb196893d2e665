"""Log-in with a limit on failures, counted in the database so that all web processes share it."""

import math
from datetime import timedelta

from django.contrib.auth import authenticate
from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone
from django_scopes import scope

from ats.audit.actions import record
from ats.clients.models import LoginFailure, User
from ats.clients.rights import Right
from ats.clients.second_factor import check_code
from ats.errors import Denied, NotLoggedIn, Throttled
from ats.system import bans
from ats.system import queries as system
from ats.system.models import Ban

FAILURES = 5
ADDRESS_FAILURES = 30  # of whatever logins: slows down trying one password on many users
WITHIN = timedelta(minutes=1)


def log_in(request: HttpRequest, login: str, password: str, code: str = "") -> User:
    """The user with this login and password (and one-time code, where he has set those up).

    Raises Throttled after 5 failures of the login from one address within a minute (or 30 of the address),
    NotLoggedIn for a wrong login or password, Denied without the right to log in over HTTP (S214), or without a
    right second factor (a wrong code counts as a failure).
    """
    login = login.strip()[:64].replace("\x00", "")
    address = request.META.get("REMOTE_ADDR", "")[:45]
    refuse_banned(address)
    attempt = _counted(login.lower(), address)
    user = authenticate(request, username=login, password=password)
    if not isinstance(user, User):
        raise NotLoggedIn("bad_login")
    if not user.has_right(Right.HTTP_LOGIN):
        attempt.delete()
        raise Denied("no_http_login")
    if user.totp_secret:
        try:
            check_code(user, code)
        except Denied as refusal:
            if refusal.code == "second_factor":
                attempt.delete()  # the password was right: asking for the code is no failure
            raise
    with transaction.atomic(), scope(client=user.client_id):
        LoginFailure.objects.filter(login=login.lower(), address=address).delete()
        record(user, user.client_id, "login", user)
    return user


def refuse_banned(address: str) -> None:
    """Raise Denied for an address that is shut out («Система → Блокировки»)."""
    if system.is_banned(address):
        raise Denied("banned")


def _counted(login: str, address: str) -> LoginFailure:
    """Note the attempt before the password is looked at: attempts at the same moment see each other."""
    now = timezone.now()
    LoginFailure.objects.filter(at__lt=now - 60 * WITHIN).delete()
    attempt = LoginFailure.objects.create(login=login, address=address)
    recent = LoginFailure.objects.filter(address=address, at__gt=now - WITHIN, pk__lt=attempt.pk)
    for found, limit in ((recent.filter(login=login), FAILURES), (recent, ADDRESS_FAILURES)):
        moments = list(found.order_by("-at").values_list("at", flat=True)[:limit])
        if len(moments) == limit:
            attempt.delete()  # a refused attempt does not make the wait longer
            wait = (moments[-1] + WITHIN - now).total_seconds()
            raise Throttled(max(1, math.ceil(wait)))
    rules = system.bans()
    failures = LoginFailure.objects.filter(address=address).count()
    if failures > rules.web_failures:
        bans.guessed(address, Ban.Source.WEB, failures, rules)
    return attempt
