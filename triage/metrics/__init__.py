"""The service owner's room: facts counted from the record, figures made from facts, pages and reports."""
