"""Asking a person what is still open: the dialogue behind `infoshare ask`, without a terminal.

Give each line that a person types to `Dialogue.reply`, until its `prompt` is None.
"""

from infoshare.asking.dialogue import Alike, Dialogue, Turn
from infoshare.asking.prompts import Choice, Prompt

__all__ = ["Alike", "Choice", "Dialogue", "Prompt", "Turn"]
