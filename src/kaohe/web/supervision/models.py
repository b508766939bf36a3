"""Tasks against gaps with what was reported of them, breakdowns of targets, and requests to adjust one."""

from __future__ import annotations

from django.db import models

from kaohe.web.audit.models import Recorded
from kaohe.web.ledger.choices import Worded
from kaohe.web.ledger.models import Indicator, ReportingUnit, Target


class TaskState(Worded):
    """Where a task stands; whether it is overdue follows from its due day."""

    OPEN = "open", "办理中"
    DONE = "done", "已办结"
    CANCELLED = "cancelled", "已取消"


class NoteKind(Worded):
    """What was said about a task."""

    PROGRESS = "progress", "进展"
    SETTLED = "settled", "办结"
    REOPENED = "reopened", "重办"
    CANCELLED = "cancelled", "取消"


class Decision(Worded):
    """How a request to adjust a target was answered."""

    PENDING = "pending", "待答复"
    GRANTED = "granted", "同意调整"
    REFUSED = "refused", "不予调整"


class Task(Recorded):
    """A task (措施) that a unit takes, as a rule to close a gap of an indicator.

    ``contribution`` is what it is expected to bring by the end of the year, canonical decimal text in
    ``measure``; ``approx`` when it was worked out.
    """

    code = models.CharField("编号", max_length=40, unique=True)
    unit = models.ForeignKey(ReportingUnit, models.PROTECT, related_name="tasks", verbose_name="单位")
    indicator = models.ForeignKey(
        Indicator, models.PROTECT, null=True, blank=True, related_name="tasks", verbose_name="指标"
    )
    cause = models.CharField("原因", max_length=300, blank=True, default="")
    owner = models.CharField("责任人", max_length=60, blank=True, default="")
    supporting = models.CharField("配合单位", max_length=200, blank=True, default="")
    start = models.DateField("开始", null=True, blank=True)
    due = models.DateField("期限", null=True, blank=True)
    deliverable = models.CharField("措施", max_length=300)
    contribution = models.CharField("预计补足", max_length=40, blank=True, default="")
    measure = models.CharField("计量单位", max_length=20, blank=True, default="")
    approx = models.BooleanField("推算", default=False)
    state = models.CharField("状态", max_length=12, choices=TaskState.choices(), default=TaskState.OPEN)
    note = models.CharField("说明", max_length=300, blank=True, default="")
    order = models.IntegerField("次序", default=0)
    version = models.IntegerField("版本", default=1)

    class Meta:
        db_table = "supervision_task"
        ordering = ("order", "id")
        indexes = (models.Index(fields=("unit", "state"), name="supervision_task_unit"),)

    def __str__(self) -> str:
        return self.deliverable

    @property
    def contribution_text(self) -> str:
        """The expected contribution as a table writes it: ≈312 万元."""
        if not self.contribution:
            return ""
        return f"{'≈' if self.approx else ''}{self.contribution} {self.measure}".strip()


class TaskNote(Recorded):
    """What was said about a task, by whom and when: progress, settled, taken up again."""

    task = models.ForeignKey(Task, models.PROTECT, related_name="notes", verbose_name="措施")
    kind = models.CharField("种类", max_length=12, choices=NoteKind.choices(), default=NoteKind.PROGRESS)
    text = models.TextField("内容")
    by = models.ForeignKey(
        "accounts.Person", models.PROTECT, null=True, related_name="+", verbose_name="经手人"
    )
    at = models.DateTimeField("时间")

    class Meta:
        db_table = "supervision_tasknote"
        ordering = ("at", "id")


class Breakdown(Recorded):
    """That a target was broken down to the units below it: what they were given together, and why more.

    ``assigned`` is the sum of the shares, blank for what does not add up; ``reserved`` that less than the
    target was handed on on purpose (留有机动); ``reason`` is required for more than assigned (加码).
    """

    target = models.ForeignKey(Target, models.PROTECT, related_name="breakdowns", verbose_name="目标")
    assigned = models.CharField("分解合计", max_length=40, blank=True, default="")
    reserved = models.BooleanField("留有机动", default=False)
    reason = models.CharField("理由", max_length=300, blank=True, default="")
    by = models.ForeignKey(
        "accounts.Person", models.PROTECT, null=True, related_name="+", verbose_name="经手人"
    )
    at = models.DateTimeField("时间")

    class Meta:
        db_table = "supervision_breakdown"
        ordering = ("at", "id")


class Adjustment(Recorded):
    """A request to adjust a target: grounds, evidence and the value asked for; then the answer.

    The target stays as it is; what was granted is a new version of it, ``granted``.
    """

    target = models.ForeignKey(Target, models.PROTECT, related_name="adjustments", verbose_name="目标")
    grounds = models.TextField("理由")
    evidence = models.TextField("依据", blank=True, default="")
    asked = models.CharField("申请值", max_length=40)
    asked_by = models.ForeignKey(
        "accounts.Person", models.PROTECT, null=True, related_name="+", verbose_name="申请人"
    )
    asked_at = models.DateTimeField("申请时间")
    decision = models.CharField("决定", max_length=12, choices=Decision.choices(), default=Decision.PENDING)
    answer = models.TextField("答复", blank=True, default="")
    granted = models.OneToOneField(
        Target, models.PROTECT, null=True, blank=True, related_name="adjusted_by", verbose_name="调整后的目标"
    )
    answered_by = models.ForeignKey(
        "accounts.Person", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="答复人"
    )
    answered_at = models.DateTimeField("答复时间", null=True, blank=True)

    class Meta:
        db_table = "supervision_adjustment"
        ordering = ("asked_at", "id")
