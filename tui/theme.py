"""The colours: dark, with contrast enough for long days; any other theme can be chosen instead."""

from textual.theme import Theme

THEME = Theme(
    name="todoke",
    primary="#5aa9e6",
    secondary="#8fb8de",
    accent="#f2c14e",
    foreground="#e6edf3",
    background="#10151c",
    surface="#161d27",
    panel="#1e2834",
    success="#6fcf97",
    warning="#f2c14e",
    error="#ff7b72",
    dark=True,
)
