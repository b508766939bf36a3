"""Templates and papers of an office, and the evidence that it files."""

from __future__ import annotations

from django.db import models

from kaohe.web.audit.models import Recorded


class PaperTemplate(Recorded):
    """A template that an office handed in, as the file of a hash; the same name again is a new edition."""

    unit = models.ForeignKey("ledger.ReportingUnit", models.PROTECT, related_name="paper_templates")
    name = models.CharField("名称", max_length=80)
    form = models.CharField("格式", max_length=5)
    edition = models.IntegerField("版次", default=1)
    sha256 = models.CharField("摘要", max_length=64)
    size = models.IntegerField("大小")
    note = models.CharField("说明", max_length=200, blank=True, default="")
    retired = models.BooleanField("停用", default=False)
    by = models.ForeignKey("accounts.Person", models.PROTECT, related_name="+")
    at = models.DateTimeField("时间")

    class Meta:
        db_table = "documents_papertemplate"
        ordering = ("name", "-edition")
        constraints = (
            models.UniqueConstraint(
                fields=("unit", "name", "form", "edition"), name="documents_edition_once"
            ),
        )

    def __str__(self) -> str:
        return f"{self.name}.{self.form}"


class Paper(Recorded):
    """A paper that was made from the ledger: kept as it was given out, by its hash.

    ``lines`` are the lines whose figures it could hold, all if blank; ``ledger_size`` and ``ledger_head`` say
    which state of the audit ledger it rests on.
    """

    unit = models.ForeignKey("ledger.ReportingUnit", models.PROTECT, related_name="papers")
    month = models.CharField("月份", max_length=7)
    template = models.ForeignKey(PaperTemplate, models.PROTECT, null=True, related_name="papers")
    name = models.CharField("文件名", max_length=160)
    sha256 = models.CharField("摘要", max_length=64)
    size = models.IntegerField("大小")
    lines = models.CharField("条线", max_length=300, blank=True, default="")
    run = models.ForeignKey("assessment.Run", models.PROTECT, null=True, related_name="papers")
    ledger_size = models.BigIntegerField("台账条数", default=0)
    ledger_head = models.CharField("台账摘要", max_length=80, blank=True, default="")
    by = models.ForeignKey("accounts.Person", models.PROTECT, related_name="+")
    at = models.DateTimeField("时间")

    class Meta:
        db_table = "documents_paper"
        ordering = ("-id",)

    def __str__(self) -> str:
        return self.name


class EvidenceFile(Recorded):
    """A file that a unit filed as evidence: filed once, by its hash, and referred to as often as needed."""

    unit = models.ForeignKey("ledger.ReportingUnit", models.PROTECT, related_name="evidence_files")
    sha256 = models.CharField("摘要", max_length=64)
    size = models.IntegerField("大小")
    name = models.CharField("文件名", max_length=160)
    note = models.CharField("说明", max_length=200, blank=True, default="")
    filed_by = models.ForeignKey("accounts.Person", models.PROTECT, related_name="+")
    at = models.DateTimeField("归档时间")

    class Meta:
        db_table = "documents_evidencefile"
        constraints = (models.UniqueConstraint(fields=("unit", "sha256"), name="documents_filed_once"),)

    def __str__(self) -> str:
        return self.name


class EvidenceLink(Recorded):
    """That a file is evidence for a criterion or an indicator of its unit, and which need it answers.

    ``line`` is the line under which it can be seen; without one, only by who sees the whole unit.
    """

    file = models.ForeignKey(EvidenceFile, models.PROTECT, related_name="links")
    unit = models.ForeignKey("ledger.ReportingUnit", models.PROTECT, related_name="evidence_links")
    line = models.ForeignKey("ledger.Line", models.PROTECT, null=True, related_name="+")
    indicator = models.ForeignKey("ledger.Indicator", models.PROTECT, null=True, related_name="evidence")
    criterion = models.CharField("评分项", max_length=80, blank=True, default="")
    need = models.CharField("所需材料", max_length=120, blank=True, default="")
    year = models.IntegerField("年度")
    month = models.CharField("月份", max_length=7, blank=True, default="")
    order = models.IntegerField("次序", default=0)
    by = models.ForeignKey("accounts.Person", models.PROTECT, related_name="+")
    at = models.DateTimeField("时间")

    class Meta:
        db_table = "documents_evidencelink"
        ordering = ("order", "id")
        indexes = (models.Index(fields=("unit", "year"), name="documents_evidence_year"),)


class EvidenceNeed(Recorded):
    """A material that is asked for besides those of the scheme, for a unit and all below it."""

    unit = models.ForeignKey("ledger.ReportingUnit", models.PROTECT, related_name="evidence_needs")
    year = models.IntegerField("年度")
    indicator = models.ForeignKey("ledger.Indicator", models.PROTECT, null=True, related_name="+")
    criterion = models.CharField("评分项", max_length=80, blank=True, default="")
    text = models.CharField("所需材料", max_length=120)
    by = models.ForeignKey("accounts.Person", models.PROTECT, related_name="+")
    at = models.DateTimeField("时间")

    class Meta:
        db_table = "documents_evidenceneed"
        ordering = ("id",)

    def __str__(self) -> str:
        return self.text
