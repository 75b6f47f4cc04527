"""What every page must stand: axe, small screens, large letters, and the keyboard alone."""

import json
from importlib.resources import files

from playwright.async_api import Page

from tests.channels.web.test_browser import fits

AXE = files("axe_playwright_python").joinpath("axe.min.js").read_text(encoding="utf-8")
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
WANTED = {"runOnly": {"type": "tag", "values": TAGS}, "resultTypes": ["violations"]}
RUN = f"""async () => {{
  const found = await axe.run(document, {json.dumps(WANTED)});
  return found.violations.flatMap((one) => one.nodes.map(
    (node) => `${{one.id}}: ${{node.html.slice(0, 120)}} ${{node.failureSummary}}`));
}}"""

STOPS = """() => {
  const named = (one) => one.type === 'radio' ? `circles ${one.name}` : one;
  const reachable = [...document.querySelectorAll(
    'a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex="0"]',
  )].filter((one) => !one.disabled && one.tabIndex >= 0 && one.checkVisibility());
  window.left = new Set(reachable.map(named));
  window.reached = () => {
    const one = document.activeElement;
    left.delete(named(one));
    if (one === document.body || one === document.documentElement) return ['', left.size];
    const style = getComputedStyle(one);
    const box = one.getBoundingClientRect();
    const isSeen = box.bottom > 0 && box.top < innerHeight && box.right > 0;
    const isMarked = style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2;
    return [isSeen && isMarked ? '' : one.outerHTML.slice(0, 120), left.size];
  };
  return left.size;
}"""
"""Of circles of one name, Tab reaches one; the arrows reach the others."""

LEFT = """() => [...left].map((one) => one.outerHTML?.slice(0, 120) ?? one)"""


async def checked(page: Page) -> None:
    """Let axe find nothing, on a small screen and at twice the size; nothing scrolls sideways."""
    await fits(page)
    for width, letters in ((320, "100%"), (360, "200%")):
        await page.set_viewport_size({"width": width, "height": 740})
        await page.evaluate("(size) => { document.documentElement.style.fontSize = size }", letters)
        if not await page.evaluate("'axe' in window"):
            await page.add_script_tag(content=AXE)
        assert await page.evaluate(RUN) == [], (page.url, width, letters)


async def reached(page: Page) -> None:
    """Tab through the page: it reaches everything, and where one is can be seen."""
    await page.set_viewport_size({"width": 320, "height": 740})
    stops = await page.evaluate(STOPS)
    unseen: set[str] = set()
    for _ in range(2 * stops + 8):
        await page.keyboard.press("Tab")
        where, left = await page.evaluate("reached()")
        unseen.add(where)
        if not left:
            break
    assert await page.evaluate(LEFT) == [], page.url
    assert unseen - {""} == set(), (page.url, unseen)
