"""Sending by SMTP (RFC 5321), step by step, because the step decides what a failure means.

Until the last line of the text has gone out, a broken line means that nothing was sent. After it,
a broken line leaves that open.
"""

from __future__ import annotations

import re
import smtplib
import ssl
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP, SMTPUTF8
from email.utils import format_datetime
from types import TracebackType
from typing import Self

from survey import clock
from survey.mailing.post import Letter, MaybeSent, NoServer, NotNow, Refused
from survey.settings import MailSettings, SmtpSecurity

STEP_SECONDS = 30
ANSWER_SECONDS = 120
"""Servers look a letter over before they answer; RFC 5321 asks for patience at that point."""

LONGEST_LINE = 900
"""Of what is sent: SMTP allows 998. At the usual 78 Python folds some subjects before their first
word, and writes every paragraph in a code."""

_BROKEN = (OSError, smtplib.SMTPException)
_LINE_END = re.compile(rb"(?m)^\.")


def make_message(letter: Letter, *, sender: str, is_8bit: bool = True) -> EmailMessage:
    """The letter as an e-mail: plain text first, the same in HTML beside it.

    A server that does not take eight bits gets the text in a code of seven.
    """
    policy = SMTP if letter.to.isascii() else SMTPUTF8
    message = EmailMessage(
        policy.clone(max_line_length=LONGEST_LINE, cte_type="8bit" if is_8bit else "7bit")
    )
    message["Subject"] = letter.subject
    message["From"] = Address(letter.sender_name, addr_spec=sender)
    message["To"] = letter.to
    if letter.reply_to:
        message["Reply-To"] = letter.reply_to
    message["Date"] = format_datetime(clock.now())
    message["Message-ID"] = f"<{letter.id}@{sender.rpartition('@')[2]}>"
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(letter.body + "\n")
    message.add_alternative(letter.html, subtype="html")
    return message


class SmtpPost:
    """A mail server. One connection for many letters; a broken one is made anew once."""

    def __init__(self, settings: MailSettings) -> None:
        self._settings = settings
        self._line: smtplib.SMTP | None = None
        self._is_8bit = False

    def __enter__(self) -> Self:
        """Connects, so that a server that is away is known before any letter is touched."""
        self._connect()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Says goodbye."""
        self._drop()

    def deliver(self, letter: Letter) -> str:
        """Hands one letter over; see the errors of `survey.mailing.post`."""
        try:
            message = make_message(letter, sender=self._settings.sender, is_8bit=self._is_8bit)
        except (ValueError, IndexError) as error:
            # An address that no header can hold, such as one with a line break.
            raise Refused("address cannot be written", address=True) from error
        line = self._begin(is_ascii=letter.to.isascii())
        self._receiver(line, letter.to)
        self._content(line, message.as_bytes())
        return ""

    def _connect(self) -> smtplib.SMTP:
        given = self._settings
        try:
            line = self._dial()
            if given.smtp_security is SmtpSecurity.STARTTLS:
                line.starttls(context=ssl.create_default_context())
            if given.smtp_user:
                line.login(given.smtp_user, given.smtp_password)
            line.ehlo_or_helo_if_needed()
        except _BROKEN as error:
            raise NoServer(_code("connection", error)) from error
        self._line, self._is_8bit = line, line.has_extn("8bitmime")
        return line

    def _dial(self) -> smtplib.SMTP:
        given = self._settings
        if given.smtp_security is SmtpSecurity.TLS:
            return smtplib.SMTP_SSL(
                given.smtp_host,
                given.smtp_port,
                timeout=STEP_SECONDS,
                context=ssl.create_default_context(),
            )
        return smtplib.SMTP(given.smtp_host, given.smtp_port, timeout=STEP_SECONDS)

    def _drop(self) -> None:
        if self._line is not None:
            line, self._line = self._line, None
            try:
                line.quit()
            except _BROKEN:
                line.close()

    def _begin(self, *, is_ascii: bool) -> smtplib.SMTP:
        """MAIL FROM, on a new line when the old one was closed or has carried enough letters."""
        try:
            if self._line is not None and self._sender(self._line, is_ascii) == 250:
                return self._line
        except _BROKEN:
            pass
        self._drop()
        line = self._connect()
        try:
            code = self._sender(line, is_ascii)
        except _BROKEN as error:
            raise NoServer(_code("sender", error)) from error
        if code != 250:
            # The sender is the same for every letter, so this one is not at fault.
            self._drop()
            raise NoServer(f"sender {code}")
        return line

    def _sender(self, line: smtplib.SMTP, is_ascii: bool) -> int:
        options = ["BODY=8BITMIME"] if line.has_extn("8bitmime") else []
        if not is_ascii:
            if not line.has_extn("smtputf8"):
                raise Refused("smtputf8 is missing", address=True)
            options.append("SMTPUTF8")
        return line.mail(self._settings.sender, options)[0]

    def _receiver(self, line: smtplib.SMTP, to: str) -> None:
        try:
            code = line.rcpt(to)[0]
        except _BROKEN as error:
            self._drop()
            raise NotNow(_code("address", error)) from error
        if code not in {250, 251}:
            self._reset(line)
            if code >= 500:
                raise Refused(f"address {code}", address=True)
            raise NotNow(f"address {code}")

    def _content(self, line: smtplib.SMTP, content: bytes) -> None:
        try:
            code = line.docmd("DATA")[0]
        except _BROKEN as error:
            self._drop()
            raise NotNow(_code("text", error)) from error
        if code == 354:
            code = self._answer(line, content)
        if code == 250:
            return
        self._reset(line)
        if code >= 500:
            raise Refused(f"text {code}", address=False)
        raise NotNow(f"text {code}")

    def _answer(self, line: smtplib.SMTP, content: bytes) -> int:
        stuffed = _LINE_END.sub(b"..", content)
        whole = stuffed if stuffed.endswith(b"\r\n") else stuffed + b"\r\n"
        try:
            line.send(whole + b".\r\n")
            if line.sock is not None:
                line.sock.settimeout(ANSWER_SECONDS)
            code = line.getreply()[0]
            if line.sock is not None:
                line.sock.settimeout(STEP_SECONDS)
        except _BROKEN as error:
            self._drop()
            raise MaybeSent(_code("answer", error)) from error
        return code

    def _reset(self, line: smtplib.SMTP) -> None:
        try:
            line.rset()
        except _BROKEN:
            self._drop()


def _code(step: str, error: BaseException) -> str:
    """Where it failed and how, in words that hold no address: a server's own may."""
    if isinstance(error, smtplib.SMTPResponseException):
        return f"{step} {error.smtp_code}"
    if isinstance(error, TimeoutError):
        return f"{step} timed out"
    return f"{step} {type(error).__name__}"
