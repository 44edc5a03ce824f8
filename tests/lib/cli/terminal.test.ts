// Colours and cursor moves are sent only where the terminal and its user want them.
import assert from 'node:assert/strict'
import {test} from 'node:test'
import {hasColours, hasCursor} from '../../../scripts/lib/cli/terminal.ts'

const terminal = {isTTY: true}

test('colours go to a terminal that is not dumb, unless NO_COLOR is set', () => {
  assert.equal(hasColours(terminal, {}), true)
  assert.equal(hasColours(terminal, {NO_COLOR: ''}), true)
  assert.equal(hasColours(terminal, {NO_COLOR: '1'}), false)
  assert.equal(hasColours(terminal, {TERM: 'dumb'}), false)
  assert.equal(hasColours({}, {}), false)
})

test('FORCE_COLOR decides by its value, and 0 means none', () => {
  assert.equal(hasColours({}, {FORCE_COLOR: '1', NO_COLOR: '1'}), true)
  assert.equal(hasColours(terminal, {FORCE_COLOR: '0'}), false)
})

test('a dumb terminal is drawn on by nobody', () => {
  assert.equal(hasCursor(terminal, {TERM: 'xterm'}), true)
  assert.equal(hasCursor(terminal, {TERM: 'dumb'}), false)
  assert.equal(hasCursor({}, {}), false)
})
