"""The tables of the ledger (design §3, §4) as rows that people work on.

Figures are canonical decimal texts in the indicator's measure, the same on every database. A figure of a
month is, for what accumulates, the year's figure to the end of that month (累计).
"""

from __future__ import annotations

from django.db import models

from kaohe.quantities.periods import Period
from kaohe.web.audit.models import Recorded
from kaohe.web.ledger.choices import MessageKind, Presence, State

ACCUMULATING = frozenset({"flow", "count"})
"""Kinds of indicator whose monthly cell holds the year to date."""


class ReportingUnit(Recorded):
    """A county, town, office or village. ``path`` is the codes from the root, each followed by ``/``."""

    code = models.CharField("代码", max_length=40, unique=True)
    name = models.CharField("名称", max_length=60)
    short_name = models.CharField("简称", max_length=30, blank=True, default="")
    kind = models.CharField("类别", max_length=20)
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children", verbose_name="上级"
    )
    path = models.CharField("层级", max_length=200, unique=True)
    peer_group = models.CharField("考核类别", max_length=40, blank=True, default="")
    order = models.IntegerField("次序", default=0)
    valid_from = models.DateField("启用", null=True, blank=True)
    valid_to = models.DateField("停用", null=True, blank=True)
    successor = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="predecessors", verbose_name="继任单位"
    )

    class Meta:
        db_table = "ledger_reportingunit"
        ordering = ("order", "id")

    def __str__(self) -> str:
        return self.short_name or self.name


class Line(Recorded):
    """A line (条线)."""

    code = models.CharField("代码", max_length=40, unique=True)
    name = models.CharField("名称", max_length=40)
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, verbose_name="上级")
    order = models.IntegerField("次序", default=0)

    class Meta:
        db_table = "ledger_line"
        ordering = ("order", "id")

    def __str__(self) -> str:
        return self.name


class Indicator(Recorded):
    """What is measured. ``whole`` is the indicator of which it is a part (其中)."""

    code = models.CharField("代码", max_length=60, unique=True)
    line = models.ForeignKey(Line, models.PROTECT, related_name="indicators", verbose_name="条线")
    name = models.CharField("名称", max_length=80)
    measure = models.CharField("计量单位", max_length=20, blank=True, default="")
    kind = models.CharField("种类", max_length=20, default="flow")
    additive = models.BooleanField("可加", default=True)
    direction = models.CharField("方向", max_length=10, default="up")
    frequency = models.CharField("频率", max_length=20, default="monthly")
    decimals = models.IntegerField("小数位", null=True, blank=True)
    numerator = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="分子"
    )
    denominator = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="分母"
    )
    whole = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="parts", verbose_name="所属总数"
    )
    definition = models.TextField("口径", blank=True, default="")
    definition_version = models.CharField("口径版本", max_length=20, blank=True, default="")
    official = models.BooleanField("统计数", default=False)
    order = models.IntegerField("次序", default=0)

    class Meta:
        db_table = "ledger_indicator"
        ordering = ("order", "id")

    def __str__(self) -> str:
        return self.name

    @property
    def accumulates(self) -> bool:
        """Whether a month's cell holds the year to date."""
        return self.kind in ACCUMULATING

    @property
    def computed(self) -> bool:
        """Whether its figure is worked out from its numerator and denominator, and never typed."""
        return self.numerator_id is not None

    def period(self, month: str) -> Period:
        """The period that the cell of a month (2005-09) speaks about."""
        ends = Period.parse(month)
        return ends.year_to_date() if self.accumulates else ends


class ReportingDuty(Recorded):
    """That a unit reports an indicator, by its frequency, between two months."""

    unit = models.ForeignKey(ReportingUnit, models.PROTECT, related_name="duties", verbose_name="单位")
    indicator = models.ForeignKey(Indicator, models.PROTECT, related_name="duties", verbose_name="指标")
    first_month = models.CharField("自", max_length=7)
    last_month = models.CharField("至", max_length=7, blank=True, default="")

    class Meta:
        db_table = "ledger_reportingduty"
        constraints = (models.UniqueConstraint(fields=("unit", "indicator"), name="ledger_duty_once"),)


