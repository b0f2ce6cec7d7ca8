"""How long what is held of a resident is kept: erased when they ask or when its time is over, and given to them."""
