"""Who gets a mail, at which address, in which language, and how they get no more of them."""

from dataclasses import dataclass

from reports.mailed import leaving
from reports.models import Delivery, Recipient, Schedule
from workspaces.languages import of_reader
from workspaces.models import User


@dataclass(frozen=True, slots=True)
class Reader:
    """One reader.

    person     of a member; None for an address outside
    leave_url  "" for a test, which is asked for each time
    """

    email: str
    language: str
    person: User | None
    leave_url: str = ""

    @property
    def is_away(self) -> bool:
        """Say whether it is a member whose account is closed."""
        return self.person is not None and not self.person.is_active


def reader_of(delivery: Delivery) -> Reader:
    """Give the delivery's reader."""
    if delivery.recipient is None:
        assert delivery.tester is not None  # noqa: S101  # a constraint of the table
        person = delivery.tester.user
        return Reader(person.email, of_reader(person, delivery.schedule.workspace), person)
    member, language = delivery.recipient.member, language_of(delivery.recipient, delivery.schedule)
    email = member.user.email if member else delivery.recipient.email
    return Reader(email, language, member.user if member else None, leaving.address_for(delivery.recipient))


def language_of(recipient: Recipient, schedule: Schedule) -> str:
    """Give the recipient's language: a member's own, the schedule's for others."""
    return of_reader(recipient.member.user, schedule.workspace) if recipient.member else schedule.language
