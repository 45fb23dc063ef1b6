"""Which failures are tried again, and when."""

import ssl
from collections.abc import Iterator

from tenacity import AsyncRetrying, RetryCallState, retry_if_exception, stop_after_attempt, wait_exponential_jitter

from harvester.errors import BadEncoding, ConnectionFailed, HttpStatusError, TimedOut

TRANSIENT_STATUSES = frozenset({429, 500, 502, 503, 504})
TROUBLE_STATUSES = TRANSIENT_STATUSES - {500}
"""What a host answers that is asked too much; 500 is rather what one broken page answers."""


def retrying(
    *, attempts: int, backoff_seconds: float, max_backoff_seconds: float, max_retry_after_seconds: float
) -> AsyncRetrying:
    """Return the policy: exponential back-off with jitter, or the wait the host asked for, where that is longer.

    Broken connections, broken encodings, timeouts and `TRANSIENT_STATUSES` are tried again, up to `attempts` in all.
    TLS failures are not, nor a host that asks for more than `max_retry_after_seconds`. The last error is raised as it
    is.
    """
    backoff = wait_exponential_jitter(multiplier=backoff_seconds, jitter=backoff_seconds, max=max_backoff_seconds)

    def is_worth_another_try(error: BaseException) -> bool:
        if isinstance(error, HttpStatusError):
            return error.status in TRANSIENT_STATUSES and (error.retry_after or 0.0) <= max_retry_after_seconds
        return isinstance(error, BadEncoding) or is_trouble(error)

    def wait(state: RetryCallState) -> float:
        error = state.outcome.exception() if state.outcome else None
        asked = error.retry_after if isinstance(error, HttpStatusError) else None
        return max(backoff(state), asked or 0.0)

    return AsyncRetrying(
        stop=stop_after_attempt(attempts), wait=wait, retry=retry_if_exception(is_worth_another_try), reraise=True
    )


def is_trouble(error: BaseException) -> bool:
    """Whether an error is a sign of a host that is asked too much, and would be better asked less."""
    if isinstance(error, HttpStatusError):
        return error.status in TROUBLE_STATUSES or error.retry_after is not None
    return isinstance(error, TimedOut) or (isinstance(error, ConnectionFailed) and not _is_tls_failure(error))


def causes(error: BaseException) -> Iterator[BaseException]:
    """Yield the error and what led to it, innermost last."""
    seen: set[int] = set()
    link: BaseException | None = error
    while link is not None and id(link) not in seen:
        seen.add(id(link))
        yield link
        # The connection pool re-raises “from None”, which leaves only the context.
        link = link.__cause__ or link.__context__


def _is_tls_failure(error: ConnectionFailed) -> bool:
    # A host that hangs up during the handshake is overloaded rather than misconfigured.
    return any(isinstance(cause, ssl.SSLError) and not isinstance(cause, ssl.SSLEOFError) for cause in causes(error))
