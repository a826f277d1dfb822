"""Reading a mailbox of a real IMAP server."""

from collections.abc import Iterator

import pytest

from majlis.outbox import mailbox
from majlis.outbox.mailbox import Mailbox, NotReadable, opened
from tests.outbox.imap import flags_of, imap_server, put


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    with imap_server() as running:
        yield running


def message(number: int, size: int = 0) -> bytes:
    return (
        f"From: post@example.org\r\nSubject: No {number}\r\n\r\nBody {number}\r\n{'x' * 70 * (size // 70)}\r\n".encode()
    )


def test_new_messages_are_read_once_and_marked_when_taken(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    put(url, message(1), message(2), message(3))
    with opened(Mailbox.of(url)) as box:
        found = list(box.later_than(0))
        assert [each.message["Subject"] for each in found] == ["No 1", "No 2", "No 3"]
        assert flags_of(url) == [False, False, False]
        box.mark_seen(found[1].uid)
        assert flags_of(url) == [False, True, False]
        assert [each.uid for each in box.later_than(found[0].uid)] == [found[1].uid, found[2].uid]
        assert list(box.later_than(found[2].uid)) == []
        assert [each.uid for each in box.later_than(0, limit=2)] == [found[0].uid, found[1].uid]
        assert box.validity > 0
    monkeypatch.setattr(mailbox, "LARGEST", 1000)
    put(url, message(4, 5000))
    with opened(Mailbox.of(url)) as box:
        large = list(box.later_than(found[2].uid))
        assert [(each.is_cut, len(each.content), each.message["Subject"]) for each in large] == [(True, 1000, "No 4")]


@pytest.mark.parametrize(
    "wrong", ["imap://answers:no@{}/INBOX", "imap://answers:let-me-in@{}/Nowhere", "imap://a:b@127.0.0.1:9"]
)
def test_a_mailbox_that_cannot_be_read_says_why(url: str, wrong: str) -> None:
    with pytest.raises(NotReadable), opened(Mailbox.of(wrong.format(url.split("@")[1].split("/")[0]))):
        pass


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("imaps://u%40x:p%2Fw@mail.example.org", Mailbox("mail.example.org", 993, "u@x", "p/w", "INBOX", True, False)),
        (
            "imap://u:p@mail.example.org/Answers/In?tls=1",
            Mailbox("mail.example.org", 143, "u", "p", "Answers/In", False, True),
        ),
    ],
)
def test_the_setting_is_read(text: str, expected: Mailbox) -> None:
    assert Mailbox.of(text) == expected


@pytest.mark.parametrize("text", ["", "http://u:p@h", "imaps://host", "imaps://"])
def test_a_wrong_setting_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="MAJLIS_IMAP_URL"):
        Mailbox.of(text)
