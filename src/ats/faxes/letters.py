"""The letter about a received fax: its pages attached as PDF."""

from zoneinfo import ZoneInfo

from django.conf import settings

from ats.clients.models import Client
from ats.faxes.models import Fax
from ats.faxes.queries import folder_of
from ats.mail import actions as mail
from ats.mail.models import Letter

_TEXTS = {
    "ru": (
        "Факс от {caller}",
        "Принят факс.\n\nНомер: {caller}\nФакс отправителя: {station}\nВремя: {time} ({zone})\n"
        "Страниц: {pages}\n{whole}\nСтраницы во вложении.\n",
    ),
    "en": (
        "Fax from {caller}",
        "A fax has been received.\n\nNumber: {caller}\nSender's station: {station}\nTime: {time} ({zone})\n"
        "Pages: {pages}\n{whole}\nThe pages are attached.\n",
    ),
}
_NOBODY = {"ru": "скрытый номер", "en": "withheld number"}
_BROKEN = {"ru": "Приём оборвался: это не все страницы.\n", "en": "It broke off: not all pages came.\n"}


def post_fax(fax: Fax, client: Client, address: str) -> Letter:
    """Queue the letter inside the transaction that stores the fax."""
    language = client.language if client.language in _TEXTS else "ru"
    subject, body = _TEXTS[language]
    words = {
        "caller": fax.caller or _NOBODY[language],
        "station": fax.station or "—",
        "time": fax.received_at.astimezone(ZoneInfo(client.time_zone)).strftime("%d.%m.%Y %H:%M:%S"),
        "zone": client.time_zone,
        "pages": fax.pages,
        "whole": "" if fax.complete else _BROKEN[language],
    }
    path = (folder_of(client.pk) / f"{fax.pk}.pdf").relative_to(settings.CONFIG.home)
    return mail.post(
        f"fax:{fax.spool}"[:120],
        address,
        subject.format(**words),
        body.format(**words),
        client_id=client.pk,
        attachment=(str(path), f"fax-{fax.pk}.pdf", "application/pdf"),
    )
