"""What a comment is about and how it sounds: any number of themes, and a sentiment from 1 (very positive) to 5.

>>> reader = ThemeReader.load(home / "models" / "themes", Encoder.load(home))
>>> reader.read("Waited an hour, but the staff were lovely")
Reading(themes=('Staff manner & personal attributes', 'Timeliness of care'), sentiment=2)

The themes are those of the comments it learned from (data/themes); who wants others maps them.
"""

from language.themes.examples import Comment, CommentsWrong, read_comments
from language.themes.model import Reading, ThemeModelMismatch, ThemeReader

__all__ = ["Comment", "CommentsWrong", "Reading", "ThemeModelMismatch", "ThemeReader", "read_comments"]
