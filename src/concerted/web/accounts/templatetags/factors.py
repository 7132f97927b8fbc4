"""The square that an authenticator app scans."""

import io

import qrcode
from allauth.mfa.adapter import get_adapter
from django import template
from django.utils.safestring import SafeString, mark_safe
from qrcode.image.svg import SvgPathImage

from concerted.web.accounts.models import User

register = template.Library()


@register.filter
def qr(secret: str, person: User) -> SafeString:
    """The secret as a square of squares, drawn in the page itself: the policy of the site lets no `data:` image in."""
    drawn = io.BytesIO()
    qrcode.make(get_adapter().build_totp_url(person, secret), image_factory=SvgPathImage, box_size=8).save(drawn)
    svg = drawn.getvalue().decode()
    return mark_safe(svg[svg.index("<svg") :])  # noqa: S308  (drawn by the library from numbers alone)
