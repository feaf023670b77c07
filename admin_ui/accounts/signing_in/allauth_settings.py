"""The settings of signing in that no installation changes; `admin_ui.settings` takes them over."""

AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"

ACCOUNT_ADAPTER = "admin_ui.accounts.signing_in.adapter.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_LOGIN_ON_PASSWORD_RESET = True
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_PASSWORD_RESET_TOKEN_GENERATOR = "admin_ui.accounts.signing_in.links.LinkTokenGenerator"  # noqa: S105
ACCOUNT_EMAIL_SUBJECT_PREFIX = "[Assistants Admin] "
# allauth would count in each process. `admin_ui.audit.sign_in` limits guesses in the database.
ACCOUNT_RATE_LIMITS = False

# Each sign-in by a provider is decided by `admin_ui.accounts.identity.people`.
SOCIALACCOUNT_ADAPTER = "admin_ui.accounts.identity.people.IdentityAdapter"
SOCIALACCOUNT_EMAIL_VERIFICATION = "none"
SOCIALACCOUNT_STORE_TOKENS = False

# What a person proves beside the password. Each passkey asks for a fingerprint, a face or a PIN.
MFA_ADAPTER = "admin_ui.accounts.factors.adapter.FactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_USER_VERIFICATION = "required"
MFA_ALLOW_UNVERIFIED_EMAIL = True  # accounts are made by invitation, so nobody squats an address
MFA_TOTP_TOLERANCE = 1  # 30 seconds, as clocks of phones differ
MFA_RECOVERY_CODES_SHOW_ONCE = True
MFA_RATE_LIMITS = False  # `admin_ui.audit.codes` limits guesses in the database
MFA_FORMS = {
    "authenticate": "admin_ui.accounts.factors.code_forms.SecondFactorForm",
    "reauthenticate": "admin_ui.accounts.factors.code_forms.ConfirmByCodeForm",
    "activate_totp": "admin_ui.accounts.factors.code_forms.NewAppForm",
    "add_webauthn": "admin_ui.accounts.factors.passkey_forms.NewPasskeyForm",
    "authenticate_webauthn": "admin_ui.accounts.factors.passkey_forms.PasskeyForm",
    "login_webauthn": "admin_ui.accounts.factors.passkey_forms.PasskeySignInForm",
    "reauthenticate_webauthn": "admin_ui.accounts.factors.passkey_forms.ConfirmByPasskeyForm",
}
