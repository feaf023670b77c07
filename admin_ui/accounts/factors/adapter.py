"""Our changes to the second factors of allauth: secrets at rest, and our words."""

from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.contrib.auth.base_user import AbstractBaseUser
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from admin_ui.encryption import decrypt_bytes, encrypt_bytes


class FactorAdapter(DefaultMFAAdapter):
    """Encrypts the secrets of apps and of recovery codes like the credentials of connections."""

    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": gettext_lazy(
            "This code is wrong or was used before. Wait for the next one, then try again."
        ),
        "incorrect_passkey": gettext_lazy(
            "This passkey does not belong to your account, or it took too long. Try again."
        ),
        "cannot_generate_recovery_codes": gettext_lazy(
            "Recovery codes belong to a second factor. Set one up first."
        ),
        "unreadable": gettext_lazy(
            "The server cannot read your second factor. Use a passkey, or ask an owner to reset it."
        ),
    }

    def encrypt(self, text: str) -> str:
        return encrypt_bytes(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """Return the secret. Raises `Undecryptable` when no configured key fits."""
        return decrypt_bytes(encrypted_text.encode()).decode()

    def generate_authenticator_name(
        self,
        user: AbstractBaseUser,
        type: Authenticator.Type,
    ) -> str:
        number = Authenticator.objects.filter(user_id=user.pk, type=type).count() + 1
        return _("Passkey %(number)s") % {"number": number}
