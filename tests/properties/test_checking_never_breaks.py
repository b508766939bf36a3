"""Any text is checked without a fault, and every mark lies in the text."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from kaohe.checking import check_text

WORDS = (
    "全镇财政总收入 其中 地税收入 国税收入 增长 下降 由 提高到 占全县的 完成任务的 分别 0 3.5 12 100 "
    "亿元 万元 % 个百分点 家 人 倍 一是 二是 一、 (三) ① ③ “ ” 《 ( ) 。 ; , 、 "
    "未实现零的突破 空白 比去年有所下降 我讲三个问题: 版权所有 1—9月 去年 预计 亏损 利税率 比 "
    "在干部会议上的讲话 今天召开全体会议 发布时间:2022-01-02 三次产业结构为 10:40:50 "
    "台帐 要要 负 - 约 余 左右"
)
PIECES = (*WORDS.split(), "\n")
TEXTS = st.lists(st.sampled_from(PIECES), max_size=40).map("".join) | st.text(max_size=60)


@settings(max_examples=250, deadline=None)
@given(TEXTS)
def test_any_text_is_checked(text: str) -> None:
    for finding in check_text(text).findings:
        assert finding.message_in("zh") and finding.message_in("en")
        for mark in finding.marks:
            assert text[mark.start : mark.end] == mark.text
