"""From classifiers to the list of a campaign."""

from ats.campaigns.models import Called, Campaign
from ats.classifiers.models import Contact

_BATCH = 1000


def gather(campaign: Campaign) -> int:
    """Put contacts on the campaign's list that are not there yet (a mask is nobody to call); returns how many."""
    known = set(Called.objects.filter(campaign=campaign).values_list("clip", flat=True))
    wanted = Contact.objects.filter(classifier__campaigns=campaign).exclude(clip__endswith="*").order_by("pk")
    new = {clip: name for clip, name in wanted.values_list("clip", "name").iterator() if clip not in known}
    Called.objects.bulk_create(
        (Called(campaign=campaign, clip=clip, name=name) for clip, name in new.items()), batch_size=_BATCH
    )
    return len(new)
