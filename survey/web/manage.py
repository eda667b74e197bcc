"""Pages."""

from flask import Blueprint

manage = Blueprint("manage", __name__)
