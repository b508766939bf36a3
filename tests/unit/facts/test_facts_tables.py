"""Tables as offices produce them, read or refused with every fault named."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest
import xlsxwriter

from kaohe.facts import files
from kaohe.facts.dataset import Presence, TableSpec, open_dataset
from kaohe.facts.errors import DataError
from kaohe.facts.files import register_parquet_reader
from kaohe.quantities.periods import Period

SEPTEMBER = Period.parse("2005-09")


def put(folder: Path, name: str, text: str, encoding: str = "utf-8") -> Path:
    file = folder / name
    file.write_bytes(text.encode(encoding))
    return file


def faults(path: Path, specs: dict[str, TableSpec] | None = None) -> str:
    with pytest.raises(DataError) as error:
        open_dataset(path, specs)
    return "\n".join(error.value.messages)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_encodings(tmp_path: Path, encoding: str) -> None:
    data = open_dataset(put(tmp_path, "units.csv", "序号,镇,产值\n1,甲镇,6.25\n2,乙镇,１２３４\n", encoding))
    assert data.units == ("甲镇", "乙镇")
    assert [cell.number for cell in data.figure("产值")] == [Fraction("6.25"), 1234]


def test_wide_companions_feed_target_due_and_baseline(tmp_path: Path) -> None:
    text = "unit,output,output.target,output.last_year,tax,tax.target,tax.due\n甲,6,8,5,3,9,7\n"
    data = open_dataset(put(tmp_path, "w.csv", text), period=SEPTEMBER)
    assert data.names() == {"unit", "output", "tax"}
    assert data.target("output")[0].number == 8
    assert data.pace("output")[0].number == Fraction(3, 4)
    assert data.due("output")[0].number == 6
    assert data.due("tax")[0].number == 7
    assert data.baseline("output")[0].number == 5
    assert data.figure("output", Period.parse("2004-01/2004-09"))[0].number == 5


def test_words_and_blanks_in_a_number_column(tmp_path: Path) -> None:
    data = open_dataset(put(tmp_path, "w.csv", 'unit,a\n甲,0\n乙,\n丙,不适用\n丁,未到期\n戊,1\n己,"1,234"\n'))
    assert [cell.presence for cell in data.figure("a")[:4]] == [
        Presence.PRESENT,
        Presence.MISSING,
        Presence.NOT_APPLICABLE,
        Presence.NOT_DUE,
    ]
    assert data.figure("a")[5].number == 1234


def test_codes_and_keys_stay_text(tmp_path: Path) -> None:
    data = open_dataset(put(tmp_path, "w.csv", "fips,code,n\n6001,01,1\n6002,20,2\n"))
    assert data.units == ("6001", "6002")
    assert data.attribute("fips")[0].value == "6001"
    assert data.column_kind("code") == "text" and data.column_kind("n") == "number"


def test_a_mistake_in_a_number_column_names_row_and_column(tmp_path: Path) -> None:
    data = open_dataset(put(tmp_path, "units.csv", "unit,output\n甲,1\n乙,约12\n丙,3\n丁,abc\n戊,5\n"))
    with pytest.raises(DataError) as error:
        data.figure("output")
    assert error.value.messages == (
        "units.csv 第 3 行 output 列:应为数字,实为“约12”",
        "units.csv 第 5 行 output 列:应为数字,实为“abc”",
    )


def test_faults_of_a_file_come_together(tmp_path: Path) -> None:
    assert "应有 2 格,实有 3 格" in faults(put(tmp_path, "a.csv", "unit,n\n甲,1,2\n乙,1\n丙\n"))
    assert "第 4 行:应有 2 格,实有 1 格" in faults(tmp_path / "a.csv")
    assert "“甲”重复" in faults(put(tmp_path, "b.csv", "unit,n\n甲,1\n乙,1\n甲,2\n"))
    assert "缺少 unit" in faults(put(tmp_path, "c.csv", "unit,n\n甲,1\n,1\n"))
    assert "表头里 n 出现了两次" in faults(put(tmp_path, "d.csv", "unit,n,n\n甲,1,2\n"))


def test_files_that_are_not_tables(tmp_path: Path) -> None:
    put(tmp_path, "units.csv", "unit,n\n甲,1\n")
    assert "是否 units.csv?" in faults(tmp_path / "unit.csv")
    assert "文件是空的" in faults(put(tmp_path, "e.csv", ""))
    assert "表是空的" in faults(put(tmp_path, "f.csv", ",,\n\n"))
    (tmp_path / "g.csv").write_bytes(b"\x89PNG\r\n\0\0\0\0")
    assert "二进制" in faults(tmp_path / "g.csv")
    (tmp_path / "h.csv").write_bytes(b"unit,n\n\xff\xff\xff,1\n")
    assert "编码无法识别" in faults(tmp_path / "h.csv")
    assert "不是工作簿" in faults(put(tmp_path, "i.xlsx", "unit,n\n甲,1\n"))
    (tmp_path / "j.xlsx").write_bytes(b"PK\x03\x04broken")
    assert "打不开工作簿" in faults(tmp_path / "j.xlsx")


def test_unknown_names_come_with_the_nearest(tmp_path: Path) -> None:
    data = open_dataset(put(tmp_path, "w.csv", "unit,local_tax\n甲,1\n"))
    with pytest.raises(DataError, match="找不到指标 local_taxx,是否 local_tax"):
        data.figure("local_taxx")
    with pytest.raises(DataError, match=r"应有列 local_tax\.target"):
        data.target("local_tax")
    with pytest.raises(DataError, match="找不到单位 已"):
        data.restrict(["已"])


def test_record_tables(tmp_path: Path) -> None:
    put(tmp_path, "units.csv", "unit,n\n甲,1\n乙,2\n")
    put(
        tmp_path,
        "fires.csv",
        "序号,village,date,area\n1,乙,2005-03-01,3\n2,甲,2005-11-02,4\n3,乙,2004-12-31,5\n",
    )
    specs = {
        "units": TableSpec("units.csv", key="unit"),
        "fires": TableSpec("fires.csv", unit="village", date="date", reported="n > 1"),
    }
    data = open_dataset(tmp_path, specs, SEPTEMBER)
    fires = data.table("fires")
    assert fires.unit_of == (1,) and fires.row_numbers == (2,) and fires.reported == "n > 1"
    assert len(data.table("fires", Period.parse("2004")).rows) == 1
    assert data.restrict(["甲"]).table("fires").unit_of == (None,)


def test_unknown_units_and_bad_dates_in_records(tmp_path: Path) -> None:
    put(tmp_path, "units.csv", "unit,n\n甲镇,1\n")
    put(tmp_path, "fires.csv", "unit,date\n甲,昨天\n甲镇,昨天\n丙丙,2005-01-01\n")
    specs = {"units": TableSpec("units.csv"), "fires": TableSpec("fires.csv", unit="unit")}
    text = faults(tmp_path, specs)
    assert "fires.csv 第 2 行:找不到单位“甲”,是否 甲镇?" in text and "第 4 行" in text


def test_units_are_whoever_occurs_and_keys_may_have_parts(tmp_path: Path) -> None:
    put(tmp_path, "r.csv", "round,driver,pos\n1,乙,1\n1,甲,2\n2,乙,3\n")
    data = open_dataset(tmp_path / "r.csv", {"r": TableSpec("r.csv", unit="driver", units=True)})
    assert data.units == ("乙", "甲") and data.names() == {"driver"}
    several = open_dataset(tmp_path, {"r": TableSpec("r.csv", unit="driver|round", units=True)})
    assert several.units == ("乙|1", "甲|1", "乙|2")
    assert [cell.value for cell in several.attribute("round")] == ["1", "1", "2"]


def test_units_across_and_reference_tables(tmp_path: Path) -> None:
    put(tmp_path, "in.csv", "indicator,weight,甲,乙\noutput,33,9.6,7\nname,1,东,西\n")
    put(tmp_path, "meta.csv", "code,Weight\nLPI,0.5\n")
    specs = {
        "in": TableSpec("in.csv", layout="units_across", units=("甲", "乙")),
        "meta": TableSpec("meta.csv", key="code"),
    }
    data = open_dataset(tmp_path, specs)
    assert [cell.number for cell in data.figure("output")] == [Fraction("9.6"), 7]
    assert data.attribute("name")[1].value == "西"
    assert data.reference(None, "output", "weight").number == 33
    assert data.reference("meta", "LPI", "Weight").number == Fraction(1, 2)
    assert data.table("meta").unit_of == (None,)
    with pytest.raises(DataError, match=r"meta\.csv:找不到 LPX,是否 LPI"):
        data.reference("meta", "LPX", "Weight")


def test_header_rows_transposition_and_sheets(tmp_path: Path) -> None:
    book = xlsxwriter.Workbook(str(tmp_path / "book.xlsx"))
    book.add_worksheet("说明").write(0, 0, "请看第二页")
    page = book.add_worksheet("数据")
    page.write_row(0, 0, ["某县考核数据"])
    page.write_row(1, 0, ["镇", "output", ""])
    page.write_row(2, 0, ["", "", "target"])
    page.write_row(3, 0, ["甲", 0.1 + 0.2, 9])
    across = book.add_worksheet("横排")
    across.write_row(0, 0, ["镇", "甲", "乙"])
    across.write_row(1, 0, ["output", 1, 2])
    book.close()
    data = open_dataset(tmp_path, {"units": TableSpec("book.xlsx#数据", header=(2, 3))})
    assert data.units == ("甲",) and data.figure("output")[0].number == Fraction("0.3")
    assert data.target("output")[0].number == 9
    turned = open_dataset(tmp_path, {"units": TableSpec("book.xlsx", sheet="横排", transpose=True)})
    assert turned.units == ("甲", "乙") and turned.figure("output")[1].number == 2
    assert open_dataset(tmp_path / "book.xlsx#横排").units == ("output",)
    assert "没有工作表“数剧”" in faults(tmp_path, {"units": TableSpec("book.xlsx#数剧")})


def test_parquet_needs_a_reader(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "_parquet_readers", [])
    (tmp_path / "u.parquet").write_bytes(b"PAR1....PAR1")
    assert "需要数据库引擎" in faults(tmp_path / "u.parquet")
    register_parquet_reader(lambda path: [["unit", "n"], ["甲", 0.1]])
    assert open_dataset(tmp_path / "u.parquet").figure("n")[0].number == Fraction("0.1")


def test_a_folder_with_one_table_or_none(tmp_path: Path) -> None:
    assert "没有表格" in faults(tmp_path)
    put(tmp_path, "a.csv", "unit,n\n甲,1\n")
    assert open_dataset(tmp_path).units == ("甲",)
    put(tmp_path, "b.csv", "unit,n\n甲,1\n")
    assert "a.csv、b.csv" in faults(tmp_path)