class Observation(Recorded):
    """The figure that a unit reports for an indicator and a month: the cell of the entry grid.

    ``version`` grows by one at each change: a writer names the version that they saw. ``answers`` is a JSON
    object, from the id of a warning to the reason given.
    """

    unit = models.ForeignKey(ReportingUnit, models.PROTECT, related_name="observations", verbose_name="单位")
    indicator = models.ForeignKey(Indicator, models.PROTECT, related_name="observations", verbose_name="指标")
    month = models.CharField("月份", max_length=7)
    value = models.CharField("数值", max_length=40, blank=True, default="")
    presence = models.CharField("有无", max_length=20, choices=Presence.choices(), default=Presence.PRESENT)
    estimated = models.BooleanField("预计", default=False)
    source = models.CharField("来源", max_length=300, blank=True, default="")
    note = models.CharField("说明", max_length=300, blank=True, default="")
    answers = models.TextField("对提示的说明", blank=True, default="{}")
    state = models.CharField("状态", max_length=20, choices=State.choices(), default=State.DRAFT)
    version = models.IntegerField("版本", default=1)
    entered_by = models.ForeignKey(
        "accounts.Person", models.PROTECT, null=True, related_name="+", verbose_name="填报人"
    )
    entered_at = models.DateTimeField("填报时间")

    class Meta:
        db_table = "ledger_observation"
        constraints = (
            models.UniqueConstraint(fields=("unit", "indicator", "month"), name="ledger_observation_once"),
        )
        indexes = (
            models.Index(fields=("unit", "month"), name="ledger_observation_grid"),
            models.Index(fields=("month", "state"), name="ledger_observation_waiting"),
            # Returned figures wait whatever month they are of, and are few.
            models.Index(
                fields=("state",), condition=models.Q(state="returned"), name="ledger_observation_returned"
            ),
        )


class VerifiedValue(Recorded):
    """The verifier's own figure, with its reason, beside the reported one, which is never touched."""

    observation = models.OneToOneField(
        Observation, models.PROTECT, related_name="verified", verbose_name="上报数"
    )
    value = models.CharField("认定数", max_length=40, blank=True, default="")
    presence = models.CharField("有无", max_length=20, choices=Presence.choices(), default=Presence.PRESENT)
    reason = models.CharField("理由", max_length=300, blank=True, default="")
    source = models.CharField("依据", max_length=300, blank=True, default="")
    by = models.ForeignKey("accounts.Person", models.PROTECT, related_name="+", verbose_name="经手人")
    at = models.DateTimeField("认定时间")

    class Meta:
        db_table = "ledger_verifiedvalue"


class Message(Recorded):
    """What was said about a figure, by whom and when."""

    observation = models.ForeignKey(
        Observation, models.PROTECT, related_name="messages", verbose_name="上报数"
    )
    kind = models.CharField("种类", max_length=12, choices=MessageKind.choices())
    text = models.TextField("内容")
    by = models.ForeignKey("accounts.Person", models.PROTECT, related_name="+", verbose_name="经手人")
    at = models.DateTimeField("时间")

    class Meta:
        db_table = "ledger_message"
        ordering = ("at", "id")


class Target(Recorded):
    """What a unit is asked to reach in a year, by whom, in which document and version."""

    code = models.CharField("代码", max_length=80, unique=True)
    unit = models.ForeignKey(ReportingUnit, models.PROTECT, related_name="targets", verbose_name="单位")
    indicator = models.ForeignKey(Indicator, models.PROTECT, related_name="targets", verbose_name="指标")
    period = models.CharField("期间", max_length=15)
    form = models.CharField("形式", max_length=12, default="absolute")
    value = models.CharField("目标值", max_length=40, blank=True, default="")
    approx = models.BooleanField("推算", default=False)
    issuer = models.CharField("下达单位", max_length=60, blank=True, default="")
    document = models.CharField("文件", max_length=200, blank=True, default="")
    edition = models.CharField("版本", max_length=20, blank=True, default="1")
    valid_from = models.DateField("生效", null=True, blank=True)
    parent_target = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="shares", verbose_name="上级目标"
    )
    schedule = models.CharField("进度曲线", max_length=200, blank=True, default="linear")
    lead_unit = models.ForeignKey(
        ReportingUnit, models.PROTECT, null=True, blank=True, related_name="led", verbose_name="责任单位"
    )
    accountable_leader = models.CharField("责任领导", max_length=60, blank=True, default="")
    owner = models.CharField("责任人", max_length=60, blank=True, default="")
    note = models.CharField("说明", max_length=300, blank=True, default="")
    version = models.IntegerField(default=1)

    class Meta:
        db_table = "ledger_target"


