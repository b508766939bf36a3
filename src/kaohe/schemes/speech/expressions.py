"""Expressions in Chinese words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from kaohe.schemes.expressions import (
    Binary,
    ByTable,
    Call,
    Expression,
    ListOf,
    Literal,
    Name,
    PeriodLiteral,
    Unary,
)
from kaohe.schemes.texts import number_words
from kaohe.schemes.vocabulary import FACT_FUNCTIONS

_OPERATORS = {
    "+": "+", "-": "−", "*": "×", "/": "÷", "^": "的幂次", "=": "等于", "!=": "不等于", "<": "低于",
    "<=": "不高于", ">": "高于", ">=": "不低于", "and": "且", "or": "或", "in": "属于",
}  # fmt: skip
_BINDING = {
    "or": 1, "and": 2, "in": 4, "=": 4, "!=": 4, "<": 4, "<=": 4, ">": 4, ">=": 4,
    "+": 5, "-": 5, "*": 6, "/": 6, "^": 8,
}  # fmt: skip
_WORD_SIGNS = frozenset({"and", "or", "in", "=", "!=", "<", "<=", ">", ">="})

# {0} is the first argument; options follow in brackets.
_FUNCTIONS = {
    "target": "{0}目标", "due": "{0}时序目标", "pace": "{0}时序进度", "attainment": "{0}完成率",
    "progress": "{0}时序完成率", "gap": "{0}与目标的差距", "baseline": "{0}上年同期数",
    "yoy": "{0}同比增幅", "change": "{0}比上年同期增减", "reference": "{0}的“{1}”",
    "lookup": "表{0}中“{1}”一行的{2}", "days_late": "{0}逾期天数", "months_late": "{0}逾期月数",
    "streak": "{0}的连续期数", "of": "{0}所指单位的{1}", "missing": "{0}未报",
    "nullif": "{0}(为{1}时作无数)", "every": "{0}每满一个{1}的次数", "abs": "{0}的绝对值",
    "floor": "{0}取整(舍)", "ceil": "{0}取整(进)", "ln": "{0}的自然对数", "log10": "{0}的常用对数",
    "exp": "e的{0}次方", "sqrt": "{0}的平方根", "contains": "{0}含有{1}", "starts_with": "{0}以{1}开头",
    "score": "“{0}”得分", "published": "“{0}”公布分", "place": "“{0}”名次", "grade": "“{0}”等次",
    "fired": "“{0}”是否触发", "events": "{0}数", "nth": "按{0}的先后次序", "if": "{0}则为{1},否则为{2}",
}  # fmt: skip
_STATISTICS = {
    "min": "最低", "max": "最高", "mean": "平均", "median": "中位", "sum": "合计", "sd": "标准差",
    "count": "个数", "quantile": "分位数",
}  # fmt: skip
_WHO = {"peer": "同类", "all": "全体", "others": "同类其他单位"}
_RECORDS = {
    "count": "{0}条数",
    "total": "{0}中{1}合计",
    "highest": "{0}中{1}最高值",
    "lowest": "{0}中{1}最低值",
}
_OPTIONS = {
    "issuer": "{0}下达",
    "document": "文件{0}",
    "version": "{0}版",
    "where": "只计{0}的",
    "within": "按{0}分组",
}
_PERIODS = {
    "last_year": "上年", "previous": "上期", "year_start": "年初", "this_month": "本月",
    "this_quarter": "本季", "year": "全年",
}  # fmt: skip
_NODE_FUNCTIONS = frozenset({"score", "published", "place", "grade", "fired"})


@dataclass(frozen=True)
class Speech:
    """How things are called: indicators and tables, nodes, the value so far (``x``), this line (``own``).

    Under a line of its own name an indicator need not be named again: 完成率, not 地方税收完成率.
    """

    names: Mapping[str, str] = field(default_factory=dict)
    nodes: Mapping[str, str] = field(default_factory=dict)
    x: str = "得分"
    own: str = ""

    def calling(self, x: str) -> Speech:
        """The same, the value so far called otherwise."""
        return replace(self, x=x)

    def name(self, text: str) -> str:
        """An indicator or a table by its Chinese name; ``output.target`` by that of ``output``."""
        if text in self.names:
            return self.names[text]
        base, dot, suffix = text.rpartition(".")
        roles = {"target": "目标", "last_year": "上年同期数", "due": "时序目标", "pace": "时序进度"}
        return self.name(base) + roles[suffix] if dot and suffix in roles else text

    def says(self, expression: Expression, above: int = 0) -> str:
        """The expression in words; in brackets where what stands around it would read otherwise.

        >>> from kaohe.schemes.parser import parse_text
        >>> Speech({"tax": "税收"}).says(parse_text("attainment(tax) >= 60% and yoy(tax) > 0"))
        '税收完成率不低于60%且税收同比增幅高于0'
        """
        match expression:
            case Literal():
                return literal_words(expression)
            case Name():
                return self._name(expression)
            case PeriodLiteral():
                return str(expression.period)
            case ListOf():
                return "、".join(self.says(item) for item in expression.items)
            case Unary("not"):
                return f"并非({self.says(expression.operand)})"
            case Unary():
                return f"−{self.says(expression.operand, 7)}"
            case Binary():
                return self._binary(expression, above)
            case ByTable():
                return self._by_table(expression)
            case Call():
                return self._call(expression)
        return "(未知)"

    def _name(self, name: Name) -> str:
        if name.scope is None and name.text == "x":
            return self.x
        if name.scope is None and name.text in ("value", "mark"):
            return "该列的数" if name.text == "value" else "评定分"
        return self.name(name.text)

    def _binary(self, binary: Binary, above: int) -> str:
        binding = _BINDING[binary.operator]
        left = self.says(binary.left, binding)
        if binary.operator == "^":
            return f"{left}的{self.says(binary.right, binding)}次方"
        right = self.says(binary.right, binding if binary.operator in ("and", "or") else binding + 1)
        sign = _OPERATORS[binary.operator]
        whole = f"{left}{sign}{right}" if binary.operator in _WORD_SIGNS else f"{left} {sign} {right}"
        return f"({whole})" if binding < above else whole

    def _by_table(self, table: ByTable) -> str:
        rows = [f"{label}为{self.says(value)}" for label, value in table.rows]
        rows += [f"其他为{self.says(table.otherwise)}"] if table.otherwise is not None else []
        return f"按{self.says(table.key)}取值({'、'.join(rows)})"

    def _call(self, call: Call) -> str:
        said = self._function(call) + self._options(call)
        return f"{call.scope}办法中{said}" if call.scope is not None else said

    def _function(self, call: Call) -> str:
        name = call.function
        if name in _NODE_FUNCTIONS:
            return _FUNCTIONS[name].format(self._node(call))
        arguments = [self.says(argument) for argument in call.arguments]
        who, _, what = name.partition("_")
        if who in _WHO and what in _STATISTICS:
            return self._statistic(who, what, arguments)
        if name in _RECORDS:
            return _RECORDS[name].format(*arguments)
        if name in FACT_FUNCTIONS and arguments[0] == self.own:
            return _FUNCTIONS[name].format("")
        if name in _FUNCTIONS:
            return _FUNCTIONS[name].format(*(self._bracketed(argument) for argument in call.arguments))
        return self._longer(call, arguments)

    def _longer(self, call: Call, arguments: list[str]) -> str:
        listed = "、".join(arguments)
        match call.function:
            case "at":
                return f"{_PERIODS.get(arguments[1], arguments[1])}的{arguments[0]}"
            case "case":
                pairs = zip(arguments[:-1:2], arguments[1::2], strict=False)
                return ",".join(f"{when}则为{then}" for when, then in pairs) + f",否则为{arguments[-1]}"
            case "first":
                return f"{arguments[0]}(无数则取{'、'.join(arguments[1:])})"
            case "min" | "max":
                return f"{listed}中{'较小' if call.function == 'min' else '较大'}者"
            case "round":
                decimals = arguments[1] if len(arguments) > 1 else "0"
                return f"{arguments[0]}(保留{decimals}位小数)"
        return f"{call.function}({listed})"

    def _bracketed(self, argument: Expression) -> str:
        """An argument that reads as one thing: a sum stands in brackets before 的."""
        said = self.says(argument)
        plain = isinstance(argument, Name | Literal | Call | ListOf)
        return said if plain or " " not in said else f"({said})"

    def _node(self, call: Call) -> str:
        text = self.says(call.arguments[0])
        first = call.arguments[0]
        written = first.text if isinstance(first, Name) else text
        return written if call.scope is not None else self.nodes.get(written, written)

    def _statistic(self, who: str, what: str, arguments: list[str]) -> str:
        if what == "count":
            return f"{_WHO[who]}单位数" + (f"(有{arguments[0]}的)" if arguments else "")
        if what == "quantile":
            return f"{_WHO[who]}{arguments[0]}的{arguments[1]}分位数"
        if what in ("sum", "sd"):
            return f"{_WHO[who]}{arguments[0]}{_STATISTICS[what]}"
        return f"{_WHO[who]}{_STATISTICS[what]}{arguments[0]}"

    def unit(self, size: Expression) -> str:
        """A step of 1% in a rate is 1个百分点."""
        said = self.says(size)
        return said.removesuffix("%") + "个百分点" if said.endswith("%") else said

    def _options(self, call: Call) -> str:
        said = [_OPTIONS[key].format(self.says(value)) for key, value in call.options]
        return f"({'、'.join(said)})" if said else ""


def literal_words(literal: Literal) -> str:
    """A number as it was written; a text as it is."""
    if literal.written:
        return literal.written
    if isinstance(literal.value, bool):
        return "是" if literal.value else "否"
    return f"“{literal.value}”" if isinstance(literal.value, str) else number_words(literal.value)
