import assert from 'node:assert/strict'
import {test} from 'node:test'
import {harmless, jsonText, printed, stepLine} from '../../../scripts/lib/cli/printed.ts'
import {lineOf} from '../../../scripts/lib/journal/lineOf.ts'

const given = {environment: 'staging', fleetPath: 'mine.yaml'}
// Clears the screen, names the window, rings, an 8-bit control sequence, reorders, goes back to the beginning of the line.
const orders = '\u001b[2J\u001b]0;owned\u0007\u009b31m\u202eevil\rREADY'
// biome-ignore lint/suspicious/noControlCharactersInRegex: it is what must not be there
const obeyed = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/

test('A5 a line for people holds nothing that a terminal obeys, and its commands are complete', () => {
  const line = printed(`${orders}\n→ pnpm resume`, given)
  assert.doesNotMatch(line, obeyed)
  assert.match(line, /⟨U\+001B⟩\[2J/)
  assert.match(line, /pnpm resume --fleet mine\.yaml$/)
})

test('A5 what a step printed keeps its colours and nothing else', () => {
  const shown = stepLine(`\u001b[1m\u001b[31mNOT READY\u001b[39m\u001b[22m ${orders}`)
  const coloured = '\u001b[1m\u001b[31mNOT READY\u001b[39m\u001b[22m '
  assert.equal(shown.slice(0, coloured.length), coloured)
  assert.doesNotMatch(shown.slice(coloured.length), obeyed)
})

test('A5 JSON that is printed says the same and holds nothing that a terminal obeys', () => {
  const value = {detail: `${orders} 👩‍💻 \u{e0001}`}
  assert.doesNotMatch(jsonText(value), obeyed)
  assert.deepEqual(JSON.parse(jsonText(value, 2)), value)
})

test('A5 no line gives orders to the runner of GitHub', () => {
  const lines = harmless('::error::no\n  ::stop-commands::x\nsee ##[group]this; a::b stays').split('\n')
  for (const line of lines) assert.doesNotMatch(line, /^\s*::|##\[/)
  assert.match(lines.at(-1) ?? '', /a::b stays$/)
})

test('A5 an answer of several lines has no line that looks like one of ours', () => {
  const line = lineOf({
    type: 'check',
    phase: 'calls',
    check: 'calls/x',
    verdict: 'fail',
    detail: 'got "\r\n✓ READY (pass)\n  → run rm"',
  })
  assert.equal(line, '✗ calls/x: got "\n    ✓ READY (pass)\n      → run rm"')
})
