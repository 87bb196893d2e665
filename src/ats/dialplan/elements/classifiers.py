"""«Сервис → Классификатор вызовов»: is the caller in the list (S173)?"""

from ats.dialplan.elements.base import Fork, Site
from ats.dialplan.elements.callers import put_caller
from ats.dialplan.model import Classify, Outcome


def classify(site: Site, action: Classify) -> Fork:
    """One look into engine.db by primary key for the whole number, one more per length of mask in use.

    A row's id begins with the classifier's own (1 and up), so what is found counts as true and nothing as false.
    """
    put_caller(site)
    keys = ["${ATSN}", *(f"${{ATSN:0:{digits}}}*" for digits in action.masks)]
    return Fork(
        "".join(f"${{REALTIME_FIELD(ats_contacts,id,{action.classifier_id}:{key},id)}}" for key in keys),
        Outcome.FOUND,
        Outcome.NOT_FOUND,
    )
