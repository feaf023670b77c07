"""Signed roots of a workspace's history, and the states of histories under each. Only inserted."""

import json
from functools import cached_property
from typing import Any, ClassVar

from django.db import models

from admin_ui.accounts.models import Workspace
from assistants.models.assistant import Assistant
from assistants.models.fields import JSONTextField


class SignedRoot(models.Model):
    """What the whole history of a workspace was at one moment, as a signed statement.

    The statement names the root of a Merkle tree over all rows of `SealedChain` so far. The other
    columns repeat it, so that lists need not read JSON; `verify_history` compares them.
    """

    workspace = models.ForeignKey(Workspace, on_delete=models.PROTECT, related_name="+")
    number = models.PositiveIntegerField(help_text="From 1, without a gap.")
    at = models.DateTimeField(help_text="When the history was read.")
    leaves = models.PositiveBigIntegerField(help_text="Rows of `SealedChain` under it.")
    peaks = JSONTextField(help_text="Roots of the full subtrees, from which the tree grows on.")
    statement = models.TextField(help_text="JSON, exactly as it was signed.")
    signature = models.CharField(max_length=100, help_text="Ed25519, in base64.")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["workspace", "number"], name="one_root_per_number")
        ]

    def __str__(self) -> str:
        return f"root {self.number}"

    @cached_property
    def said(self) -> dict[str, Any]:
        """What the statement says."""
        said: dict[str, Any] = json.loads(self.statement)
        return said


class SealedChain(models.Model):
    """How far the history of one assistant went when a root was signed: a leaf of its tree.

    A root seals the histories that have grown since the root before it. Leaves of the first format
    say nothing about clearances, and have none of their columns.
    """

    LEAF: ClassVar = ("chain", "revisions", "newest", "outcomes", "outcomes_digest")
    CLEARANCES: ClassVar = ("clearances", "clearances_digest")

    root = models.ForeignKey(
        SignedRoot, on_delete=models.PROTECT, related_name="chains", db_index=False
    )
    position = models.PositiveBigIntegerField(help_text="Of the leaf in the tree, from 0.")
    assistant = models.ForeignKey(
        Assistant, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    chain = models.CharField(max_length=64, help_text="Digest of the first revision.")
    revisions = models.PositiveIntegerField(help_text="How many.")
    newest = models.CharField(max_length=64, help_text="Digest of the newest of them.")
    outcomes = models.PositiveIntegerField(help_text="How many.")
    outcomes_digest = models.CharField(max_length=64, blank=True, help_text="Over all of them.")
    last_outcome = models.PositiveBigIntegerField(default=0, help_text="ID of the newest of them.")
    clearances = models.PositiveIntegerField(null=True, help_text="How many.")
    clearances_digest = models.CharField(max_length=64, null=True, help_text="Over all of them.")
    last_clearance = models.PositiveBigIntegerField(null=True, help_text="ID of the newest.")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["root", "position"], name="one_leaf_per_position")
        ]
        indexes: ClassVar = [models.Index(fields=["assistant", "-id"], name="sealed_chain_newest")]

    def __str__(self) -> str:
        return f"{self.revisions} revisions, {self.outcomes} outcomes"

    @property
    def leaf(self) -> dict[str, Any]:
        """What the hash of the leaf covers; no database IDs."""
        names = self.LEAF if self.clearances is None else (*self.LEAF, *self.CLEARANCES)
        return {name: getattr(self, name) for name in names}
