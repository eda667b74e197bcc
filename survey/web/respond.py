"""Pages."""

from flask import Blueprint

respond = Blueprint("respond", __name__)
