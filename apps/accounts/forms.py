from typing import Any

from django import forms
from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from apps.accounts.models import User
from apps.accounts.scopes import list_scopes

LIFETIMES = ((7, "a week"), (30, "a month"), (90, "three months"), (365, "a year"))
WHAT_IS_GOOD = (
    "At least 8 characters. Not only digits, not one that many people use, not like your name or address."
)


class SignInForm(AuthenticationForm):
    # Lower case, so that the throttle counts every spelling of an address as one.
    username = forms.EmailField(
        label="E-mail address", widget=forms.EmailInput(attrs={"autofocus": True, "autocomplete": "username"})
    )
    error_messages = {
        "invalid_login": (
            "This address and this password do not belong together. Check both, or set a new password."
        ),
        "inactive": "This account is closed. Ask the person who runs this installation.",
    }

    def clean_username(self) -> str:
        return str(self.cleaned_data["username"]).lower()


class ResetForm(forms.Form):
    email = forms.EmailField(
        label="E-mail address", widget=forms.EmailInput(attrs={"autofocus": True, "autocomplete": "email"})
    )


class PasswordForm(forms.Form):
    """Asks for a new password, once: who mistypes it gets another by e-mail."""

    password = forms.CharField(
        label="New password",
        strip=False,
        help_text=WHAT_IS_GOOD,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def __init__(self, *args: Any, person: User | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.person = person

    def clean(self) -> dict[str, Any]:
        data = self.cleaned_data
        if "password" in data:
            try:
                validate_password(data["password"], self.describe_person())
            except ValidationError as error:
                self.add_error("password", " ".join(error.messages))
        return data

    def describe_person(self) -> User:
        """Whose password it will be: it must not resemble them."""
        return self.person or User()


class ChangePasswordForm(PasswordForm):
    current = forms.CharField(
        label="Password now",
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
    field_order = ["current", "password"]

    def clean_current(self) -> str:
        current = str(self.cleaned_data["current"])
        if not self.describe_person().check_password(current):
            raise ValidationError("This is not your password. Nothing was changed.")
        return current


class NewAccountForm(PasswordForm):
    """Who comes in by an invitation and has no account yet."""

    name = forms.CharField(
        label="Name",
        max_length=120,
        help_text="The people you work with see it.",
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    email = forms.EmailField(
        label="E-mail address",
        max_length=254,
        help_text="You sign in with it.",
        widget=forms.EmailInput(attrs={"autocomplete": "username"}),
    )
    field_order = ["name", "email", "password"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password"].label = "Password"

    def clean_email(self) -> str:
        return str(self.cleaned_data["email"]).lower()

    def describe_person(self) -> User:
        return User(name=self.cleaned_data.get("name", ""), email=self.cleaned_data.get("email", ""))


class ProfileForm(forms.ModelForm[User]):
    class Meta:
        model = User
        fields = ("name", "theme", "single_keys")
        labels = {"theme": "Colours"}
        help_texts = {
            "name": "The people you work with see it.",
            "single_keys": "Keys such as 1 to 7 answer by themselves. Turn this off if a screen reader or "
            "speech input needs them.",
        }
        widgets = {
            "name": forms.TextInput(attrs={"autocomplete": "name"}),
            "theme": forms.RadioSelect,
        }


class TokenForm(forms.Form):
    name = forms.CharField(
        label="Name", max_length=80, help_text="What it is for, such as “nightly export”. Only you see it."
    )
    scopes = forms.MultipleChoiceField(
        label="It may",
        choices=list_scopes,
        widget=forms.CheckboxSelectMultiple,
        help_text="Never more than your role in a project allows.",
        error_messages={"required": "Choose at least one."},
    )
    days = forms.TypedChoiceField(label="It works for", choices=LIFETIMES, coerce=int, initial=90)
