// The Markdown report says what rows A9 and B10 ask for, is truthful about unfinished runs, and foreign text stays text.
import assert from 'node:assert/strict'
import {test} from 'node:test'
import fc from 'fast-check'
import {readReportTemplate} from '../../scripts/reporters/markdown/readReportTemplate.ts'
import {renderMarkdown} from '../../scripts/reporters/markdown.ts'
import {checkEntry, journalOf, runEntry, sampleJournal, stepEntries} from './sampleJournal.ts'

const template = readReportTemplate()
const report = (name: Parameters<typeof sampleJournal>[0]) => renderMarkdown(sampleJournal(name), {template})

/** The text between a heading and the next of the same level. */
function part(text: string, heading: string): string {
  const [, after = ''] = text.split(`\n## ${heading}\n`)
  return after.split('\n## ')[0] ?? ''
}

test('A9 date and time, versions, environment and the result of each case', () => {
  const text = report('passing')
  assert.match(text, /^# Test report: staging, 2026-11-20 09:48:12 UTC\n/)
  assert.match(text, /Test date: 2026-11-20 09:48:12 UTC to 2026-11-20 09:48:17 UTC \(5\.6 s\)/)
  const versions = part(text, 'Versions')
  assert.match(versions, /\| Seaworthy \| 0\.1\.0 \|/)
  assert.match(versions, /\| Node \| v26\.10\.0 \|/)
  assert.match(versions, /\| server `files` \| @modelcontextprotocol\/server-filesystem 2026\.7\.10 \|/)
  const environment = part(text, 'Environment')
  assert.match(environment, /\| Machine \| Debian GNU\/Linux 12 \(bookworm\), 2 CPUs, 7950 MB memory \|/)
  assert.match(environment, /\| Live \| unchanged: its fingerprint was the same before and after \|/)
  assert.match(text, /Release: `sha256:9f2c41d07be86a53c1d4e0b7f8a92e6615c03d7ab4f19e2280d6c5137ef0ab94`/)
  const results = part(text, 'Test results')
  assert.match(results, /### Phase `calls`\n\n\*\*Result: PASS\*\*, 5 of 5 checks passed on 4 servers\./)
  assert.match(results, /\| ✓ pass \| `health\/ladder` \| `memory` \| 318 ms \| ≤ 1 000 ms \| Climbed 5 of 5 rungs/)
})

test('B10 performance table, issues with severity and resolution, recommendations, conclusion, sign-off', () => {
  const text = report('failing')
  assert.match(
    part(text, 'Performance'),
    /\| `calls\/search-nodes` \| `memory` \| 412 ms \| 150 ms \| 275 % \| ✗ fail \|/,
  )
  assert.match(
    part(text, 'Performance'),
    /\| `tools\/discovery` \| `files` \| 14 tools \| ≥ 1 tools \| {2}\| ✓ pass \|/,
  )
  const issues = part(text, 'Issues found')
  assert.match(
    issues,
    /2\. `calls\/search-nodes memory`\n {3}- Severity: \*\*High\*\*\n {3}- Description: search_nodes took 412 ms/,
  )
  assert.match(issues, /Recommended resolution: look at the memory of the server/)
  assert.match(issues, /4\. `calls\/provider llm-bridge`\n {3}- Severity: \*\*Medium\*\*/)
  assert.doesNotMatch(issues, /bind-address/, 'what is accepted is no issue to resolve')
  assert.match(part(text, 'Recommendations'), /Do not deploy this release/)
  assert.match(
    part(text, 'Conclusion'),
    /\*\*Overall assessment: NOT READY\.\*\* 3 checks failed\. 1 check could not be judged/,
  )
  assert.match(part(text, 'Sign-off'), /Tester \(name, signature\): _+\n- Date: _+\n- Approved \(YES \/ NO\): _+/)
})

test('READY with accepted findings names their reason and end date, and what was not proved', () => {
  const text = report('passing')
  assert.match(
    part(text, 'Conclusion'),
    /READY\.\*\* Every check that decides passed \(27 of 30\); 2 failures known and accepted/,
  )
  assert.match(
    part(text, 'Accepted findings'),
    /`tools\/bind-address` \| `everything` \| Listens on 0\.0\.0\.0:41811; .* \| 2026-12-31 \|/,
  )
  assert.match(part(text, 'What was not proved'), /- \*\*behaviour under load\*\*: no load is declared for staging/)
  assert.match(part(text, 'Recommendations'), /1\. Mend 2 accepted findings; the first acceptance ends on 2026-12-31\./)
  assert.equal(part(text, 'Issues found').trim(), 'None.')
})

test('a killed run says so, and what it never came to', () => {
  const text = report('killed')
  assert.match(
    text,
    /\*\*NOT READY\.\*\* Killed before its end: 70-health\. Never began: 80-verify, 99-cleanup and 95-report\./,
  )
  assert.match(part(text, 'Steps'), /\| `70-health` \| ! error \| 454 ms \| began and never ended: it was killed \|/)
  assert.match(part(text, 'Steps'), /\| `80-verify` \| never began \|/)
  assert.match(
    part(text, 'What was not proved'),
    /that live is unchanged\*\*: its fingerprint was taken before the rehearsal and not after/,
  )
})

test('a run that stopped in preflight is NOT READY with the reason and what to do', () => {
  const text = report('stopped-in-preflight')
  assert.match(
    text,
    /\*\*NOT READY\.\*\* Nothing was checked, and no evidence is never a pass\. Did not end well: 10-preflight\./,
  )
  assert.match(
    part(text, 'Issues found'),
    /Description: fleet\.yaml:31:11 servers\.llm-bridge\.env\.OPENAI_API_KEY: .* is missing\n/,
  )
  assert.match(
    part(text, 'Issues found'),
    /Recommended resolution: export OPENAI_API_KEY or write it into \.env\.staging/,
  )
  assert.equal(part(text, 'Results by server and phase').trim(), 'Nothing was checked.')
  assert.match(part(text, 'Environment'), /\| Release \| none was built \|/)
})

test('foreign text cannot become a heading, a table border, HTML, a link or the end of a fence', () => {
  const words = fc.constantFrom(
    '|',
    '`',
    '```',
    '<img>',
    '\n# x',
    '\n\n',
    '[a](b)',
    '![](b)',
    '*',
    '\\',
    '&lt;',
    '| --- |',
    'x',
  )
  fc.assert(
    fc.property(
      fc.array(words).map(list => list.join('')),
      fc.array(words).map(list => list.join('')),
      (detail, evidence) => {
        const check = checkEntry({verdict: 'fail', detail, evidence, remedy: detail, server: `s${evidence}`})
        const text = renderMarkdown(journalOf(runEntry('a'), ...stepEntries('a', {detail}), check), {template})
        const outside = withoutFences(text)
        const escapes = outside.replace(/\\[\\`*[\]<|~$_#+\-=>.)]/g, '').replace(/(`+)[^`][^\n]*?\1(?!`)/g, 'code')
        assert.doesNotMatch(escapes, /[<[\]]/)
        assert.doesNotMatch(escapes, /^\s*# x/m)
        for (const rows of outside.match(/^\|.*(\n\|.*)+/gm) ?? []) {
          // GitHub takes a backslash and the character after it together, also inside code, and then looks for borders.
          const borders = rows.split('\n').map(row => row.replace(/\\./g, '').split('|').length)
          assert.equal(new Set(borders).size, 1, rows)
        }
        assert.match(outside, /^\| Verdict \| Check \|/m, 'there is a table to look at')
      },
    ),
    {numRuns: 200},
  )
})

/** Text without fenced blocks; a fence ends at the first line with at least as many backticks, as CommonMark says. */
function withoutFences(text: string): string {
  let fence: string | undefined
  const outside = text.split('\n').filter(line => {
    const ticks = /^\s*(`{3,})(text)?$/.exec(line)?.[1]
    if (fence === undefined && ticks) fence = ticks
    else if (fence !== undefined && ticks && ticks.length >= fence.length) fence = undefined
    else return fence === undefined
    return false
  })
  assert.equal(fence, undefined, 'every fence is closed')
  return outside.join('\n')
}

test('while its own step is running, a report does not call itself killed', () => {
  const entries = journalOf(
    runEntry('80-verify', '95-report', '99-cleanup'),
    ...stepEntries('80-verify'),
    checkEntry(),
    {
      type: 'step',
      step: '95-report',
      state: 'started',
    },
  )
  const during = renderMarkdown(entries, {template, during: '95-report'})
  assert.match(during, /Overall assessment: READY/)
  assert.match(part(during, 'Steps'), /`95-report` \| running .*\n\| `99-cleanup` \| to come/)
  assert.match(renderMarkdown(entries, {template}), /Killed before its end: 95-report\. Never began: 99-cleanup\./)
})