class SchedulePoint(Recorded):
    """A point of a curve: by the end of a calendar month, this share of the target."""

    schedule = models.CharField("曲线", max_length=40)
    month = models.IntegerField("月")
    share = models.CharField("应完成", max_length=20)

    class Meta:
        db_table = "ledger_schedulepoint"
        constraints = (
            models.UniqueConstraint(fields=("schedule", "month"), name="ledger_schedule_month_once"),
        )


class Collection(Recorded):
    """The collection of a month over a unit and all below it: when it is due, and whether it is closed."""

    unit = models.ForeignKey(ReportingUnit, models.PROTECT, related_name="collections", verbose_name="单位")
    month = models.CharField("月份", max_length=7)
    due = models.DateTimeField("截止")
    closed = models.BooleanField("已结账", default=False)

    class Meta:
        db_table = "ledger_collection"
        constraints = (models.UniqueConstraint(fields=("unit", "month"), name="ledger_collection_once"),)


class DueRule(Recorded):
    """By which working day of the month after the figures of a unit and of all below it are due.

    A rule of a ``line`` goes before that of the unit as a whole.
    """

    unit = models.ForeignKey(ReportingUnit, models.PROTECT, related_name="due_rules", verbose_name="单位")
    line = models.ForeignKey(
        Line, models.PROTECT, null=True, blank=True, related_name="due_rules", verbose_name="条线"
    )
    days = models.IntegerField("第几个工作日")

    class Meta:
        db_table = "ledger_duerule"
        constraints = (
            models.UniqueConstraint(fields=("unit", "line"), name="ledger_duerule_once"),
            models.UniqueConstraint(
                fields=("unit",), condition=models.Q(line__isnull=True), name="ledger_duerule_whole_once"
            ),
        )


class Holiday(Recorded):
    """A day that is not what the week says: a holiday, or a working Saturday."""

    day = models.DateField("日期", unique=True)
    working = models.BooleanField("上班", default=False)
    name = models.CharField("名称", max_length=30, blank=True, default="")

    class Meta:
        db_table = "ledger_holiday"


class Submission(Recorded):
    """One pressing of a button that was acknowledged: the same key again gets the same answer."""

    person = models.ForeignKey("accounts.Person", models.PROTECT, related_name="+", verbose_name="经手人")
    key = models.CharField(max_length=40)
    what = models.CharField(max_length=40)
    at = models.DateTimeField()
    answer = models.TextField()

    class Meta:
        db_table = "ledger_submission"
        constraints = (models.UniqueConstraint(fields=("person", "key"), name="ledger_submission_once"),)


class ImportedSheet(Recorded):
    """An office workbook that somebody handed in: the file by its hash, the answers given, what came of it.

    ``answers`` is a JSON list of answers to the reader's questions, as ``kaohe.reading.sheets`` takes them;
    ``kind`` is figures, or tasks for a list of rectification.
    """

    kind = models.CharField("种类", max_length=10, default="figures")
    name = models.CharField("文件名", max_length=200)
    sha256 = models.CharField("摘要", max_length=64)
    size = models.IntegerField("大小")
    year = models.IntegerField("年份", null=True, blank=True)
    answers = models.TextField("答复", blank=True, default="[]")
    by = models.ForeignKey("accounts.Person", models.PROTECT, related_name="+", verbose_name="经手人")
    at = models.DateTimeField("时间")
    done = models.BooleanField("已导入", default=False)
    outcome = models.CharField("结果", max_length=300, blank=True, default="")

    class Meta:
        db_table = "ledger_importedsheet"
        ordering = ("-id",)


class SheetMemory(Recorded):
    """What was answered for sheets with the same headers, or for a name, so that it is not asked again."""

    kind = models.CharField("种类", max_length=20)
    sheet = models.CharField("表头", max_length=80, blank=True, default="")
    topic = models.CharField("问的是", max_length=120)
    answer = models.CharField("答复", max_length=120)

    class Meta:
        db_table = "ledger_sheetmemory"
        constraints = (models.UniqueConstraint(fields=("kind", "sheet", "topic"), name="ledger_memory_once"),)
