"""Documents out: tables, pages, workbooks."""
