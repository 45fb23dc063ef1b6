"""What `harvester status` tells: one record a portal."""

from datetime import date

from pydantic import Field

from harvester.harvest.frontier import MAX_ATTEMPTS
from harvester.records import Count, Moment, Record

SHOWN_RUNS = 5
MOST_KINDS = 100
OTHER_KINDS = "other"


class PageCounts(Record):
    """The frontier's pages by what is to become of them."""

    waiting: Count = Field(description="Never read, to be fetched")
    due: Count = Field(description="Read before, to be read again in the present round")
    leased: Count = Field(description="In the hands of the run that works now, or of one that was killed")
    done: Count = Field(description="Read")
    failed_for_now: Count = Field(description="Failed; the next round tries them again")
    failed_for_good: Count = Field(description=f"Failed {MAX_ATTEMPTS} times; tried no more")


class ArticleCounts(Record):
    """What was harvested."""

    articles: Count = Field(description="Articles, each counted once")
    versions: Count = Field(description="Lines of articles.jsonl")
    gone: Count = Field(description="Articles that the portal showed once and no longer shows")
    stated: Count | None = Field(
        description="Rows over all listings as the portal stated them to the last run that read their first pages; an "
        "article may stand in several listings. Null where none was stated"
    )
    oldest_post: Moment | None = Field(description="Posting time of the oldest article")
    newest_post: Moment | None = Field(description="Posting time of the newest article")


class ListingStatus(Record):
    """How far one listing was walked."""

    start_url: str = Field(description="Its first page")
    articles: Count = Field(description="Articles it has shown so far")
    whole: bool = Field(description="Whether it was once walked to its end")
    walked_back_to: str | None = Field(
        description="Everything posted since this time is known; null where the listing was walked whole, or never "
        "without a break"
    )
    resume_url: str | None = Field(description="The page at which the last walk broke off, where the next one goes on")


class RoundStatus(Record):
    """The rounds: each brings the folder up to date, over as many runs as it takes."""

    open_since: Moment | None = Field(description="When the present round began; null if none is open")
    last_ended_at: Moment | None = Field(description="When the last one ended; null if none has")


class RunStatus(Record):
    """One run, as manifest.json tells it."""

    run_id: str = Field(description="The id that its log lines carry")
    command: str = Field(description="The command line")
    started_at: Moment = Field(description="When it began")
    finished_at: Moment = Field(description="When it ended")
    exit_code: int = Field(description="Its exit code")
    counts: dict[str, int] = Field(description="Its numbers, by their names in the manifest")
    drift: tuple[str, ...] = Field(description="A line for each field that drifted")


class FailureKind(Record):
    """Failures of one kind, counted in failures.jsonl; a page that failed twice counts twice."""

    error: str = Field(
        description=f"Name of the error class; “{OTHER_KINDS}” for those beyond the first {MOST_KINDS} kinds"
    )
    stage: str = Field(description="Where it failed: robots, fetch, parse, write")
    count: Count = Field(description="Over all runs")
    recent: Count = Field(description="Since the last run of the manifest began")
    last_at: Moment = Field(description="When the last one happened")
    example: str = Field(description="The address of that one")


class FileStatus(Record):
    """One file against the size that was committed for it."""

    name: str = Field(description="Its name below the portal's folder")
    committed: Count = Field(description="Bytes that count")
    on_disk: Count | None = Field(description="Bytes that are there; null if the file is missing")
    whole: bool = Field(
        description="Whether everything committed is there. More than that is a run's present work, or what a killed "
        "run left, and the next run cuts it off; less means that the file was damaged from outside"
    )
    put_aside: bool = Field(
        default=False,
        description="Whether a run renamed it, as nothing of it was committed: an earlier run was killed in its first "
        "moments, or the state is not the one that belongs to the folder",
    )


class DaysWithoutPost(Record):
    """A stretch of days without a post that is unusual for this portal."""

    first_day: date = Field(description="The first of them")
    last_day: date = Field(description="The last of them")
    days: Count = Field(description="How many")


class PortalStatus(Record):
    """One portal's folder: a line of `harvester status --json`."""

    portal: str = Field(description="The portal's id")
    folder: str = Field(description="Where its files lie")
    running: bool | None = Field(description="Whether a run works on it now; null where the system does not tell")
    pages: PageCounts = Field(description="The frontier")
    articles: ArticleCounts = Field(description="What was harvested")
    listings: tuple[ListingStatus, ...] = Field(description="The listings walked so far, by address")
    round: RoundStatus = Field(description="The rounds")
    runs: tuple[RunStatus, ...] = Field(description=f"The last runs, at most {SHOWN_RUNS}, the newest first")
    failures: tuple[FailureKind, ...] = Field(description="By kind, the most frequent first")
    files: tuple[FileStatus, ...] = Field(
        description="Every file whose size is committed or that was put aside, by name"
    )
    gaps: tuple[DaysWithoutPost, ...] | None = Field(
        description="Unusual stretches without a post; null unless asked for"
    )
    notes: tuple[str, ...] = Field(description="What could not be read of the folder, in words")
