"""One tree of errors. Each carries the URL and the stage it happened in; policy is decided elsewhere.

HarvesterError
├── UsageError                exit 2: the user can mend it
│   ├── CatalogueError        a catalogue file does not validate (file and line in the message)
│   └── UnknownPortal         no such portal, or one without a host
├── OutputError               exit 1: the output folder cannot be written
├── PortalLocked              exit 5: another run holds the portal
├── FetchError                stage "fetch": no capture came of it
│   ├── AddressRefused        private, loopback or link-local address that the catalogue does not allow
│   ├── ConnectionFailed      no connection, broken connection, TLS failure
│   ├── TimedOut              no answer within the time allowed
│   ├── TooLarge              the wire or the decompressed size passed its cap
│   ├── BadEncoding           a content encoding that cannot be undone
│   ├── TooManyRedirects
│   ├── RedirectRefused       a redirect to another scheme, or out of the portal
│   ├── HttpStatusError       an answer that is no page (4xx, 5xx)
│   ├── NotNow                no request at this time, by the catalogue or by a long Retry-After
│   │   ├── OutsideHours
│   │   └── BudgetSpent       the day's requests are used up
│   ├── RobotsDisallowed      stage "robots": robots.txt forbids the address
│   └── RobotsUnreachable     stage "robots": robots.txt answered 5xx or not at all; the host is left alone
└── ParseError                stage "parse": the bytes could not be read as a page
    ├── EmptyPage
    ├── NotText               a PDF, an image, an archive under a page's name
    ├── Undecodable           no encoding yields text
    ├── TooDeep               more open elements than the parser takes in bounded time
    ├── WrongPage             a listing where an article was asked for, or the other way round
    │   ├── BotChallenge      a page that tests whether a browser asks
    │   ├── LoginRequired     a form that asks for a name and a password
    │   └── Maintenance       a notice that the portal is being worked on
    ├── CutShort              the markup ends in the middle
    ├── ParserDefect          the parser itself broke on the page; a bug to report
    └── FieldNotFound         an article without what every article of the family has
"""

from enum import IntEnum
from typing import ClassVar, Literal

Stage = Literal["robots", "fetch", "parse", "write"]


class ExitCode(IntEnum):
    """What the command line answers; stable, see docs/commands.md."""

    DONE = 0
    FAILED = 1
    USAGE = 2
    DRIFTED = 3
    MANY_PAGES_FAILED = 4
    LOCKED = 5
    INTERRUPTED = 130


class HarvesterError(Exception):
    """The root: `str(error)` is one line fit for a user; `url` is None where no address is involved."""

    stage: ClassVar[Stage | None] = None
    exit_code: ClassVar[ExitCode] = ExitCode.FAILED

    def __init__(self, message: str, *, url: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.url = url

    def __str__(self) -> str:
        return f"{self.message} [{self.url}]" if self.url else self.message


class UsageError(HarvesterError):
    """Something the user asked for cannot be done as asked; the message says what to do next."""

    exit_code = ExitCode.USAGE


class CatalogueError(UsageError):
    """A catalogue file does not validate."""


class UnknownPortal(UsageError):
    """No portal of that id, or none that can be crawled."""


class OutputError(HarvesterError):
    """The output cannot be written."""

    stage: ClassVar[Stage | None] = "write"


class PortalLocked(HarvesterError):
    """Another run holds the portal's folder."""

    exit_code = ExitCode.LOCKED


class FetchError(HarvesterError):
    """No capture came of a request."""

    stage: ClassVar[Stage | None] = "fetch"


class AddressRefused(FetchError):
    """The host resolves to an address that must not be contacted."""


class ConnectionFailed(FetchError):
    """The connection could not be made, or broke."""


class TimedOut(FetchError):
    """The host did not answer within the time allowed."""


class TooLarge(FetchError):
    """The answer passed the cap on its wire size or on its decompressed size."""


class BadEncoding(FetchError):
    """The content encoding is unknown or its data is broken."""


class TooManyRedirects(FetchError):
    """The chain of redirects is longer than allowed."""


class RedirectRefused(FetchError):
    """A redirect leads where the portal's entry does not."""


class HttpStatusError(FetchError):
    """The host answered with a status that carries no page."""

    def __init__(self, status: int, *, url: str | None = None, retry_after: float | None = None) -> None:
        super().__init__(f"the host answered {status}", url=url)
        self.status = status
        self.retry_after = retry_after


class NotNow(FetchError):
    """The catalogue allows the host no request at this time, or the host asked for a long pause: nobody failed."""


class OutsideHours(NotNow):
    """It is not one of the hours in which the catalogue allows requests to the host."""


class BudgetSpent(NotNow):
    """The requests that the catalogue allows the host in one day are used up."""


class RobotsDisallowed(FetchError):
    """robots.txt forbids the address."""

    stage: ClassVar[Stage | None] = "robots"


class RobotsUnreachable(FetchError):
    """robots.txt could not be had, so the host is left alone (RFC 9309, 2.3.1.4)."""

    stage: ClassVar[Stage | None] = "robots"


class ParseError(HarvesterError):
    """The bytes could not be read as a page."""

    stage: ClassVar[Stage | None] = "parse"


class EmptyPage(ParseError):
    """No bytes, or white space only."""


class NotText(ParseError):
    """The bytes are a file of another kind."""


class Undecodable(ParseError):
    """No encoding yields text."""


class TooDeep(ParseError):
    """More elements are open at once than the parser takes in bounded time."""


class WrongPage(ParseError):
    """The page was read, and is not of the kind that was asked for."""


class BotChallenge(WrongPage):
    """The host, or what guards it, tests whether a browser asks."""


class LoginRequired(WrongPage):
    """A form asks for a name and a password."""


class Maintenance(WrongPage):
    """A notice says that the portal is being worked on."""


class CutShort(ParseError):
    """The page ends in the middle of its markup: what is missing cannot be known."""


class ParserDefect(ParseError):
    """The parser broke on the page: a bug, kept from ending the run."""


class FieldNotFound(ParseError):
    """An article lacks what every article of its family has; `field` is the record's name of it."""

    def __init__(self, message: str, *, field: str, url: str | None = None) -> None:
        super().__init__(message, url=url)
        self.field = field
