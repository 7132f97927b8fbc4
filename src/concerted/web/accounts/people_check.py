"""The system check that every reference to an account says what it means."""

from typing import Any

from django.core.checks import CheckMessage, Error, register

from concerted.web.accounts.holding import undeclared


@register()
def every_reference_to_an_account_is_declared(**_: Any) -> list[CheckMessage]:
    """Else a handover would leave behind what nobody thought of."""
    return [
        Error(
            f"{name} refers to an account and does not say what that means.",
            hint="Put @people(..) of concerted.web.accounts.holding above the model.",
            id="concerted.E002",
        )
        for name in undeclared()
    ]
