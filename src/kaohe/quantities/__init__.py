"""Numbers, measures, periods, intervals and rounding: how figures are written and compared."""

from kaohe.quantities.finding import Quantity, find_quantities
from kaohe.quantities.intervals import Interval, printed_interval
from kaohe.quantities.measures import Measure, MeasureError, comparable, convert, measure_of
from kaohe.quantities.numbers import NumberError, read_number, show_number
from kaohe.quantities.period_finding import FoundPeriod, find_periods
from kaohe.quantities.periods import Period
from kaohe.quantities.rounding import round_exact

__all__ = [
    "FoundPeriod",
    "Interval",
    "Measure",
    "MeasureError",
    "NumberError",
    "Period",
    "Quantity",
    "comparable",
    "convert",
    "find_periods",
    "find_quantities",
    "measure_of",
    "printed_interval",
    "read_number",
    "round_exact",
    "show_number",
]
