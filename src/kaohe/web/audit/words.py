"""Events in words: what was done, and values as a reader knows them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from kaohe.web.audit.images import kind, recorded_models

_ACTS = {
    "create": pgettext_lazy("audit", "新建"),
    "save": pgettext_lazy("audit", "保存"),
    "update": pgettext_lazy("audit", "修改"),
    "rename": pgettext_lazy("audit", "更名"),
    "adjust": pgettext_lazy("audit", "调整"),
    "delete": pgettext_lazy("audit", "删除"),
    "import": pgettext_lazy("audit", "导入"),
    "submit": pgettext_lazy("audit", "上报"),
    "withdraw": pgettext_lazy("audit", "撤回"),
    "return": pgettext_lazy("audit", "退回"),
    "review": pgettext_lazy("audit", "审核"),
    "verify": pgettext_lazy("audit", "认定"),
    "set_verified_value": pgettext_lazy("audit", "改定认定数"),
    "object": pgettext_lazy("audit", "提出异议"),
    "answer": pgettext_lazy("audit", "答复异议"),
    "assign": pgettext_lazy("audit", "下达"),
    "open": pgettext_lazy("audit", "开始"),
    "close": pgettext_lazy("audit", "结账"),
    "reopen": pgettext_lazy("audit", "重开"),
    "publish": pgettext_lazy("audit", "发布"),
    "hand_over": pgettext_lazy("audit", "交接"),
    "erase": pgettext_lazy("audit", "删除个人信息"),
    "change_password": pgettext_lazy("audit", "改密码"),
    "file": pgettext_lazy("audit", "归档"),
    "begin": pgettext_lazy("audit", "初始化"),
    "report": pgettext_lazy("audit", "反馈进度"),
    "settle": pgettext_lazy("audit", "办结"),
    "cancel": pgettext_lazy("audit", "取消"),
    "request": pgettext_lazy("audit", "申请调整"),
    "break_down": pgettext_lazy("audit", "分解"),
    "hand_in": pgettext_lazy("audit", "上交"),
    "retire": pgettext_lazy("audit", "停用"),
    "make": pgettext_lazy("audit", "生成"),
    "refer": pgettext_lazy("audit", "引用"),
    "remove_link": pgettext_lazy("audit", "取消引用"),
    "ask": pgettext_lazy("audit", "要求补充"),
    "run": pgettext_lazy("audit", "计分"),
    "disable": pgettext_lazy("audit", "停用登录"),
    "enable": pgettext_lazy("audit", "恢复登录"),
    "reset_password": pgettext_lazy("audit", "重置密码"),
    "enrol_authenticator": pgettext_lazy("audit", "登记动态口令"),
    "clear_authenticator": pgettext_lazy("audit", "清除动态口令"),
    "merge": pgettext_lazy("audit", "并入"),
    "move": pgettext_lazy("audit", "移动"),
    "end": pgettext_lazy("audit", "结束"),
    "restore": pgettext_lazy("audit", "恢复备份"),
    "init": pgettext_lazy("audit", "初始化"),
    "appeal": pgettext_lazy("audit", "申诉"),
    "consult": pgettext_lazy("audit", "查阅"),
    "download": pgettext_lazy("audit", "下载"),
    "remove_need": pgettext_lazy("audit", "取消所需材料"),
    "answer_appeal": pgettext_lazy("audit", "答复申诉"),
}

_OBJECTS = {
    "observation": pgettext_lazy("audit", "填报数"),
    "target": pgettext_lazy("audit", "目标"),
    "indicator": pgettext_lazy("audit", "指标"),
    "collection": pgettext_lazy("audit", "月份收集"),
    "person": pgettext_lazy("audit", "人员"),
    "post": pgettext_lazy("audit", "岗位"),
    "grant": pgettext_lazy("audit", "职权"),
    "unit": pgettext_lazy("audit", "单位"),
    "line": pgettext_lazy("audit", "条线"),
    "evidence": pgettext_lazy("audit", "佐证材料"),
    "task": pgettext_lazy("audit", "工作措施"),
    "order": pgettext_lazy("audit", "督办单"),
    "holiday": pgettext_lazy("audit", "节假日"),
    "due_rule": pgettext_lazy("audit", "截止日规定"),
    "site": pgettext_lazy("audit", "系统"),
    "sheet": pgettext_lazy("audit", "导入的表格"),
    "paper": pgettext_lazy("audit", "文表"),
    "template": pgettext_lazy("audit", "模板"),
    "scheme": pgettext_lazy("audit", "考核办法"),
    "holding": pgettext_lazy("audit", "任职"),
    "message": pgettext_lazy("audit", "来往"),
    "score": pgettext_lazy("audit", "得分"),
    "register": pgettext_lazy("audit", "台账"),
    "binder": pgettext_lazy("audit", "佐证材料册"),
}

_TABLES = {
    "ledger_observation": pgettext_lazy("audit", "填报数"),
    "ledger_verifiedvalue": pgettext_lazy("audit", "认定数"),
    "ledger_message": pgettext_lazy("audit", "意见"),
    "ledger_target": pgettext_lazy("audit", "目标"),
    "ledger_reportingunit": pgettext_lazy("audit", "单位"),
    "ledger_line": pgettext_lazy("audit", "条线"),
    "ledger_indicator": pgettext_lazy("audit", "指标"),
    "ledger_reportingduty": pgettext_lazy("audit", "填报任务"),
    "ledger_schedulepoint": pgettext_lazy("audit", "进度曲线"),
    "ledger_collection": pgettext_lazy("audit", "月份收集"),
    "ledger_holiday": pgettext_lazy("audit", "节假日"),
    "ledger_duerule": pgettext_lazy("audit", "截止日规定"),
    "audit_access": pgettext_lazy("audit", "查阅记录"),
    "assessment_appeal": pgettext_lazy("audit", "申诉书"),
    "ledger_submission": pgettext_lazy("audit", "办理回执"),
    "assessment_scheme": pgettext_lazy("audit", "考核办法"),
    "assessment_record": pgettext_lazy("audit", "登记册记录"),
    "assessment_run": pgettext_lazy("audit", "计分批次"),
    "documents_papertemplate": pgettext_lazy("audit", "模板"),
    "documents_paper": pgettext_lazy("audit", "文表"),
    "documents_evidencefile": pgettext_lazy("audit", "佐证材料"),
    "documents_evidencelink": pgettext_lazy("audit", "佐证材料的引用"),
    "documents_evidenceneed": pgettext_lazy("audit", "所需材料"),
    "supervision_task": pgettext_lazy("audit", "工作措施"),
    "supervision_tasknote": pgettext_lazy("audit", "办理情况"),
    "supervision_breakdown": pgettext_lazy("audit", "分解"),
    "supervision_adjustment": pgettext_lazy("audit", "目标调整"),
    "accounts_person": pgettext_lazy("audit", "人员"),
    "accounts_post": pgettext_lazy("audit", "岗位"),
    "accounts_holding": pgettext_lazy("audit", "任职"),
    "accounts_grant": pgettext_lazy("audit", "职权"),
}


_WHOLE = frozenset({"erase", "change_password", "set_verified_value"})
"""Acts whose words already name their object."""

_LINKS = {
    "unit": pgettext_lazy("audit", "单位"),
    "indicator": pgettext_lazy("audit", "指标"),
    "line": pgettext_lazy("audit", "条线"),
    "parent": pgettext_lazy("audit", "上级"),
    "whole": pgettext_lazy("audit", "总项"),
    "numerator": pgettext_lazy("audit", "分子"),
    "denominator": pgettext_lazy("audit", "分母"),
    "successor": pgettext_lazy("audit", "承接单位"),
    "observation": pgettext_lazy("audit", "填报数"),
    "entered_by": pgettext_lazy("audit", "填报人"),
    "by": pgettext_lazy("audit", "经手"),
    "person": pgettext_lazy("audit", "人员"),
    "post": pgettext_lazy("audit", "岗位"),
    "target": pgettext_lazy("audit", "目标"),
    "parent_target": pgettext_lazy("audit", "上级目标"),
    "lead_unit": pgettext_lazy("audit", "牵头单位"),
    "scheme": pgettext_lazy("audit", "考核办法"),
    "issuer": pgettext_lazy("audit", "下达单位"),
    "template": pgettext_lazy("audit", "模板"),
    "run": pgettext_lazy("audit", "计分批次"),
    "file": pgettext_lazy("audit", "文件"),
    "filed_by": pgettext_lazy("audit", "归档人"),
    "task": pgettext_lazy("audit", "工作措施"),
    "granted": pgettext_lazy("audit", "同意的目标"),
    "asked_by": pgettext_lazy("audit", "申请人"),
    "answered_by": pgettext_lazy("audit", "答复人"),
}


def label_in_words(field: models.Field[Any, Any]) -> str:
    """A field's name for a reader; links between rows mostly have no words of their own in the models."""
    unnamed = field.verbose_name == field.name.replace("_", " ")
    return str(_LINKS.get(field.name, field.verbose_name) if unnamed else field.verbose_name)


def action_in_words(action: str) -> str:
    """An action as a reader says it: ``observation.submit`` is 上报填报数; an unknown one stays as it is."""
    thing, _dot, act = action.rpartition(".")
    if act not in _ACTS:
        return action
    if thing not in _OBJECTS or act in _WHOLE:
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
    if value in (None, "", "{}"):
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
