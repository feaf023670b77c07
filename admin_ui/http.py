"""Answers that Django has no name for."""

from django.http import HttpResponseRedirect


class SeeOther(HttpResponseRedirect):
    """303: the form was dealt with, look here (always with GET)."""

    status_code = 303
