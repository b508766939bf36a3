"""What stands around a table: the time, the reporting unit, the measure, and what the notes say of marks."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from kaohe.reading.sheets.labels import is_unit_name, measures_in
from kaohe.reading.sheets.timing import Moment, When, take_times
from kaohe.reading.sheets.words import any_of, has_word, is_word, word_at_end

_MEASURE = re.compile(
    r"(?<![报制编汇综填表上计])(?:计量|金额|数量)?单位[:：/]\s*((?:[^\s:：()（）;；。]|(?<=/)[^\s])+?)(?=[)）;；。]|[,，](?![^,，]{0,3}[元%户个])|$|填报|报送|制表|日期)"
)
_IN_WORDS = re.compile(
    r"以[“\"]?([^,，。;；“”\"]{1,6}?)[”\"]?为(?:计量|金额)?单位|单位(?:均|都|应)?[为是][“\"]?([^,，。;；“”\"]{1,6})"
)
_UNIT_LINE = re.compile(rf"{any_of('unit_line')}\s*(?:\([^()]*\))?[:：]\s*(?P<unit>[^:：\s,，;；()]*)")
_FOOTER_PARTS = re.compile(rf"{any_of('footer')}.*$")
_DAY = re.compile(r"((?:19|20)\d{2})[年.\-/](\d{1,2})[月.\-/](\d{1,2})日?")
_BEFORE_UNIT = re.compile(
    r"^(?:附件?\d*[:：.]?|附表\d*[:：.]?|表\d+[:：.]?|[一二三四五六七八九十]+[、.]|关于)*"
)
_UNIT_PART = re.compile(rf"[一-龥]{{1,9}}?{any_of('unit_end')}(?![镇乡村县区市]|街道|社区)")
_SURE_END = re.compile(r"(?:[县镇乡局]|街道|社区|委员会|办公室|管委会|开发区|办事处)$")
_KIND_OF_PLACE = re.compile(r"(?:乡镇|镇街|城乡|城镇|农村|市场|小区)$")
_PLANNED = re.compile("目标|任务|计划|安排|指标分解")
_DONE = re.compile("完成|进度|进展|执行|落实|情况|统计|月报|快报|通报|报表|计划生育")
_NO_NAME = re.compile("与|指标|情况|目标|任务|统计|完成|主要|项目|年度")
_NO_END = re.compile(r"[场域庄村土划政民城间部托级容上下内外长道亲情市]|社区|矫正")
_AFTER_UNIT = re.compile(
    r"\d|全|年|各|所|辖|主|重|经|目|工|农|固|财|规|招|项|一般|社|民|基|统|月|季|上半|下半|今|本|截|前|城乡|城镇|居民|党|安|环|教|卫生|投|税"
    r"|服|商|消|外|粮|信|村级|第|三|十|乡村|考|任|情|数|报|人|机|生|脱|就|医|养|文|旅|林|水|土|道|[(（]|$"
)
_OPEN, _CLOSE = r"[“\"‘'「《(（]?", r"[”\"’'」》)）]?"
_MARK = (
    rf"{_OPEN}(?:[—–\-]{{1,3}}|[/\\]|无|×|\*|…+|\.{{3,6}}|0|零"
    rf"|空白[处格]?|空格|空项|空着的?|未填[处的]?|留空[处的]?|空){_CLOSE}"
)
_MEANT = re.compile(
    rf"(?P<marks>{_MARK}(?:\s*[、,，和或及与]?\s*{_MARK})*)\s*(?:符号|号|者|的|栏|处|单元格|格)?\s*(?:均|都|一律|即|则)?"
    r"(?:表示|代表|是指|指|意为|即为|即|为|系|:|：|=|(?=不适用|未报|未统计|暂缺|缺报))\s*"
    r"(?P<meaning>(?:[^;；。，,“\"‘]|[，,](?!\s*[“\"‘「《]?(?:[—–\-/×*….]|无|空|0|零|未填|留空)))+)"
)
_ONE_MARK = re.compile(r"[—–\-]{1,3}|[/\\]|无|×|\*|…+|\.{3,6}|0|零|空白|空格|空项|空着|未填|留空|空")
_BLANK = frozenset(["空白", "空格", "空项", "空着", "未填", "留空", "空"])
_PARENTHESES = re.compile(r"括号|\(\s*\)|（\s*）")
_NEGATIVE = re.compile(r"负|亏损|下降|减少|亏")
_PRESENCES = tuple(
    (re.compile(any_of(f"means_{presence}")), presence) for presence in ("not_applicable", "missing", "zero")
)
_GROWTH_NOTE = re.compile(
    r"(?:增长|同比|增减|增幅)[^。;；]{0,8}?(?:均为|为|是|按|指)(?P<what>百分比|百分数|百分率|比例|%|绝对额|绝对数|绝对值|增减额|金额|差额|数额|百分点)"
)
_AS_OF = re.compile(
    r"[(（]?(?:[注说明备]+[:：])?(?:以上|本表)?(?:数据|统计)?(?:时间)?[:：]?截[至止]到?(?:19|20)\d{2}年\d{1,2}月(?:\d{1,2}日|底|末)?[)）。]?"
)
_YEARS = re.compile(r"((?:19|20)\d{2})年?(?:[-—–至和与、]|—{2})((?:19|20)\d{2}年)")
_ONLY_TIME = re.compile(r"[(]?(?:(?:19|20)\d{2}年)?[\d\-—–至一二三四季度月份年前上半末底]+[)]?")
_CUMULATIVE_NOTE = re.compile(
    r"(?:数据|数字|数|指标|表中|本表)[^。;；]{0,10}(?:均为|为|是)[^。;；]{0,12}累计"
)
_LEADING = re.compile(
    r"^(?:附件?\d*[:：.]?|附表\d*[:：.]?|表\d+[:：.]?|[(（]?[一二三四五六七八九十]+[)）]?[、.:：])+|^各?(?:全县|全市|全区|全镇|全乡|各乡镇|各镇街?|各村|各县区?|分乡镇|各单位|各部门|各街道|乡镇|镇街|分村|分镇|各区县|各县市区|各社区|各村居|村级|各镇办|各镇乡|县级部门|县直部门|县级|县区|各?部门|乡镇\(街道\))+(?:街道|社区)?"
)


@dataclass(frozen=True, slots=True)
class Context:
    """What is known around a table. ``marks`` gives what the notes say of a mark ('' is the blank);
    ``borrowed`` is true where only a header names the month: it holds for 本月 and 同期, not for the rest."""

    moment: Moment = field(default_factory=Moment)
    titles: tuple[str, ...] = ()
    unit: str = ""
    measures: tuple[str, ...] = ()
    indicator: str = ""
    targets: bool = False
    planned: bool = False
    register: bool = False
    marks: tuple[tuple[str, str], ...] = ()
    negative: bool = False
    growth: str = ""
    cumulative: bool = False
    reported: int | None = None
    months: tuple[tuple[str, int], ...] = ()
    years: tuple[tuple[str, int], ...] = ()
    borrowed: bool = False
    others: tuple[str, ...] = ()

    def meaning(self, mark: str) -> str:
        """What the sheet's notes say a mark means, or nothing."""
        plain = _same_mark(mark)
        return next((meaning for each, meaning in self.marks if each == plain), "")


