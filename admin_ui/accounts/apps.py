from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "admin_ui.accounts"
    label = "accounts"

    def ready(self) -> None:
        from admin_ui.accounts.belongings import register
        from admin_ui.accounts.left_keys import Keys

        register(Keys())
