"""Inbox, run, step and board: the query of the inbox by itself, and whole pages through Django's test client."""

from collections.abc import Callable, Iterator, Sequence

from django.db import connection
from django.test import Client
from django.urls import reverse

from bench.row import Row, row, seconds_of
from capaian.agencies.models import Agency, Person
from capaian.agencies.queries import Reach, reach, today
from capaian.sop.models import Run, WorkItem
from capaian.sop.queries import my_items, open_items
from tests.sop.driver import Engine

INBOX_INDEX = "work_item_inbox"
ROLES = ("head", "secretary", "team", "unit_head", "submitter", "staff")
BACKEND = "capaian.agencies.sign_in.NameOrNipBackend"
QUERY_BAR, PAGE_BAR = 2.0, 50.0
ASKERS = 120
VISITS = 60


class PlanWithoutIndexError(RuntimeError):
    """The database answers the inbox without its index."""


def askers() -> list[Reach]:
    """Return people of many agencies, far apart, their roles in turn."""
    keys = list(Agency.objects.order_by("pk").values_list("pk", flat=True))
    found = []
    for place in range(ASKERS):
        agency = keys[place * len(keys) // ASKERS]
        held = {"appointments__position__roles__role": ROLES[place % len(ROLES)]}
        person = Person.objects.filter(agency_id=agency, **held).select_related("agency").order_by("pk").first()
        if person is not None:
            found.append(reach(person, today(person.agency)))
    return found


def size() -> str:
    """Say how much there is."""
    items = WorkItem.objects.exclude(status=WorkItem.Status.OPEN).count()
    still_open = WorkItem.objects.filter(status=WorkItem.Status.OPEN).count()
    return (
        f"{Run.objects.count():,} runs, {items:,} finished and {still_open:,} open items, "
        f"{Agency.objects.count():,} agencies"
    )


def rows(engine: Engine, database: str) -> Iterator[Row]:
    """Measure every page on this database; `engine` is the agency that was multiplied."""
    people, much = askers(), size()
    used, waiting = index_used(people[0]), open_items(people[0]).count()
    per_person = sum(len(my_items(mine)) for mine in people) / len(people)
    note = f"index {used}; {waiting} open items an agency, {per_person:.1f} of them a person's; {len(people)} people"
    queries = [inbox_query(mine) for mine in people]
    for warm in queries:
        warm()
    yield row("inbox, SQL query alone", database, much, [seconds_of(one) for one in queries], QUERY_BAR, note)
    clients = [client(mine.person) for mine in people]
    inboxes = [visit(one, reverse("inbox")) for one in clients]
    yield page("inbox page", database, much, inboxes, f"{len(people)} people of as many agencies, each once")
    yield from own_pages(engine, database, much)


def own_pages(engine: Engine, database: str, much: str) -> Iterator[Row]:
    """Measure the pages of runs, steps and the board, as the Sekretaris and Tim SAKIP of one agency."""
    agency = engine.world.agency
    team, secretary = client(engine.world.people["team"]), client(engine.world.people["secretary"])
    both = [team, secretary]
    runs = list(Run.objects.filter(agency=agency).order_by("pk"))
    shown = [visit(one, reverse("run", args=[run.public_id])) for run in runs for one in both]
    yield page("run page (live SOP table, papers, history)", database, much, shown, f"{len(runs)} runs, two people")
    items = WorkItem.objects.filter(agency=agency).order_by("-pk")
    half = VISITS // 2
    chosen = [*items.filter(status="open")[:half], *items.filter(status="done")[:half]]
    steps = [visit(both[item.pk % 2], reverse("step", args=[item.public_id])) for item in chosen]
    yield page("step page", database, much, steps, f"{len(chosen)} steps, open and done")
    year = runs[0].period[:4]
    boards = [visit(one, reverse("board_year", args=[int(year)])) for one in both * (VISITS // 4)]
    yield page("board of a year", database, much, boards, f"{len(runs)} runs on one page")


def inbox_query(mine: Reach) -> Callable[[], object]:
    """Return a call that asks the database for the open work of a person's agency, and fetches the answer."""
    sql, params = open_items(mine).query.sql_with_params()

    def ask() -> None:
        with connection.cursor() as cursor:
            cursor.execute(sql, params)
            cursor.fetchall()

    return ask


def index_used(mine: Reach) -> str:
    """Return the name of the inbox's index after seeing it in the plan; raise PlanWithoutIndexError when it is not."""
    options = {"format": "json"} if connection.vendor == "postgresql" else {}
    plan = open_items(mine).explain(**options)
    if INBOX_INDEX not in plan:
        raise PlanWithoutIndexError(plan)
    return INBOX_INDEX


def client(person: Person) -> Client:
    """Return a browser in which this person has logged in."""
    browser = Client(SERVER_NAME="localhost")
    browser.force_login(person, backend=BACKEND)
    return browser


def visit(browser: Client, url: str) -> Callable[[], object]:
    """Return a call that opens a page and makes sure that it came."""

    def open_page() -> None:
        response = browser.get(url)
        if response.status_code != 200:
            raise RuntimeError(f"{url}: {response.status_code}")

    return open_page


def page(what: str, database: str, much: str, visits: Sequence[Callable[[], object]], note: str) -> Row:
    """Time some visits of a page, after a few to warm up."""
    for warm in visits[:5]:
        warm()
    return row(what, database, much, [seconds_of(one) for one in visits], PAGE_BAR, note)
