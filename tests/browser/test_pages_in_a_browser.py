"""The pages in a real browser: WCAG 2.2 AA, keyboard, small screens, no script, no requests."""

import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from flows.common.settings import settings_for
from flows.post.answers.page import sender_page
from flows.post.answers.standing import Standing
from tests.support.posted import posted_in
from tests.support.site_made import Made, make_site
from tests.support.year_made import Year, fill_year, publish_year

playwright = pytest.importorskip("playwright.sync_api", reason="Playwright is not installed")
axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe is not installed")
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
PDFTOTEXT = shutil.which("pdftotext")
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed"),
]
# Every rule of WCAG up to 2.2 AA, and axe's own best practices.
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
OF_COLOUR = ["color-contrast", "link-in-text-block"]  # all that a scheme changes
NARROW = {"width": 320, "height": 256}  # 1280 x 1024 at 400 % zoom


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Made:
    return make_site(tmp_path_factory.mktemp("site"))


@pytest.fixture(scope="module")
def year(tmp_path_factory: pytest.TempPathFactory) -> Year:
    folder = tmp_path_factory.mktemp("year")
    return publish_year(fill_year(folder / "analysts.duckdb"), folder / "published")


@pytest.fixture(scope="module")
def senders_page(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The page of a sender who owes a return, with a fault in another."""
    folder = tmp_path_factory.mktemp("sender")
    settings = posted_in(folder / "authority", settings_for(folder / "home")).settings
    slot = {"return": "finance_payments", "period": "2022-04", "part": "", "due": "2022-05-20"}
    owed = {**slot, "received_at": None, "outcome": "missing", "rows_loaded": None}
    came = {**slot, "received_at": "2022-05-11", "outcome": "loaded", "rows_loaded": 3}
    rows = [{**one, "rows_quarantined": one["rows_loaded"]} for one in (owed, came)]
    fault = {
        "column": "net_amount",
        "rows": 1,
        "first": 5,
        "severity": "row",
        "message": "write pounds and pence as 1234.50, a credit as -1234.50; " * 2,
    }
    standing = Standing(rows[:1], rows[1:], [{**slot, **fault}])
    pages = sender_page("birch", standing, settings, links=[("t.xlsx", "Template: Payments")])
    (folder / "index.html").write_text(pages["index.html"], encoding="utf-8")
    return folder / "index.html"


@pytest.fixture(scope="module")
def pages(made: Made, year: Year, senders_page: Path) -> list[Path]:
    """A sender's page, the lists of releases, every page of an Annual Review, and of a quarterly
    report: its tables with rows in each, its other pages as corrected."""
    quarterly = (made.second.path / "site").rglob("*.html")
    others = [path for path in sorted(quarterly) if path.parent.name != "tables"]
    apart = year.quarterly.path / "site"
    mine = [
        path for path in year.pages if apart not in path.parents or path.parent.name == "tables"
    ]
    return [senders_page, made.published / "index.html", *others, *mine]


@pytest.fixture(scope="module")
def browser() -> Iterator[object]:
    with playwright.sync_playwright() as running:
        opened = running.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield opened
        opened.close()


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (320, "light"), (1280, "dark")])
def test_axe_finds_nothing_on_any_page(  # type: ignore[no-untyped-def]
    pages: list[Path], browser, width: int, scheme: str
) -> None:
    context = browser.new_context(
        viewport={"width": width, "height": 900}, bypass_csp=True, color_scheme=scheme
    )
    page = context.new_page()
    checker = axe.Axe()
    asked = ("rule", OF_COLOUR) if scheme == "dark" else ("tag", RULES)
    options = {
        "runOnly": dict(zip(("type", "values"), asked, strict=True)),
        "resultTypes": ["violations"],
    }
    for path in pages:
        page.goto(path.as_uri())
        found = checker.run(page, options=options).response["violations"]
        told = [(one["id"], [node["html"] for node in one["nodes"]][:3]) for one in found]
        assert not told, f"{path}: {told}"
    context.close()


def test_axe_finds_a_planted_fault(made: Made, browser) -> None:  # type: ignore[no-untyped-def]
    page = browser.new_page(bypass_csp=True)
    page.goto((made.second.path / "site" / "index.html").as_uri())
    page.evaluate("document.documentElement.removeAttribute('lang')")
    page.evaluate("document.querySelector('h1').style.color = '#ddd'")
    found = {one["id"] for one in axe.Axe().run(page).response["violations"]}
    assert {"html-has-lang", "color-contrast"} <= found
    page.close()


def test_no_page_asks_for_anything_but_itself_and_reads_without_script(  # type: ignore[no-untyped-def]
    pages: list[Path], browser
) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    faults: list[str] = []
    page.on("console", lambda message: faults.append(message.text))
    for path in pages:
        asked.clear()
        page.goto(path.as_uri())
        assert [url for url in asked if not url.startswith("data:")] == [path.as_uri()]
        assert page.locator("h1").count() == 1
        assert page.locator("main").inner_text().strip()
    assert faults == []
    context.close()


def test_at_320_pixels_or_400_per_cent_nothing_but_a_table_scrolls_sideways(  # type: ignore[no-untyped-def]
    pages: list[Path], browser
) -> None:
    context = browser.new_context(viewport=NARROW)
    page = context.new_page()
    for path in pages:
        page.goto(path.as_uri())
        assert page.evaluate("document.documentElement.scrollWidth") <= NARROW["width"], path
        lost = page.evaluate(
            """() => [...document.querySelectorAll('main *')].filter(one =>
                !one.closest('.scroll') && !one.closest('svg') && !one.closest('.hidden')
                && one.getBoundingClientRect().right > 321)
                .map(one => one.outerHTML.slice(0, 80))"""
        )
        assert lost == [], path
    context.close()


def test_text_spacing_and_larger_text_lose_nothing(pages: list[Path], browser) -> None:  # type: ignore[no-untyped-def]
    page = browser.new_page(viewport={"width": 640, "height": 900}, bypass_csp=True)
    for path in pages:
        page.goto(path.as_uri())
        page.add_style_tag(
            content="html { font-size: 200% } p { margin-bottom: 2em !important }"
            " * { line-height: 1.5 !important; letter-spacing: .12em !important;"
            " word-spacing: .16em !important }"
        )
        assert page.evaluate("document.documentElement.scrollWidth") <= 640, path
    page.close()


def test_the_keyboard_alone_reaches_everything_and_shows_where_it_is(  # type: ignore[no-untyped-def]
    pages: list[Path], browser
) -> None:
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    for path in pages:
        page.goto(path.as_uri())
        page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
        wanted = page.locator("a[href], [tabindex='0'], summary").count()
        reached: list[str] = []
        for _ in range(wanted):
            page.keyboard.press("Tab")
            seen = page.evaluate(
                """() => { const one = document.activeElement, style = getComputedStyle(one);
                    return [one.tagName, one.matches('a[href], [tabindex="0"], summary'),
                            style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2,
                            [...document.querySelectorAll('*')].indexOf(one)] }"""
            )
            assert seen[1], f"{path}: the focus is lost at {seen[0]}"
            assert seen[2], f"{path}: {seen[0]} does not show that it has the focus"
            reached.append(seen[3])
        assert len(set(reached)) == wanted, path
    page.close()


def test_the_skip_link_leads_past_the_menu(made: Made, browser) -> None:  # type: ignore[no-untyped-def]
    page = browser.new_page()
    page.goto((made.second.path / "site" / "index.html").as_uri())
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
    page.close()


def test_targets_are_large_enough_to_hit(pages: list[Path], browser) -> None:  # type: ignore[no-untyped-def]
    page = browser.new_page(viewport={"width": 390, "height": 844})
    for path in pages:
        page.goto(path.as_uri())
        low = page.evaluate(
            """() => [...document.querySelectorAll('nav a')]
                .map(one => one.getBoundingClientRect().height).filter(height => height < 24)"""
        )
        assert low == [], path
    page.close()


def test_a_page_prints_with_its_tables_and_without_its_menu(made: Made, browser) -> None:  # type: ignore[no-untyped-def]
    page = browser.new_page()
    page.goto((made.second.path / "site" / "tables" / "local-spend.html").as_uri())
    page.emulate_media(media="print")
    assert not page.locator("nav").is_visible()
    assert page.locator("table").first.is_visible()
    content = page.pdf(format="A4", prefer_css_page_size=True)
    assert content.startswith(b"%PDF")
    page.close()


@pytest.mark.skipif(PDFTOTEXT is None, reason="Poppler is not installed")
def test_no_printed_chapter_ends_with_a_page_of_its_imprint(year: Year, browser) -> None:  # type: ignore[no-untyped-def]
    assert PDFTOTEXT
    page = browser.new_page()
    for path in sorted((year.annual.path / "site" / "chapters").glob("*.html")):
        page.goto(path.as_uri())
        printed = page.pdf(prefer_css_page_size=True)
        text = subprocess.run([PDFTOTEXT, "-", "-"], input=printed, capture_output=True, check=True)
        first, *others = text.stdout.decode("utf-8").split("\f")
        assert "revision 1, by the returns in force on" in " ".join(first.split()), path.name
        assert not any("returns in force on" in " ".join(one.split()) for one in others), path.name
    page.close()
