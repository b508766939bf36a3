from __future__ import annotations

from django.apps import AppConfig


class AssessmentConfig(AppConfig):
    name = "kaohe.web.assessment"
    label = "assessment"
    verbose_name = "考核"
