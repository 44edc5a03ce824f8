// The HTML report in a real browser: one request, no script, nothing wider than a phone, hostile text stays text.
import assert from 'node:assert/strict'
import {createServer} from 'node:http'
import type {AddressInfo} from 'node:net'
import {after, before, test} from 'node:test'
import type {Browser, Page} from 'playwright-core'
import type {Entry} from '../../scripts/lib/journal/entry.ts'
import {renderHtml} from '../../scripts/reporters/html.ts'
import {noChromium, openChromium} from './openChromium.ts'
import {checkEntry, journalOf, runEntry, sampleJournal, sampleNames, stepEntries} from './sampleJournal.ts'

const hostile = [
  "<script>document.title='owned'</script>",
  '</pre></details></li></main><img src=x onerror="document.title=\'owned\'">',
  '"onmouseover="document.title=\'owned\'" x="',
  "'><svg onload=document.title='owned'>",
  '--><style>body{display:none}</style><!--',
  '\u202etxet\u001b[2J</title><base href="http://127.0.0.1:1/">',
].join(' ')

/** A journal in which every text that someone else can supply is hostile. */
function hostileJournal(): Entry[] {
  const check = checkEntry({
    verdict: 'fail',
    detail: hostile,
    evidence: hostile,
    remedy: hostile,
    server: hostile,
    unit: hostile,
  })
  return journalOf(
    {...runEntry('a', hostile), environment: hostile, host: hostile} as Parameters<typeof journalOf>[0],
    ...stepEntries('a', {detail: hostile}),
    {...check, phase: hostile, check: hostile, value: hostile, limit: hostile} as Parameters<typeof journalOf>[0],
    checkEntry({verdict: 'fail', detail: 'x', accepted: {reason: hostile, until: hostile}}),
    {type: 'fact', name: hostile, value: {[hostile]: hostile}},
    {type: 'fact', name: 'unproved', value: {what: hostile, why: hostile}},
    {
      type: 'fact',
      name: 'plan',
      value: {summary: hostile, changes: [{server: hostile, change: hostile, detail: hostile}]},
    },
    {type: 'command', id: hostile, state: 'finished', why: hostile, argv: [hostile], readOnly: true, output: hostile},
    {type: 'release', release: hostile, event: 'built', detail: hostile},
  )
}

let browser: Browser
before(async () => {
  if (!noChromium) browser = await openChromium()
})
after(() => browser?.close())

interface Opened {
  page: Page
  /** Every request that the page made, its own address left out. */
  requests: string[]
  errors: string[]
}

/** Serves the page on loopback, opens it, and closes both after the test. */
async function opened<Result>(html: string, width: number, look: (opened: Opened) => Promise<Result>): Promise<Result> {
  const server = createServer((_request, response) => response.setHeader('content-type', 'text/html').end(html))
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
  const page = await browser.newPage({viewport: {width, height: 800}})
  const found: Opened = {page, requests: [], errors: []}
  page.on('request', request => request.url() !== address && found.requests.push(request.url()))
  page.on('console', message => message.type() === 'error' && found.errors.push(message.text()))
  page.on('pageerror', error => found.errors.push(String(error)))
  try {
    await page.goto(address, {timeout: 20_000})
    return await look(found)
  } finally {
    await page.close()
    server.closeAllConnections()
    server.close()
  }
}

// Expressions that the page evaluates are text: this program is compiled without the types of a browser.
const scrolls = 'document.documentElement.scrollWidth > document.documentElement.clientWidth'

for (const name of sampleNames) {
  test(`${name}: no request, no error, no sideways scrolling at 360 and 1280 px`, {skip: noChromium}, async () => {
    await opened(renderHtml(sampleJournal(name)), 360, async ({page, requests, errors}) => {
      for (const width of [360, 1280]) {
        await page.setViewportSize({width, height: 800})
        assert.equal(await page.evaluate(scrolls), false, `${width} px`)
      }
      assert.deepEqual([requests.filter(url => !url.startsWith('data:')), errors], [[], []])
      const word = name === 'passing' ? 'READY' : 'NOT READY'
      assert.match((await page.locator('h1').textContent()) ?? '', new RegExp(`^\\S ${word}$`))
    })
  })
}

