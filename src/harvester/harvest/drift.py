"""Whether a run read something else than the portal's earlier runs did: a template, a selector, a field that is gone.

Rules and their numbers are explained in docs/drift.md.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import exp, lgamma, log10
from typing import NamedTuple

from harvester.harvest.profile import ERA, FIELDS, ROW_FIELDS, Measured, Profile, Tally, pooled

MIN_SAMPLE = 5
"""Fewer readings tell nothing: what the runs before read for the first time is added until there are as many."""
MIN_SAMPLE_OF_CONTENT = 10
"""The same where what people write decides, and not the template: one event is reported in several alike articles."""
MIN_HISTORY, MIN_HISTORY_OF_CONTENT = 20, 40
"""Readings that the baseline needs before anything is compared with it: where the template decides, and elsewhere."""
MAX_CHANCE = 2.5e-5
"""A share this improbable under the baseline is drift; a run tests some 50, so one in a thousand runs may err."""
MIN_DIFFERENCE = 0.2
"""Smaller differences of a share are left alone, however certain."""
ACCEPTED_AFTER = 10
"""Runs in a row that drift in one field: then that is how the portal is now."""
NEARLY_ALL = 0.9
REQUIRED_SHARE, REQUIRED_ARTICLES = 0.99, 10
"""What so many articles had, in such a share (below a hundred: all of them), the portal's every article has."""
REQUIRABLE = ("posted_at", "body")

# Articles of one run are alike: one section, one event. A share therefore varies between runs more than chance has it,
# by a correlation that the baseline's own runs show; before they do, by what is assumed, worth as many readings.
_ASSUMED_WEIGHT = 50
_MIN_CORRELATION, _MAX_CORRELATION = 0.02, 0.9
_MOST_READINGS = 200  # of one run: more of them tell no more of the next run
_MOST_ADDED_RUNS = 20


class _Rule(NamedTuple):
    """Which value's share is compared (None: each value's), in how many readings of both, and whether it may fall."""

    value: str | None = None
    sample: int = MIN_SAMPLE
    history: int = MIN_HISTORY
    correlation: float = 0.05
    may_fall: bool = False


_CONTENT = _Rule(sample=MIN_SAMPLE_OF_CONTENT, history=MIN_HISTORY_OF_CONTENT, correlation=0.1)
_EVENT = _Rule(history=MIN_HISTORY_OF_CONTENT, may_fall=True)
_RULES: dict[Measured, _Rule] = (
    {(name, "filled"): _CONTENT._replace(value="yes") for name in FIELDS}
    | {(name, "filled"): _Rule("yes") for name in ("title", "posted_at", "view_count", "body")}
    | {(name, "size"): _CONTENT for name in FIELDS}
    | {(name, measure): _Rule() for name in FIELDS for measure in ("precision", "where")}
    | {("listing", name): _Rule("yes") for name in ROW_FIELDS}
    | {
        ("posted_at", "in the future"): _Rule("yes", may_fall=True),
        ("pages", "family"): _Rule(),
        ("pages", "outcome"): _EVENT,
        ("listing", "rows"): _EVENT._replace(may_fall=False),
        ("listing", "outcome"): _EVENT,
        ("revisited", "gone"): _EVENT._replace(value="yes"),
    }
)
_AS_IT_SHOULD_BE = ("article", "listing")  # outcomes of which more is no drift
_MISSING = "FieldNotFound:"


@dataclass(frozen=True, slots=True)
class Drift:
    """One field that this run read otherwise than the runs before.

    `expected` and `found` are shares of the readings that had `value`; `sample` counts the readings, taken from this
    run and the last `runs` - 1 that had such readings; `expected` is None where no history was needed.
    """

    field: str
    measure: str
    value: str
    expected: float | None
    found: float
    sample: int
    runs: int
    text: str


@dataclass(frozen=True, slots=True)
class PastRun:
    """An earlier run as the manifest remembers it; `accepted` is set by hand, to make its shape the norm."""

    profile: Profile
    drift: tuple[Drift, ...] = ()
    accepted: bool = False


def find_drift(profile: Profile, history: Sequence[PastRun]) -> tuple[Drift, ...]:
    """Return what drifted, at most one line a field: the least probable one.

    Args:
        profile: this run's.
        history: the portal's earlier runs, oldest first; those of another era are left out.
    """
    past = _comparable(history, profile)
    baselines = {subject: baseline(past, subject) for subject in {subject for subject, _ in _RULES}}
    found = [*_without_history(profile), *_never_filled(profile, past, baselines)]
    for measured in profile.measured() & _RULES.keys():
        found += _compare(profile, measured, past, baselines[measured[0]])
    worst = {drift.field: drift for _, drift in sorted(found, key=_rank, reverse=True)}
    return tuple(worst[field] for field in sorted(worst))


