"""Django's sessions in the database, whose row every request fetches by a prepared query."""

from typing import Any

from django.contrib.sessions.backends import db
from django.contrib.sessions.models import Session
from django.utils import timezone

from ats.prepared import Prepared

_ROW = Prepared(lambda key: Session.objects.filter(session_key=key), "example")


class SessionStore(db.SessionStore):
    """What Django calls SESSION_ENGINE's."""

    def _get_session_from_db(self) -> Any:
        row = _ROW.first(str(self.session_key))
        if row is not None and row.expire_date > timezone.now():
            return row
        self._session_key = None
        return None
