"""Kaohe (考核): target management, supervision and assessment for Chinese local government."""

__version__ = "0.1.0"
