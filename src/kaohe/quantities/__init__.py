"""Numbers, measures, periods, intervals and rounding: how figures are written and compared."""
