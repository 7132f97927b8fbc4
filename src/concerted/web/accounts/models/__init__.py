"""What the registry holds of people and partners. Whoever writes to these goes through `actions`."""

from concerted.web.accounts.models.invitation import Invitation
from concerted.web.accounts.models.partner import Partner, PartnerName
from concerted.web.accounts.models.session import Session
from concerted.web.accounts.models.user import Assignment, User

__all__ = ["Assignment", "Invitation", "Partner", "PartnerName", "Session", "User"]
