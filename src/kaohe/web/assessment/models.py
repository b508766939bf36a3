"""Schemes, the registers that they read beside the figures, and the stored results of scoring.

A run is kept whole: its boards and workings are what the pages show, and nothing is worked out again. They
are derived rows; the run itself is protected and holds the hash of its facts, of its schemes and of them.
"""

from __future__ import annotations

from django.db import models

from kaohe.web.audit.models import Recorded
from kaohe.web.ledger.choices import Worded


class Scheme(Recorded):
    """A scheme (考核办法) as the text that the library reads; ``file_name`` is how others import it."""

    code = models.CharField("代码", max_length=40, unique=True)
    name = models.CharField("名称", max_length=120)
    year = models.IntegerField("年度")
    issuer = models.ForeignKey("ledger.ReportingUnit", models.PROTECT, related_name="schemes")
    file_name = models.CharField("文件名", max_length=60, unique=True)
    text = models.TextField("办法")
    edition = models.CharField("版本", max_length=20, blank=True, default="1")
    published = models.BooleanField("已发布", default=False)
    order = models.IntegerField("次序", default=0)

    class Meta:
        db_table = "assessment_scheme"
        ordering = ("order", "id")

    def __str__(self) -> str:
        return self.name


class Record(Recorded):
    """A row of a register (台账): an event, a mark, a project, or a figure of a period of its own.

    ``table`` is the table's name in a ledger folder; ``values`` a JSON object of texts by column.
    """

    table = models.CharField("台账", max_length=40)
    unit = models.ForeignKey("ledger.ReportingUnit", models.PROTECT, related_name="records")
    order = models.IntegerField("次序", default=0)
    values = models.TextField("内容")
    entered_by = models.ForeignKey("accounts.Person", models.PROTECT, null=True, related_name="+")
    entered_at = models.DateTimeField("登记时间")

    class Meta:
        db_table = "assessment_record"
        ordering = ("table", "order", "id")
        indexes = (models.Index(fields=("unit", "table"), name="assessment_record_unit"),)


class Run(Recorded):
    """One scoring of a scheme for a month: the hashes of what went in and of what came out.

    ``registers`` is a JSON object, from a register to its records in the order in which they were read: a
    working that speaks of 第 2 行 leads by it to the record. ``seen`` is the last event that was there.
    """

    scheme = models.ForeignKey(Scheme, models.PROTECT, related_name="runs")
    month = models.CharField("月份", max_length=7)
    facts_hash = models.CharField("数据指纹", max_length=64)
    scheme_hash = models.CharField("办法指纹", max_length=64)
    result_hash = models.CharField("结果指纹", max_length=64)
    registers = models.TextField("台账行", default="{}")
    seen = models.BigIntegerField("读到的记录号", default=0)
    engine = models.CharField("引擎", max_length=40)
    created = models.DateTimeField("计分时间")
    by = models.ForeignKey("accounts.Person", models.PROTECT, null=True, related_name="+")

    class Meta:
        db_table = "assessment_run"
        ordering = ("-created", "-id")
        indexes = (models.Index(fields=("scheme", "month"), name="assessment_run_latest"),)

    @property
    def number(self) -> str:
        """How people name it: 2005-09-0003."""
        return f"{self.month}-{self.pk:04}"


class AppealState(Worded):
    """How an appeal was answered."""

    OPEN = "open", "待答复"
    UPHELD = "upheld", "成立"
    REJECTED = "rejected", "不成立"


class Appeal(Recorded):
    """That a unit does not agree with its points for a criterion in a run (申诉), why, and the answer.

    The stored run stays as it is; what an upheld appeal changes is corrected at its source and scored anew.
    """

    run = models.ForeignKey(Run, models.PROTECT, related_name="appeals")
    unit = models.ForeignKey("ledger.ReportingUnit", models.PROTECT, related_name="appeals")
    criterion = models.CharField("评分项", max_length=80)
    name = models.CharField("评分项名称", max_length=200)
    line = models.ForeignKey("ledger.Line", models.PROTECT, null=True, related_name="+")
    grounds = models.TextField("申诉理由")
    by = models.ForeignKey("accounts.Person", models.PROTECT, related_name="+", verbose_name="申诉人")
    at = models.DateTimeField("申诉时间")
    state = models.CharField("结果", max_length=12, choices=AppealState.choices(), default=AppealState.OPEN)
    answer = models.TextField("答复", blank=True, default="")
    answered_by = models.ForeignKey(
        "accounts.Person", models.PROTECT, null=True, related_name="+", verbose_name="答复人"
    )
    answered_at = models.DateTimeField("答复时间", null=True)

    class Meta:
        db_table = "assessment_appeal"
        ordering = ("at", "id")
        indexes = (models.Index(fields=("unit", "criterion"), name="assessment_appeal_of"),)


class RunUnit(models.Model):
    """Where a unit stands in a run; ``board`` is the library's board as ``stored`` writes it.

    Totals are exact fractions as text, places whole numbers; blank while nothing is known.
    """

    run = models.ForeignKey(Run, models.CASCADE, related_name="units")
    unit = models.ForeignKey("ledger.ReportingUnit", models.PROTECT, related_name="+")
    board = models.TextField()
    total_low = models.TextField(blank=True, default="")
    total_high = models.TextField(blank=True, default="")
    rank_low = models.IntegerField(null=True)
    rank_high = models.IntegerField(null=True)

    class Meta:
        db_table = "assessment_rununit"
        constraints = (models.UniqueConstraint(fields=("run", "unit"), name="assessment_rununit_once"),)


class RunWorking(models.Model):
    """How a unit came to the points of a criterion in a run."""

    run = models.ForeignKey(Run, models.CASCADE, related_name="workings")
    unit = models.ForeignKey("ledger.ReportingUnit", models.PROTECT, related_name="+")
    criterion = models.CharField(max_length=80)
    working = models.TextField()

    class Meta:
        db_table = "assessment_runworking"
        constraints = (
            models.UniqueConstraint(fields=("run", "unit", "criterion"), name="assessment_working_once"),
        )