def context_of(
    tab: str, headings: Sequence[str], around: Sequence[str], outer: Context | None = None
) -> Context:
    """The context of a table from its sheet's name, the texts above it, and all texts around it."""
    titles = [text for text in headings if _is_title(text)]
    below = [text for text in around if _AS_OF.fullmatch(text)]
    moment, months, years = _moment(tab, titles, [*headings, *below])
    known = Context(
        moment, tuple(titles),
        unit=_unit(titles, [*headings, *around], tab),
        measures=_measures([*headings, *around]),
        indicator=_indicator(titles),
        targets=_are_targets(titles),
        planned=any(_PLANNED.search(t) and not _DONE.search(t) for t in titles),
        register=any(has_word(text, "register_title") for text in (*titles, tab)),
        marks=tuple(_marks([*headings, *around])),
        negative=any(_PARENTHESES.search(t) and _NEGATIVE.search(t) for t in (*headings, *around)),
        growth=_growth(around),
        cumulative=any(_CUMULATIVE_NOTE.search(text) for text in (*around, *headings)),
        reported=_reported([*headings, *around]),
        months=months, years=years, others=tuple(_other_units(titles, [*headings, *around], tab)),
    )  # fmt: skip
    return known if outer is None else _within(known, outer)


def _within(known: Context, outer: Context) -> Context:
    """A table's own heading counts; what it leaves open the sheet says."""
    moment = known.moment
    if not moment.last:
        moment = replace(outer.moment, year=moment.year or outer.moment.year)
    elif moment.year is None:
        moment = replace(moment, year=outer.moment.year)
    return replace(
        known,
        moment=moment,
        unit=known.unit or outer.unit,
        measures=known.measures or outer.measures,
        indicator=known.indicator or outer.indicator,
        planned=known.planned or (outer.planned and not known.titles),
        targets=known.targets or (outer.targets and not known.titles),
        register=known.register or (outer.register and not known.titles),
        marks=(*known.marks, *outer.marks),
        negative=known.negative or outer.negative,
        growth=known.growth or outer.growth,
        cumulative=known.cumulative or outer.cumulative,
        reported=known.reported or outer.reported,
        months=tuple(dict.fromkeys((*known.months, *outer.months))),
        years=tuple(dict.fromkeys((*known.years, *outer.years))),
    )


