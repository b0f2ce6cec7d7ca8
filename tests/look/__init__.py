"""A picture of every page and state, taken by `make look` into look/, to be looked at before a page is called done."""