test('hostile text runs nothing, makes nothing and fits a phone, even without the policy', {
  skip: noChromium,
}, async () => {
  const safe = renderHtml(hostileJournal())
  const bare = safe.replace(/<meta http-equiv="Content-Security-Policy"[^>]*>/, '')
  assert.notEqual(bare, safe)
  await opened(bare, 360, async ({page, requests, errors}) => {
    assert.deepEqual([requests.filter(url => !url.startsWith('data:')), errors], [[], []])
    assert.match(await page.title(), /^NOT READY: <script>document\.title='owned'<\/script>/)
    const made = await page.evaluate(`({
      foreign: document.querySelectorAll('script, img, svg, base, iframe, body style').length,
      handlers: [...document.querySelectorAll('*')].flatMap(it => it.getAttributeNames()).filter(name => name.startsWith('on')),
    })`)
    assert.deepEqual(made, {foreign: 0, handlers: []})
    assert.equal(await page.evaluate(scrolls), false)
  })
})

test('were an escape forgotten, the policy would still stop the script', {skip: noChromium}, async () => {
  const broken = renderHtml(sampleJournal('passing')).replace(
    '</main>',
    "<script>document.title='owned'</script></main>",
  )
  await opened(broken, 360, async ({page, errors}) => {
    assert.match(await page.title(), /^READY: staging/)
    assert.match(errors.join('\n'), /Content Security Policy/)
  })
})

test('verdicts are words, readable in light and dark: contrast is at least 4.5', {skip: noChromium}, async () => {
  for (const colorScheme of ['light', 'dark'] as const) {
    await opened(renderHtml(sampleJournal('failing')), 1280, async ({page}) => {
      await page.emulateMedia({colorScheme})
      const tones = await page.evaluate<[text: string, ink: string, paper: string][]>(`
        [...document.querySelectorAll('.verdict, .soft, .detail')].map(it =>
          [it.textContent, getComputedStyle(it).color, getComputedStyle(document.body).backgroundColor])`)
      for (const [text, ink, paper] of tones)
        assert.ok(contrast(ink, paper) >= 4.5, `${colorScheme} "${text.slice(0, 40)}" ${ink} on ${paper}`)
      const words = await page.locator('.verdict').allTextContents()
      for (const word of words) assert.match(word, /pass|fail|error|inconclusive|skip|accepted/)
    })
  }
})

test('print opens the evidence of what failed and shows the sign-off', {skip: noChromium}, async () => {
  await opened(renderHtml(sampleJournal('failing')), 760, async ({page}) => {
    const evidence = page.locator('#issues pre').first()
    assert.deepEqual([await evidence.isVisible(), await page.locator('#sign-off').isVisible()], [false, false])
    await page.emulateMedia({media: 'print'})
    assert.deepEqual([await evidence.isVisible(), await page.locator('#sign-off').isVisible()], [true, true])
    assert.ok((await page.pdf({format: 'A4'})).length > 10_000)
  })
})

test('each check shows its value against its limit, and its evidence; a killed step says so', () => {
  const failing = renderHtml(sampleJournal('failing'))
  assert.match(
    failing,
    /<i style="--value:90\.00%"><\/i><b style="--limit:32\.77%"><\/b><\/span><b>412 ms<\/b> <span class="soft">limit {2}150 ms/,
  )
  assert.match(failing, /<b>318 ms<\/b> <span class="soft">limit ≤ 1 000 ms/)
  assert.equal(failing.match(/<summary>evidence<\/summary><pre>p50 96 ms, p95 412 ms/g)?.length, 2, 'issue and check')
  const killed = renderHtml(sampleJournal('killed'))
  assert.match(killed, /Killed before its end: 70-health\. Never began: 80-verify/)
  assert.match(killed, /no end was recorded: in doubt/)
})

/** Contrast ratio of two `rgb()` colours (WCAG 2.2, relative luminance). */
function contrast(one: string, other: string): number {
  const [light = 0, dark = 0] = [luminance(one), luminance(other)].toSorted((a, b) => b - a)
  return (light + 0.05) / (dark + 0.05)
}

function luminance(colour: string): number {
  const [red = 0, green = 0, blue = 0] = (colour.match(/[\d.]+/g) ?? []).map(part => {
    const share = Number(part) / 255
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4
  })
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue
}
