"""Changes to the feature codes of the exchange."""

import re
from collections.abc import Mapping

from django.db import transaction

from ats.audit.actions import record
from ats.clients.models import Client, User
from ats.clients.versions import bump_routes
from ats.codes.models import Code
from ats.codes.queries import digits_of
from ats.dialplan.codes import FEATURES, Feature, Place
from ats.errors import Fault, Invalid

_CODE = re.compile(r"[0-9*#]{2,10}")
_BY_KEY = {feature.key: feature for feature in FEATURES}


@transaction.atomic
def save_codes(actor: User | None, wanted: Mapping[str, str]) -> None:
    """Set the codes of the features named; "" switches a feature off, the rest stays.

    A code needs a `*` or `#`: internal and external numbers are digits, so none can ever be hidden by a code.
    Raises Invalid naming each feature that is unknown or whose code clashes with another's.
    """
    unknown = {f"codes.{key}": Fault("unknown_feature") for key in wanted if key not in _BY_KEY}
    if unknown:
        raise Invalid(unknown)
    before = digits_of()
    after = {**before, **{key: digits.strip() for key, digits in wanted.items()}}
    changed = {key: digits for key, digits in after.items() if digits != before[key]}
    faults = {
        f"codes.{key}": fault for key, digits in changed.items() if (fault := _fault(key, digits, after))
    }
    if faults:
        raise Invalid(faults)
    if not changed:
        return
    Code.objects.filter(feature__in=changed).delete()
    made = [
        Code(feature=key, digits=digits) for key, digits in changed.items() if digits != _BY_KEY[key].default
    ]
    Code.objects.bulk_create(made)
    operator = Client.objects.get(is_operator=True)
    record(
        actor,
        operator.pk,
        "update",
        Code(feature="codes"),
        before={key: before[key] for key in changed},
        after=changed,
    )
    bump_routes()


def _fault(key: str, digits: str, codes: Mapping[str, str]) -> Fault | None:
    if not digits:
        return None
    if not _CODE.fullmatch(digits):
        return Fault("bad_code")
    if not set(digits) & set("*#"):
        return Fault("code_needs_sign")
    feature = _BY_KEY[key]
    for other_key, other_digits in codes.items():
        other = _BY_KEY[other_key]
        if other is feature or not other_digits or other.place != feature.place:
            continue
        if _clash(feature, digits, other, other_digits):
            return Fault("code_clash", {"code": other_digits})
    return None


def _clash(feature: Feature, digits: str, other: Feature, others: str) -> bool:
    """Can one be dialled so that the other is meant? In a talk there is no end of dialling: any beginning clashes."""
    if digits == others:
        return True
    if feature.place is Place.TALK:
        return digits.startswith(others) or others.startswith(digits)
    return (feature.argument and others.startswith(digits)) or (other.argument and digits.startswith(others))
