"""The head of the audit ledger, as papers and pages print it."""

from __future__ import annotations

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from kaohe.web.audit.receipts import printed_head

register = template.Library()


@register.simple_tag
def ledger_head() -> SafeString:
    """台账第 N 条 and eight groups of eight characters; nothing before the first event."""
    size, head = printed_head()
    if not size:
        return SafeString("")
    words = _("台账第 %(size)s 条") % {"size": size}
    return format_html('<span class="k-head">{} <code>{}</code></span>', words, head)
