"""What the rooms share of surveys: the draw, the row that everybody has, the links and the questions."""