def must_have(history: Sequence[PastRun]) -> frozenset[str]:
    """Return which of `REQUIRABLE` the portal's articles always had: an article without one is not to be trusted."""
    past = _comparable(history, history[-1].profile) if history else []
    return frozenset(name for name in REQUIRABLE if _always_had(baseline(past, name), (name, "filled")))


def _always_had(kept: Iterable[Profile], filled: Measured) -> bool:
    """Whether articles had a field; of those since, up to as many lack it as tell nothing, being held back in vain."""
    read: Tally = Counter()
    is_required, lacking = False, 0
    for profile in kept:
        tally = profile.first_tally(filled)
        read += tally
        lacking += tally["no"]
        if read.total() >= REQUIRED_ARTICLES and read["yes"] >= REQUIRED_SHARE * read.total():
            is_required, lacking = True, 0
    return is_required and lacking < MIN_SAMPLE


def _comparable(history: Sequence[PastRun], profile: Profile) -> list[PastRun]:
    return [run for run in history if _same_era(run.profile, profile) and not run.profile.is_empty]


def baseline(past: Sequence[PastRun], subject: str) -> list[Profile]:
    """Return the runs that say how a field (or `pages`, `listing`, `revisited`) was read before this run.

    A run that drifted waits, with those whose readings were added to its own. Waiting runs are dropped when a later
    run reads as before; they replace everything before them when `ACCEPTED_AFTER` follow each other, or when the last
    of them is accepted by hand.
    """
    kept: list[Profile] = []
    waiting: list[Profile] = []
    for number, run in enumerate(past):
        drift = next((drift for drift in run.drift if _subject(drift) == subject), None)
        if drift is None and not run.accepted:
            kept.append(run.profile)
            waiting = []
            continue
        added = _with_readings(past[:number], (subject, drift.measure), drift.runs - 1) if drift else []
        added.append(run.profile)
        waiting += [profile for profile in added if profile not in waiting]
        kept = [profile for profile in kept if profile not in waiting]
        if run.accepted or len(waiting) >= ACCEPTED_AFTER:
            kept, waiting = waiting if drift else [*kept, run.profile], []
    return kept


def _with_readings(past: Iterable[PastRun], measured: Measured, number: int) -> list[Profile]:
    """Return the last runs, no more than that number, that read something of it for the first time; oldest first."""
    profiles = [run.profile for run in past if run.profile.first_tally(measured)]
    return profiles[max(0, len(profiles) - number) :]


def _subject(drift: Drift) -> str:
    """Return whose baseline the drift was told by: pages without a field are told by the outcomes of all pages."""
    return "pages" if drift.value.startswith(_MISSING) else drift.field.partition(".")[0]


def _rank(found: tuple[float, Drift]) -> tuple[bool, int, bool]:
    """Sort a field's own readings first, then the least probable, of equals what is new before what is gone."""
    chance, drift = found
    return _subject(drift) != drift.field, round(log10(max(chance, 1e-300))), drift.found < (drift.expected or 0)


def _same_era(one: Profile, other: Profile) -> bool:
    return one.newest is None or other.newest is None or abs(one.newest - other.newest) <= ERA


# ---------------------------------------------------------------------------------------------- without history


def _without_history(profile: Profile) -> Iterable[tuple[float, Drift]]:
    """Yield what cannot be right on any portal: nearly no article has a field or is there, or a listing ends early."""
    pages, gone = profile.tally(("pages", "outcome")), profile.tally(("revisited", "gone"))
    for reason, count in pages.items():
        if reason.startswith(_MISSING) and _is_nearly_all(count, pages.total()):
            field, share = reason.removeprefix(_MISSING), count / pages.total()
            text = f"{field}: {count} of {pages.total()} article pages were read without it"
            yield 0.0, Drift(field, "outcome", reason, None, round(share, 4), pages.total(), 1, text)
    if _is_nearly_all(gone["yes"], gone.total()):
        share = gone["yes"] / gone.total()
        text = f"revisited: {gone['yes']} of {gone.total()} known articles are gone"
        yield 0.0, Drift("revisited", "gone", "yes", None, round(share, 4), gone.total(), 1, text)
    if cut_short := profile.listings_cut_short:
        text = f"next_url: {cut_short} listings offer no next page before the last of the rows they count"
        yield 0.0, Drift("next_url", "listing", "no", None, 1.0, cut_short, 1, text)


def _never_filled(
    profile: Profile, past: Sequence[PastRun], baselines: Mapping[str, Sequence[Profile]]
) -> Iterable[tuple[float, Drift]]:
    """Yield fields that no portal does without and nearly no article has, unless the history tells that this is so."""
    for name in REQUIRABLE:
        tally, kept = profile.tally((name, "filled")), baselines[name]
        drifted = (run.profile for run in past if any(_subject(drift) == name for drift in run.drift))
        is_known = pooled(kept, (name, "filled")).total() >= MIN_HISTORY or any(run in kept for run in drifted)
        if not is_known and _is_nearly_all(tally["no"], tally.total()):
            found = round(tally["yes"] / tally.total(), 4)
            text = f"{name}: {tally['no']} of {tally.total()} articles were read without it"
            yield 0.0, Drift(name, "filled", "yes", None, found, tally.total(), 1, text)


