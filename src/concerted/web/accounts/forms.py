"""Forms of people and partners. What they let through is checked again by `actions`."""

from typing import Any, ClassVar

from django import forms
from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.utils.translation import gettext_lazy as _

from concerted.codelists import lists
from concerted.codelists.sheet_words import fold
from concerted.web.accounts.models import Partner, User
from concerted.web.accounts.models.user import normal_email
from concerted.web.accounts.roles import OF_THE_MACHINE, Duty, Role, label, rank
from concerted.web.ui.fields import LongSelect, choice, row_choice
from concerted.web.ui.formats import language

LANGUAGES = (("fr", "Français"), ("en", "English"), ("ar", "العربية"))


class NewPasswordForm(forms.Form):
    """A new password, twice."""

    password = forms.CharField(
        label=_("Password"),
        help_text=_("Twelve characters or more. A few words in a row are easy to keep in mind."),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    again = forms.CharField(
        label=_("The same password again"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user

    def clean(self) -> dict[str, Any]:
        """Both alike, and not easily guessed from what the account tells."""
        values = super().clean() or {}
        first, second = values.get("password"), values.get("again")
        if first and second and first != second:
            self.add_error("again", _("The two passwords differ."))
        elif first:
            try:
                validate_password(first, self.about(values))
            except forms.ValidationError as error:
                self.add_error("password", error)
        return values

    def about(self, values: dict[str, Any]) -> User:
        """The account that the password is for."""
        return self.user


class JoinForm(NewPasswordForm):
    """What an invitation asks: name, address where it does not hold one, language, password."""

    name = forms.CharField(label=_("Your name"), max_length=200, widget=forms.TextInput(attrs={"autocomplete": "name"}))
    email = forms.EmailField(
        label=_("Your e-mail address"),
        help_text=_("You sign in with it."),
        widget=forms.EmailInput(attrs={"autocomplete": "username"}),
    )
    language = forms.ChoiceField(label=_("Your language"), choices=LANGUAGES)
    field_order = ("name", "email", "language", "password", "again")

    def __init__(self, *args: Any, email: str = "", **kwargs: Any) -> None:
        super().__init__(*args, user=User(email=email), **kwargs)
        if email:
            self.fields["email"].initial = email
            self.fields["email"].disabled = True

    def about(self, values: dict[str, Any]) -> User:
        """The account that is about to be made."""
        return User(email=values.get("email", ""), name=values.get("name", ""))


class OwnForm(forms.ModelForm):  # type: ignore[type-arg]  # (takes no argument at run time)
    """What a person changes of the own account."""

    language = forms.ChoiceField(label=_("Your language"), choices=LANGUAGES)

    class Meta:
        model = User
        fields = ("name", "language")
        labels: ClassVar = {"name": _("Your name")}


class PartnerField(forms.ModelChoiceField[Partner]):
    """A choice of organisations, called as the reader's language calls them."""

    def label_from_instance(self, obj: Partner) -> str:
        """What an organisation is called."""
        return obj.label(language())


class InviteForm(forms.Form):
    """Whom to invite, into which unit, to do what."""

    email = forms.EmailField(
        label=_("E-mail address"),
        required=False,
        help_text=_("Left empty, whoever holds the link writes the address."),
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )
    partner = PartnerField(label=_("Organisation or unit"), queryset=Partner.objects.none(), empty_label=None)
    duty = forms.ChoiceField(label=_("Duty"), widget=forms.RadioSelect)
    roles = forms.MultipleChoiceField(label=_("Roles"), required=False, widget=forms.CheckboxSelectMultiple)

    def __init__(self, *args: Any, organisation: Partner, highest: frozenset[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        partner = row_choice(self, "partner")
        partner.queryset = Partner.objects.filter(pk__in=[organisation.pk, *(u.pk for u in organisation.units.all())])
        partner.initial = organisation.pk
        choice(self, "duty").choices = duty_choices(highest)
        self.fields["duty"].initial = str(Duty.EDITOR)
        choice(self, "roles").choices = [(each, label(each)) for each in organisation.roles]

    def clean_email(self) -> str:
        """The address in its one form."""
        return normal_email(self.cleaned_data["email"])

    @property
    def held(self) -> list[str]:
        """Roles and duty together."""
        return [self.cleaned_data["duty"], *self.cleaned_data["roles"]]


def duty_choices(highest: frozenset[str]) -> list[tuple[str, str]]:
    """Duties that one who holds `highest` may give, lowest first."""
    return [(str(duty), label(duty)) for duty in Duty if rank({duty}) <= rank(highest)]


class HeldForm(forms.Form):
    """All that a person holds, as boxes."""

    held = forms.MultipleChoiceField(required=False, widget=forms.CheckboxSelectMultiple)

    def __init__(self, *args: Any, target: User, highest: frozenset[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        organisation = target.partner.parent or target.partner
        offered = dict(duty_choices(highest)) | {each: label(each) for each in organisation.roles}
        offered |= {each: label(each) for each in sorted(target.held)}
        choice(self, "held").choices = list(offered.items())
        self.fields["held"].initial = sorted(target.held)


class HandOverForm(forms.Form):
    """Who takes over."""

    taker = forms.ModelChoiceField(label=_("Who takes over"), queryset=User.objects.none())
    closes = forms.BooleanField(label=_("Close the account of who hands over"), required=False, initial=True)

    def __init__(self, *args: Any, giver: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        top = giver.organisation_id
        people = User.objects.filter(is_active=True).filter(partner_id=top) | User.objects.filter(
            is_active=True, partner__parent_id=top
        )
        row_choice(self, "taker").queryset = people.exclude(pk=giver.pk).order_by("name")


class NamesForm(forms.Form):
    """A name in each language; one is enough."""

    name_fr = forms.CharField(label=_("Name in French"), required=False, max_length=300)
    name_en = forms.CharField(label=_("Name in English"), required=False, max_length=300)
    name_ar = forms.CharField(
        label=_("Name in Arabic"), required=False, max_length=300, widget=forms.TextInput(attrs={"dir": "rtl"})
    )

    @property
    def names(self) -> dict[str, str]:
        """The names by language."""
        return {lang: self.cleaned_data[f"name_{lang}"] for lang, _name in settings.LANGUAGES}

    def clean(self) -> dict[str, Any]:
        """One name at least."""
        values = super().clean() or {}
        if not any(values.get(f"name_{lang}") for lang, _name in settings.LANGUAGES):
            self.add_error("name_fr", _("A name is needed, in one language at least."))
        return values


class PartnerForm(NamesForm):
    """What the secretariat keeps of an organisation."""

    reference = forms.CharField(
        label=_("Organisation identifier"),
        required=False,
        max_length=100,
        help_text=_("As in IATI, for example XM-DAC-41114. Published records are found by it; it gives no rights."),
        widget=forms.TextInput(attrs={"dir": "ltr"}),
    )
    kind = forms.ChoiceField(label=_("Kind"), required=False)
    country = forms.ChoiceField(
        label=_("Country"),
        required=False,
        help_text=_(
            "Of an organisation of one state. A government or local government of the strategy’s country asks for "
            "needs in the government’s name."
        ),
        widget=LongSelect,
    )
    roles = forms.MultipleChoiceField(label=_("Roles"), required=False, widget=forms.CheckboxSelectMultiple)

    def __init__(self, *args: Any, roles: list[str] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        codes = sorted(lists.codes("OrganisationType"), key=int)
        named = [(code, lists.label("OrganisationType", code, language()) or code) for code in codes]
        choice(self, "kind").choices = [("", _("not stated")), *named]
        countries = sorted(lists.labels("Country", language()).items(), key=lambda each: fold(each[1]))
        choice(self, "country").choices = [("", _("not stated")), *countries]
        offered = [str(role) for role in Role if role not in OF_THE_MACHINE or role in (roles or ())]
        choice(self, "roles").choices = [(each, label(each)) for each in offered]


class AliasForm(forms.Form):
    """Another name under which sources know a partner."""

    text = forms.CharField(label=_("Another name"), max_length=300)
