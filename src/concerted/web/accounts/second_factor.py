"""Second factors: their secrets are sealed, and who must have one keeps one."""

import base64
import hashlib
from functools import lru_cache

from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from concerted.model.errors import ConfigError


@lru_cache(maxsize=8)
def _seal(keys: tuple[str, ...]) -> MultiFernet:
    """Seals with the first key and opens with any: keys are changed by naming the old one as a fallback."""
    derived = [hashlib.sha256(b"concerted second factor\0" + key.encode()).digest() for key in keys]
    return MultiFernet([Fernet(base64.urlsafe_b64encode(each)) for each in derived])


class SecondFactorAdapter(DefaultMFAAdapter):  # type: ignore[misc]  # (the library has no types)
    """Authenticator apps, security keys and recovery codes."""

    error_messages = DefaultMFAAdapter.error_messages | {
        "cannot_delete_authenticator": _("Your roles need a second factor: add another one before you remove this."),
        "incorrect_code": _("This code is not right, or no longer."),
    }

    def encrypt(self, text: str) -> str:
        """Seal a secret: a copy of the registry without the secret key opens no account."""
        return _seal((settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)).encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """Open a sealed secret.

        Raises:
            ConfigError: it was sealed with another secret key.
        """
        try:
            return _seal((settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)).decrypt(encrypted_text).decode()
        except InvalidToken as error:
            raise ConfigError("second factors were sealed with another secret key; see CONCERTED_SECRET_KEY") from error

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        """Who must have a second factor keeps the last one; recovery codes alone are none."""
        others = Authenticator.objects.filter(user=authenticator.user).exclude(pk=authenticator.pk)
        has_other = others.exclude(type=Authenticator.Type.RECOVERY_CODES).exists()
        is_codes = authenticator.type == Authenticator.Type.RECOVERY_CODES
        return is_codes or has_other or not authenticator.user.needs_second_factor