def _is_title(text: str) -> bool:
    if _UNIT_LINE.match(text) or re.match(r"(?:计量|金额)?单位[:：]", text):
        return False
    return not re.match(rf"{any_of('footer', 'note_line')}[:：(]", text) and not _DAY.fullmatch(
        text.strip("()")
    )


def _moment(
    tab: str, titles: Sequence[str], headings: Sequence[str]
) -> tuple[Moment, tuple[tuple[str, int], ...], tuple[tuple[str, int], ...]]:
    """The time of the sheet, and every place that names a month or a year of it."""
    months: list[tuple[str, int]] = []
    years: list[tuple[str, int]] = []
    moment = Moment()
    periods = [
        re.sub(r"^(?:统计|报告|数据|填报)?(?:期间|时间|月份|所属期)[:：]", "", text) for text in headings
    ]
    named = [text for text in periods if text not in titles]
    for source, text in (
        *((f"标题“{t}”", t) for t in titles),
        *((f"“{t}”", t) for t in named),
        (f"工作表名“{tab}”", tab),
    ):
        if source.startswith("“") and not (_ONLY_TIME.fullmatch(text) or _AS_OF.fullmatch(text)):
            continue
        for when in _whens(_YEARS.sub(r"\2", text), tab):
            moment = moment if source.startswith("工作表") and moment.last else _filled(moment, when)
            if when.last and when.sort != "year":
                months.append((source, when.last))
            if when.year is not None:
                years.append((source, when.year))
    return moment, tuple(months), tuple(years)


def _whens(text: str, tab: str) -> list[When]:
    _, found = take_times(text)
    if text == tab and not found:
        number = re.fullmatch(r"(?:(\d{1,2})[-—–])?(0?[1-9]|1[0-2])", text)
        if number:
            last = int(number[2])
            return [When("range" if number[1] else "month", int(number[1] or last), last)]
    return [when for when in found if when.offset == 0 and when.sort not in ("year_end", "year_start")]


def _filled(moment: Moment, when: When) -> Moment:
    year = moment.year if moment.year is not None else when.year
    if moment.sort == "month" and when.sort == "range" and when.first == 1 and when.last == moment.last:
        return Moment(year, when.first, when.last, "range")
    if moment.last or when.sort in ("year", "cumulative", "this_month", "this_period", "last_month"):
        whole = when.sort == "year" and not moment.last and not moment.sort
        return Moment(year, moment.first, moment.last, "year" if whole else moment.sort)
    if not when.last:
        return replace(moment, year=year)
    return Moment(year, when.first, when.last, when.sort)


def _unit(titles: Sequence[str], texts: Iterable[str], tab: str) -> str:
    lines = [match["unit"] for text in texts if (match := _UNIT_LINE.search(text)) and match["unit"]]
    lines = [re.sub(rf"{any_of('footer')}.*$", "", line) for line in lines if not measures_in(line)]
    named = [found for title in titles if (found := unit_of_title(title))]
    if named:
        return named[0]
    if lines:
        return lines[0]
    scope = [whole[0] for title in titles if (whole := re.match(r"全[县市区镇乡村省州]", title))]
    if scope:
        return scope[0]
    bare = re.sub(r"\d+|[.、\-_ ]", "", tab)
    return bare if is_unit_name(bare) and not is_word(bare, "unit_header") else ""


def _other_units(titles: Sequence[str], texts: Iterable[str], tab: str) -> Iterable[str]:
    """Towns and villages that the sheet's name or 填报单位 names where the title names another unit."""
    named = next((found for title in titles if (found := unit_of_title(title))), "")
    lines = [match["unit"] for text in texts if (match := _UNIT_LINE.search(text)) and match["unit"]]
    for name in (*lines, re.sub(r"\d+|[.、\-_ ]", "", tab)):
        bare = re.sub(rf"{any_of('footer')}.*$|人民政府$|村民委员会$|居民委员会$", "", name)
        town = re.search(r"(?:镇|乡|街道|村|社区)$", bare) and _is_own_name(bare)
        if named and town and bare not in named and named not in bare:
            yield bare


def unit_of_title(title: str) -> str:
    """The reporting unit that a title begins with, or nothing.

    >>> unit_of_title("青山县城关镇2025年1—9月主要指标"), unit_of_title("各镇2025年统计表")
    ('城关镇', '')
    """
    bare = _BEFORE_UNIT.sub("", take_times(title)[0] if re.match(r"\d", title) else title)
    best = ""
    for parts in _unit_parts(bare):
        rest = bare[len("".join(parts)) :]
        sure = _SURE_END.search(parts[-1]) and not _NO_END.match(rest)
        if (sure or _AFTER_UNIT.match(rest)) and _is_own_name(parts[-1]):
            best = (
                parts[-1]
                if len(parts) > 1 and re.search(r"[镇乡村]$|街道$|社区$", parts[-1])
                else "".join(parts)
            )
    return best


