"""What the demonstration may do that a real site may not."""

from django.conf import settings

ROLES = ("secretariat", "facilitator", "focal_point", "practitioner", "observer")


def can_sign_in_by_role() -> bool:
    """One click as a role: only where all data are invented."""
    return bool(settings.IS_DEMO)
