"""Reports of mail servers in the shapes that real ones have; `{id}` is the Message-ID of the mail, `{to}` its address."""

STANDARD = """From: {sender}
To: {back}
Subject: {subject}
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: text/plain; charset=utf-8

{text}
--b
Content-Type: message/delivery-status

Reporting-MTA: dns; {server}
X-Queue-ID: 4F1
Arrival-Date: Mon, 23 Nov 2026 09:00:00 +0100

{fields}
--b
Content-Type: {kind}

Received: from majlis (localhost [127.0.0.1])
From: Majlis <majlis@example.org>
To: {to}
Subject: =?utf-8?b?2K/YudmI2Kk=?=
Message-ID: {id}

--b--
"""


def report(fields: str, *, kind: str = "text/rfc822-headers", server: str = "mx.example.org", **more: str) -> str:
    """A standard report (RFC 3464); what stays in braces is filled when its mail is known."""
    given = {
        "sender": "MAILER-DAEMON@example.org (Mail Delivery System)", "subject": "Undelivered Mail Returned to Sender",
        "text": "I'm sorry to have to inform you that your message could not be delivered.", "back": "majlis@example.org",
    } | more  # fmt: skip
    text = STANDARD
    for name, value in ({"fields": fields, "kind": kind, "server": server} | given).items():
        text = text.replace("{" + name + "}", value)
    return text


POSTFIX = report(
    "Final-Recipient: rfc822; {to}\nOriginal-Recipient: rfc822;{to}\nAction: failed\nStatus: 5.1.1\n"
    "Remote-MTA: dns; mx.town.example\nDiagnostic-Code: smtp; 550 5.1.1 <{to}>: Recipient address\n    rejected: User unknown"
)
POSTFIX_DELAYED = report(
    "Final-Recipient: rfc822; {to}\nAction: delayed\nStatus: 4.4.1\nDiagnostic-Code: X-Postfix; connect to mx[192.0.2.1]:25: timed out",
    subject="Delayed Mail (still being retried)",
)  # fmt: skip
EXPIRED = report(
    "Final-Recipient: rfc822; {to}\nAction: failed\nStatus: 4.4.7\nDiagnostic-Code: smtp; 451 4.4.7 message expired"
)
FULL = report(
    "Final-Recipient: rfc822;{to}\nAction: Failed\nStatus: 5.2.2 (mailbox full)\nDiagnostic-Code: smtp;552 5.2.2 over quota"
)
EXIM = report(
    "Action: failed\nFinal-Recipient: rfc822;{to}\nStatus: 5.0.0\nRemote-MTA: dns; mx.town.example\nDiagnostic-Code: smtp; 550 no such mailbox here",
    kind="message/rfc822", sender="Mail Delivery System <Mailer-Daemon@example.org>",
)  # fmt: skip
EXCHANGE = report(
    "Final-Recipient: rfc822;{to}\nAction: failed\nStatus: 5.7.1\nDiagnostic-Code: smtp;550 5.7.1 TRANSPORT.RULES.RejectMessage; the message was rejected by organization policy\nX-Display-Name: Head of department",
    kind="message/rfc822", sender="<postmaster@town.onmicrosoft.example>", subject="Undeliverable: Invitation",
)  # fmt: skip
GMAIL = report(
    "Final-Recipient: rfc822; {to}\nAction: failed\nStatus: 5.1.1\nRemote-MTA: dns; gmail-smtp-in.l.example. (192.0.2.7, the server for the domain example.)\nDiagnostic-Code: smtp; 550-5.1.1 The email account that you tried to reach does not exist. Please try\n 550-5.1.1 double-checking the recipient's email address\nLast-Attempt-Date: Mon, 23 Nov 2026 01:00:00 -0800 (PST)",
    kind="message/rfc822", sender="Mail Delivery Subsystem <mailer-daemon@googlemail.example>", subject="Delivery Status Notification (Failure)",
)  # fmt: skip
FORWARDED = report(
    "Final-Recipient: rfc822; private@elsewhere.example\nAction: failed\nStatus: 5.1.1\nDiagnostic-Code: smtp; 550 unknown"
)
INTERNATIONAL = report("Final-Recipient: utf-8; j\u00fcrgen@elsewhere.example\nAction: failed\nStatus: 5.6.7\nDiagnostic-Code: smtp; 550 5.6.7 needs SMTPUTF8").replace(
    "message/delivery-status", "message/global-delivery-status"
)  # fmt: skip
DELIVERED = report(
    "Final-Recipient: rfc822; {to}\nAction: delivered\nStatus: 2.0.0", subject="Successful Mail Delivery Report"
)
NO_ABOUT = report("").replace("Reporting-MTA: dns; mx.example.org\nX-Queue-ID: 4F1\nArrival-Date: Mon, 23 Nov 2026 09:00:00 +0100\n\n", "Final-Recipient: rfc822; {to}\nAction: failed\nStatus: 5.1.2\n")  # fmt: skip
QMAIL = """From: MAILER-DAEMON@mx.example.org
To: majlis@example.org
Subject: failure notice

Hi. This is the qmail-send program at mx.example.org.
I'm afraid I wasn't able to deliver your message to the following addresses.
This is a permanent error; I've given up. Sorry it didn't work out.

<{to}>:
192.0.2.9 does not like recipient.
Remote host said: 550 5.1.1 unknown user

--- Below this line is a copy of the message.

Return-Path: <majlis@example.org>
From: Majlis <majlis@example.org>
To: {to}
Message-ID: {id}

body
"""
OLD_EXIM = """From: Mail Delivery System <Mailer-Daemon@example.org>
To: majlis@example.org
Subject: Mail delivery failed: returning message to sender
Auto-Submitted: auto-replied
X-Failed-Recipients: {to}

This message was created automatically by mail delivery software.

A message that you sent could not be delivered to one or more of its
recipients. This is a permanent error. The following address(es) failed:

  {to}
    host mx.town.example [192.0.2.8]: 550 5.2.1 mailbox disabled

------ This is a copy of the message, including all the headers. ------

Message-ID: {id}
To: {to}
"""
ABSENCE = """From: {to}
To: majlis@example.org
Subject: Out of office: Invitation
Auto-Submitted: auto-replied
In-Reply-To: {id}

I am away until Monday. Delivery of my answers may be delayed. Write to head@town.example.
"""
ANSWER = """From: {to}
To: majlis@example.org
Subject: Re: Invitation
In-Reply-To: {id}

Thank you, we will come. The last mail could not be delivered to my colleague <x@town.example>.
"""

# name, report, is final, status, about the address itself
REPORTS = [
    ("postfix", POSTFIX, True, "5.1.1", True), ("postfix delayed", POSTFIX_DELAYED, False, "4.4.1", False),
    ("expired", EXPIRED, True, "4.4.7", False), ("full", FULL, True, "5.2.2", False), ("exim", EXIM, True, "5.0.0", False),
    ("exchange", EXCHANGE, True, "5.7.1", False), ("gmail", GMAIL, True, "5.1.1", True), ("forwarded", FORWARDED, True, "5.1.1", True),
    ("international", INTERNATIONAL, True, "5.6.7", False), ("no group about the mail", NO_ABOUT, True, "5.1.2", True),
    ("qmail", QMAIL, True, "5.1.1", True), ("old exim", OLD_EXIM, True, "5.2.1", True),
]  # fmt: skip
NOTHING = [
    ("delivered", DELIVERED),
    ("absence", ABSENCE),
    ("answer", ANSWER),
    ("empty", ""),
    ("binary", "\x00\x01\x02\n\n\x03"),
]