def _unit_parts(title: str) -> Iterable[list[str]]:
    """青山县; 青山县, 城关镇; and so on as long as names of units follow each other."""
    parts: list[str] = []
    at = 0
    while match := _UNIT_PART.match(title, at):
        if re.match(r"[各全分及和]|乡镇|[镇乡村县区]", match[0]) or re.search(r".[分各按全]", match[0]):
            return
        parts = [*parts, match[0]]
        at = match.end()
        yield parts


def _is_own_name(name: str) -> bool:
    if _NO_NAME.search(name):
        return False
    if re.match(r"[各全分本所及和]|乡镇|镇街|街镇|县区|区县|[村镇县区乡市]$", name) or is_word(
        name, "unit_header"
    ):
        return False
    return len(name) > 1 and is_unit_name(name) and not _KIND_OF_PLACE.search(name)


def _measures(texts: Iterable[str]) -> tuple[str, ...]:
    found: list[str] = []
    for text in texts:
        for match in _MEASURE.finditer(text):
            found += measures_in(match[1])
        for match in _IN_WORDS.finditer(text):
            found += measures_in(match[1] or match[2])
        for match in re.finditer(r"[(（]([^()（）]{1,6})[)）]$", text):
            if not found:
                found += measures_in(match[1])
    return tuple(dict.fromkeys(found))


def _indicator(titles: Sequence[str]) -> str:
    for title in titles:
        name = indicator_of_title(title)
        if name:
            return name
    return ""


def indicator_of_title(title: str) -> str:
    """The indicator that a title is about, or nothing where it names none.

    >>> indicator_of_title("2025年1-9月各镇规上工业总产值完成情况表(单位:万元)")
    '规上工业总产值'
    >>> indicator_of_title("青山县2025年9月主要经济指标完成情况表")
    ''
    """
    bare = re.sub(r"[(（][^()（）]*[)）]", "", title)
    name, _ = take_times(bare)
    unit = unit_of_title(bare) or unit_of_title(name)
    if unit and unit in name:
        name = name[name.index(unit) + len(unit) :]
    for _ in range(3):
        name = _LEADING.sub("", name).strip(" 、-—:：")
        tail = word_at_end(name, "title_tail")
        name = name[: len(name) - len(tail)] if tail and tail != name else ("" if tail else name)
        name = re.sub(
            r"(?:分解|月度|年度|季度|年|[按分逐各][月季年旬周]度?|累计|[分按]?(?:乡镇|镇街?|村|单位|地区)|[分按](?:行业|产业|类别|品种|科目|税种|险种))+$",
            "",
            name,
        )
    name = re.sub(r"(?:目标任务|任务目标|任务|目标|计划)?(?:完成|分解|下达|进展|进度|执行)?$", "", name)
    return "" if len(name) < 2 or is_word(name, "generic_title") or is_unit_name(name) else name


def _are_targets(titles: Sequence[str]) -> bool:
    return any(has_word(t, "target_title") and not re.search(r"完成|进度|进展|执行", t) for t in titles)


def _marks(texts: Iterable[str]) -> Iterable[tuple[str, str]]:
    for text in texts:
        if not re.search(r"注|说明|表示|代表|为|指|:", text):
            continue
        for match in _MEANT.finditer(text):
            meaning = _presence(match["meaning"])
            if not meaning:
                continue
            for mark in _ONE_MARK.findall(match["marks"]):
                yield _same_mark(mark), meaning


def _presence(meaning: str) -> str:
    return next((presence for pattern, presence in _PRESENCES if pattern.search(meaning)), "")


def _same_mark(mark: str) -> str:
    if mark in _BLANK or not mark:
        return ""
    if re.fullmatch(r"[—–―─━‐﹣−\-一ー]+", mark):
        return "-"
    return {"\\": "/", "零": "0"}.get(mark, "…" if set(mark) <= {"…", "."} else mark)


def _growth(texts: Iterable[str]) -> str:
    for text in texts:
        match = _GROWTH_NOTE.search(text) if re.match(r"注|说明|备注", text) else None
        if match:
            word = match["what"]
            return (
                "百分点" if word == "百分点" else "%" if "百分" in word or word in ("比例", "%") else "数额"
            )
    return ""


def _reported(texts: Iterable[str]) -> int | None:
    """The year and month of the day on which the sheet was filled in, as months since year 0."""
    for text in texts:
        match = _DAY.search(text)
        if match and 1 <= int(match[2]) <= 12:
            return int(match[1]) * 12 + int(match[2]) - 1
    return None