def _is_nearly_all(count: int, total: int) -> bool:
    return total >= MIN_SAMPLE and count >= NEARLY_ALL * total


# ---------------------------------------------------------------------------------------------- with history


def _compare(
    profile: Profile, measured: Measured, past: Sequence[PastRun], kept: Sequence[Profile]
) -> Iterable[tuple[float, Drift]]:
    rule = _RULES[measured]
    sample, added = _sample(profile, measured, rule.sample, past)
    tallies = [each for run in kept if run not in added and (each := run.first_tally(measured))]
    if sample.total() < rule.sample or sum(each.total() for each in tallies) < rule.history:
        return
    values = (
        {rule.value} if rule.value else {value for each in (*tallies, sample) for value in each} - set(_AS_IT_SHOULD_BE)
    )
    for value in sorted(values):
        runs = [_scaled(each[value], each.total()) for each in tallies]
        count, total = _scaled(sample[value], sample.total())
        expected = (sum(hits for hits, _ in runs) + 0.5) / (sum(size for _, size in runs) + 1)
        found = sample[value] / sample.total()
        if abs(found - expected) < MIN_DIFFERENCE or (rule.may_fall and found < expected):
            continue
        chance = _chance(count, total, expected, _correlation(runs, expected, rule.correlation))
        if chance < MAX_CHANCE:
            field, readings = _field_of(measured, value), sample.total()
            what = f"{_in_words(measured, value)} in {found:.0%} of {readings}, used to be {expected:.0%}"
            shares = (round(expected, 4), round(found, 4))
            yield chance, Drift(field, measured[1], value, *shares, readings, 1 + len(added), f"{field}: {what}")


def _sample(profile: Profile, measured: Measured, least: int, past: Sequence[PastRun]) -> tuple[Tally, list[Profile]]:
    """Return this run's tally; with too few readings, its new ones and those of the runs before it, which are added."""
    added: list[Profile] = []
    if (sample := profile.tally(measured)).total() >= least:
        return sample, added
    if not (sample := profile.first_tally(measured)):
        return sample, added
    for run in reversed(_with_readings(past, measured, _MOST_ADDED_RUNS)):
        if sample.total() >= least:
            break
        sample = sample + run.first_tally(measured)
        added.append(run)
    return sample, added


def _scaled(count: int, total: int) -> tuple[int, int]:
    if total <= _MOST_READINGS:
        return count, total
    return round(count * _MOST_READINGS / total), _MOST_READINGS


def _correlation(runs: Sequence[tuple[int, int]], share: float, assumed: float) -> float:
    """Return how alike the readings of one run are, by the spread of the runs' shares (method of moments).

    One run shows no spread: n runs count as n - 1. A run nearer to the mean than chance has it counts as no spread.
    """
    weight = seen = 0.0
    for count, total in runs:
        if total < 2:
            continue
        spread = (count - total * share) ** 2 / (total * share * (1 - share))
        worth = min(total - 1, 10) * (len(runs) - 1) / len(runs)
        seen += worth * max(0.0, (spread - 1) / (total - 1))
        weight += worth
    correlation = (assumed * _ASSUMED_WEIGHT + seen) / (_ASSUMED_WEIGHT + weight)
    return min(max(correlation, _MIN_CORRELATION), _MAX_CORRELATION)


@lru_cache(maxsize=4_096)
def _chance(count: int, total: int, share: float, correlation: float) -> float:
    """Return how probable a count as far from the share as this one, or farther on its side, is (beta-binomial)."""
    spread = 1 / correlation - 1
    yes, no = share * spread, (1 - share) * spread
    counts = range(count, total + 1) if count > total * share else range(count + 1)
    whole = _log_beta(yes, no) - lgamma(total + 1)
    return sum(
        exp(_log_beta(each + yes, total - each + no) - whole - lgamma(each + 1) - lgamma(total - each + 1))
        for each in counts
    )


def _log_beta(one: float, other: float) -> float:
    return lgamma(one) + lgamma(other) - lgamma(one + other)


def _field_of(measured: Measured, value: str) -> str:
    """Return the field's name: “listing.posted_at” for one of listings' rows, the missing one for an outcome."""
    if value.startswith(_MISSING):
        return value.removeprefix(_MISSING)
    return ".".join(measured) if measured[1] in ROW_FIELDS else measured[0]


def _in_words(measured: Measured, value: str) -> str:
    if value.startswith(_MISSING):
        return "not found"
    if measured[1] in ROW_FIELDS:
        return "given"
    return measured[1] if value == "yes" else f"{measured[1]} “{value}”"
