"""Calendar objects of sessions, RFC 5545 and 5546: made, read back, and as links for those who take no file."""

from majlis.steps.invite.calendars.adding import google_link as google_link
from majlis.steps.invite.calendars.adding import outlook_link as outlook_link
from majlis.steps.invite.calendars.objects import ACCEPTED as ACCEPTED
from majlis.steps.invite.calendars.objects import DECLINED as DECLINED
from majlis.steps.invite.calendars.objects import NEEDS_ACTION as NEEDS_ACTION
from majlis.steps.invite.calendars.objects import TENTATIVE as TENTATIVE
from majlis.steps.invite.calendars.objects import agenda_lines as agenda_lines
from majlis.steps.invite.calendars.objects import fingerprint as fingerprint
from majlis.steps.invite.calendars.objects import personal as personal
from majlis.steps.invite.calendars.objects import published as published
from majlis.steps.invite.calendars.objects import request as request
from majlis.steps.invite.calendars.objects import sequence as sequence
from majlis.steps.invite.calendars.objects import uid as uid
from majlis.steps.invite.calendars.reply import LARGEST as LARGEST
from majlis.steps.invite.calendars.reply import NotReadable as NotReadable
from majlis.steps.invite.calendars.reply import Reply as Reply
from majlis.steps.invite.calendars.reply import replies as replies
