"""What the audit pages ask for."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from kaohe.web.audit.queries import actions_known
from kaohe.web.audit.words import models_by_table, table_in_words


class EventFilter(forms.Form):
    """Which events to show; every field may stay empty."""

    action = forms.ChoiceField(label=pgettext_lazy("audit", "事项"), required=False)
    actor = forms.CharField(label=pgettext_lazy("audit", "经手"), required=False, max_length=60)
    table = forms.ChoiceField(label=pgettext_lazy("audit", "涉及"), required=False)
    since = forms.DateField(
        label=pgettext_lazy("audit", "自"), required=False, widget=forms.DateInput({"type": "date"})
    )
    until = forms.DateField(
        label=pgettext_lazy("audit", "至"), required=False, widget=forms.DateInput({"type": "date"})
    )

    def __init__(self, *arguments: object, **options: object) -> None:
        super().__init__(*arguments, **options)
        tables = [(table, table_in_words(table)) for table in sorted(models_by_table())]
        self.fields["action"].choices = [("", _("全部")), *actions_known()]
        self.fields["table"].choices = [("", _("全部")), *tables]


class ReceiptForm(forms.Form):
    """A receipt, pasted."""

    receipt = forms.CharField(
        label=pgettext_lazy("audit", "回执内容"),
        max_length=20_000,
        widget=forms.Textarea({"rows": 12, "spellcheck": "false"}),
    )
