"""Gives a kept form a column for its open page, which was written behind the path before."""

from typing import Any

from django.db import migrations, models
from django.db.models import F, Value
from django.db.models.functions import Concat, StrIndex, Substr


def split_paths(apps: Any, schema_editor: Any) -> None:
    """Write `path#tab` as `path` and `tab`."""
    mark = StrIndex("path", Value("#"))
    rows = apps.get_model("accounts", "Stash").objects.filter(path__contains="#")
    rows.update(tab=Substr("path", mark + 1), path=Substr("path", 1, mark - 1))


def join_paths(apps: Any, schema_editor: Any) -> None:
    rows = apps.get_model("accounts", "Stash").objects.exclude(tab="")
    rows.update(path=Concat(F("path"), Value("#"), F("tab")))


class Migration(migrations.Migration):
    dependencies = [("accounts", "0005_declined_invitations")]

    operations = [
        migrations.AddField(
            model_name="stash",
            name="tab",
            field=models.CharField(
                blank=True,
                default="",
                help_text=(
                    "The open page that sent the form, or what its note is about;"
                    " empty for neither."
                ),
                max_length=500,
            ),
        ),
        migrations.RemoveConstraint(model_name="stash", name="one_stash_per_page"),
        migrations.RunPython(split_paths, join_paths),
        migrations.AddConstraint(
            model_name="stash",
            constraint=models.UniqueConstraint(
                fields=["user", "path", "tab"], name="one_stash_per_tab"
            ),
        ),
    ]
