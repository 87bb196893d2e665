"""Changes people make to a client's faxes."""

from django.db import transaction

from ats import checks
from ats.audit.actions import record
from ats.clients.models import User
from ats.errors import Missing
from ats.faxes.models import Fax, FaxSettings
from ats.faxes.queries import folder_of


@transaction.atomic
def delete_fax(actor: User | None, fax_id: int) -> None:
    """Delete a fax in scope with its pages. Raises Missing."""
    fax = Fax.objects.select_for_update().filter(pk=fax_id).first()
    if fax is None:
        raise Missing
    paths = [folder_of(fax.client_id) / f"{fax.pk}.{suffix}" for suffix in ("pdf", "tif")]
    record(actor, fax.client_id, "delete", fax, before={"caller": fax.caller, "pages": fax.pages})
    fax.delete()

    def unlink() -> None:
        for path in paths:
            path.unlink(missing_ok=True)

    transaction.on_commit(unlink)


@transaction.atomic
def set_fax_email(actor: User | None, client_id: int, email: str) -> str:
    """Where faxes of the client in scope are sent; empty: nowhere. Raises Invalid."""
    wanted: str = checks.clean({"email": email}, {"email": checks.email})["email"]
    found, _ = FaxSettings.objects.get_or_create(client_id=client_id)
    if found.email != wanted:
        before, found.email = found.email, wanted
        found.save(update_fields=["email"])
        record(actor, client_id, "update", found, before={"email": before}, after={"email": wanted})
    return wanted
