"""Reads of accounts."""

from majlis.accounts.models import Account, Role


def of_demo_role(role: str) -> Account | None:
    """The first account that plays a role in the demonstration."""
    accounts = Account.objects.filter(is_active=True).order_by("pk")
    if role in {Role.SECRETARIAT, Role.FACILITATOR, Role.OBSERVER}:
        return accounts.filter(role=role).first()
    # Being focal point is said by the network, which stands above the accounts; only the demonstration asks for it here.
    return accounts.filter(role=Role.PRACTITIONER, person__is_focal_point=role == "focal_point").first()
