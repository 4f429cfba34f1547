"""Settings of Sphinx for the pages. docs/build.py calls it, over notebooks that have been run already."""

project = "The Reader's Turn"
author = "The Reader's Turn authors"
language = "en"

extensions = ["myst_nb"]

nb_execution_mode = "off"
# The default loads scripts for widgets, which we have none of, from somewhere else.
nb_ipywidgets_js: dict[str, dict[str, str]] = {}
nb_code_prompt_show = "Show the code"
nb_code_prompt_hide = "Hide the code"

html_theme = "sphinx_book_theme"
html_title = "The Reader's Turn"
# One search field is enough: without this a second one stands in a bar of its own.
html_theme_options = {"show_toc_level": 2, "navbar_persistent": []}
html_static_path = ["static"]
html_css_files = ["pages.css"]
# The texts that the pages quote belong to others.
html_show_copyright = False
