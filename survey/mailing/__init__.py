"""Handing a message to a mail server or to GOV.UK Notify. No database, no Flask, no texts."""
