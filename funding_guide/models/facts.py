"""What an association says of itself for public funding, beside its profile."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy

from ..domain import ReceiptKind

COUNCILS = (
    ("commune", gettext_lazy("commune")),
    ("province", gettext_lazy("prefecture or province")),
    ("region", gettext_lazy("region")),
)
RECEIPTS = (
    (ReceiptKind.FINAL.value, gettext_lazy("The final receipt")),
    (ReceiptKind.PROVISIONAL.value, gettext_lazy("A provisional receipt")),
    (ReceiptKind.NONE.value, gettext_lazy("None yet")),
)


class FundingFacts(models.Model):
    """What the rules of calls ask about an association. NULL, or a key that is absent, means: nobody has told us.

    No number of any person or account is kept. `accounts` is year -> whether its accounts were approved. `councils` lists the
    kinds of council on which a leading member sits; who that is, is not kept. `revision` counts the changes: whoever saves second
    is told.

    .. no_pii: describes an organisation; names no person.
    """

    association_id = models.BigIntegerField(gettext_lazy("association"), unique=True)
    association_uuid = models.UUIDField(gettext_lazy("association uuid"), unique=True)
    founded_on = models.DateField(gettext_lazy("founded on"), null=True, blank=True)
    receipt = models.CharField(
        gettext_lazy("receipt of the declaration"), max_length=16, choices=RECEIPTS, blank=True, default=""
    )
    receipt_on = models.DateField(gettext_lazy("day on the receipt"), null=True, blank=True)
    accounts = models.JSONField(gettext_lazy("approved accounts by year"), default=dict, blank=True)
    bank_account = models.BooleanField(gettext_lazy("bank account in its own name"), null=True, blank=True)
    public_utility = models.BooleanField(gettext_lazy("recognised as of public utility"), null=True, blank=True)
    councils = models.JSONField(gettext_lazy("councils with a leading member"), null=True, blank=True)
    revision = models.PositiveIntegerField(gettext_lazy("revision"), default=0)
    updated_at = models.DateTimeField(gettext_lazy("last change"), auto_now=True)

    class Meta:
        verbose_name = gettext_lazy("association and public funding")
        verbose_name_plural = gettext_lazy("associations and public funding")
        ordering = ["association_id"]

    def __str__(self) -> str:
        return f"{self.association_id}"
