"""What is said of a text to be erased."""

from django.utils.translation import ngettext


def places_told(*, versions: int, drafts: int, others: int) -> list[str]:
    """Return in how many versions, drafts and other entries a text is; no empty ones."""
    told = (
        (versions, ngettext("%(count)d version", "%(count)d versions", versions)),
        (drafts, ngettext("%(count)d draft", "%(count)d drafts", drafts)),
        (
            others,
            ngettext(
                "%(count)d other entry, such as a template, a kept form or the registry's journal",
                "%(count)d other entries, such as templates, kept forms and the registry's journal",
                others,
            ),
        ),
    )
    return [text % {"count": count} for count, text in told if count]
