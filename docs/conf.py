"""Sphinx configuration: Markdown pages in Diataxis order."""

project = "Concerted"
extensions = ["myst_parser"]
source_suffix = {".md": "markdown"}
exclude_patterns = ["_build"]
html_theme = "furo"
html_title = "Concerted"
html_static_path: list[str] = []
myst_heading_anchors = 3
