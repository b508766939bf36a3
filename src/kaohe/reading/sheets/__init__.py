"""Figures of office workbooks."""
