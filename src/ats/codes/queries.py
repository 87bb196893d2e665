"""Which code does what now."""

from typing import Any

from ats.codes.models import Code
from ats.dialplan.codes import FEATURES


def digits_of() -> dict[str, str]:
    """Feature → what is dialled for it; "" when it is switched off. Every feature is there."""
    changed = dict(Code.objects.values_list("feature", "digits"))
    return {feature.key: changed.get(feature.key, feature.default) for feature in FEATURES}


def code_rows(language: str) -> list[dict[str, Any]]:
    """All features in the order people read them, as the API shows them."""
    digits = digits_of()
    return [
        {
            "feature": feature.key,
            "title": feature.words[1 if language == "en" else 0],
            "digits": digits[feature.key],
            "default": feature.default,
            "place": feature.place,
            "argument": feature.argument,
        }
        for feature in FEATURES
    ]
