"""What a WSGI server such as gunicorn is pointed at: `gunicorn wsgi:app`."""

from survey.app import create_app

app = create_app()
