"""Events in words: what was done, and values as a reader knows them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kaohe.web.audit.images import kind, recorded_models

_ACTS = {
    "create": gettext_lazy("新建"),
    "save": gettext_lazy("保存"),
    "update": gettext_lazy("修改"),
    "rename": gettext_lazy("更名"),
    "adjust": gettext_lazy("调整"),
    "delete": gettext_lazy("删除"),
    "import": gettext_lazy("导入"),
    "submit": gettext_lazy("上报"),
    "withdraw": gettext_lazy("撤回"),
    "return": gettext_lazy("退回"),
    "review": gettext_lazy("审核"),
    "verify": gettext_lazy("认定"),
    "set_verified_value": gettext_lazy("改定认定数"),
    "object": gettext_lazy("提出异议"),
    "answer": gettext_lazy("答复异议"),
    "assign": gettext_lazy("下达"),
    "close": gettext_lazy("结账"),
    "reopen": gettext_lazy("重开"),
    "publish": gettext_lazy("发布"),
    "hand_over": gettext_lazy("交接"),
    "erase": gettext_lazy("删除个人信息"),
    "change_password": gettext_lazy("改密码"),
    "file": gettext_lazy("归档"),
    "begin": gettext_lazy("初始化"),
}

_OBJECTS = {
    "observation": gettext_lazy("填报数"),
    "target": gettext_lazy("目标"),
    "indicator": gettext_lazy("指标"),
    "collection": gettext_lazy("月份收集"),
    "person": gettext_lazy("人员"),
    "post": gettext_lazy("岗位"),
    "grant": gettext_lazy("职权"),
    "unit": gettext_lazy("单位"),
    "line": gettext_lazy("条线"),
    "evidence": gettext_lazy("佐证材料"),
    "task": gettext_lazy("工作措施"),
    "order": gettext_lazy("督办单"),
    "holiday": gettext_lazy("节假日"),
    "site": gettext_lazy("系统"),
}

_TABLES = {
    "ledger_observation": gettext_lazy("填报数"),
    "ledger_verifiedvalue": gettext_lazy("认定数"),
    "ledger_message": gettext_lazy("意见"),
    "ledger_target": gettext_lazy("目标"),
    "ledger_reportingunit": gettext_lazy("单位"),
    "ledger_line": gettext_lazy("条线"),
    "ledger_indicator": gettext_lazy("指标"),
    "ledger_reportingduty": gettext_lazy("填报任务"),
    "ledger_schedulepoint": gettext_lazy("进度曲线"),
    "ledger_collection": gettext_lazy("月份收集"),
    "ledger_holiday": gettext_lazy("节假日"),
    "ledger_submission": gettext_lazy("办理回执"),
    "accounts_person": gettext_lazy("人员"),
    "accounts_post": gettext_lazy("岗位"),
    "accounts_holding": gettext_lazy("任职"),
    "accounts_grant": gettext_lazy("职权"),
}


def action_in_words(action: str) -> str:
    """An action as a reader says it: ``observation.submit`` is 上报填报数; an unknown one stays as it is."""
    thing, _dot, act = action.rpartition(".")
    if act not in _ACTS:
        return action
    if thing not in _OBJECTS:
        return str(_ACTS[act])
    # Chinese puts the act before its object; other languages may not.
    return _("%(act)s%(thing)s") % {"act": _ACTS[act], "thing": _OBJECTS[thing]}


def table_in_words(table: str) -> str:
    """A table as a reader says it."""
    if table in _TABLES:
        return str(_TABLES[table])
    model = models_by_table().get(table)
    return str(model._meta.verbose_name) if model else table


def models_by_table() -> dict[str, type[models.Model]]:
    """The protected tables' models."""
    return {model._meta.db_table: model for model in recorded_models()}


def fields_by_column(table: str) -> Mapping[str, models.Field[Any, Any]]:
    """The fields of a table; none for a table of old that is no more."""
    model = models_by_table().get(table)
    return {field.column: field for field in model._meta.concrete_fields} if model else {}


def value_in_words(
    field: models.Field[Any, Any] | None, value: object, linked: Mapping[tuple[str, str], str]
) -> str:
    """A value of an image as a reader knows it; ``linked`` names the rows that keys point at."""
    if isinstance(value, dict) and "hmac" in value:
        return _("（个人信息，台账中不可读）")
    if isinstance(value, dict) and "blank" in value:
        return _("（已删除）")
    if value is None or value == "":
        return _("（空）")
    if field is None:
        return str(value)
    if isinstance(field, models.ForeignKey):
        return linked.get((field.related_model._meta.db_table, str(value)), f"#{value}")
    if field.choices:
        return str(dict(field.flatchoices).get(value, value))
    return _typed(kind(field), value)


def _typed(of: str, value: object) -> str:
    if of == "bool":
        return _("是") if value else _("否")
    if of == "datetime":
        moment = datetime.fromisoformat(str(value).removesuffix("Z")).replace(tzinfo=UTC)
        return timezone.localtime(moment).strftime("%Y-%m-%d %H:%M")
    return str(value)
