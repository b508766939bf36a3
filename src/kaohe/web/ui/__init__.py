"""The frame of every page: templates, styles, scripts, languages."""
