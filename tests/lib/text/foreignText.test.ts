// Foreign text is made harmless, in one place for terminals, messages and reports.
import assert from 'node:assert/strict'
import {test} from 'node:test'
import fc from 'fast-check'
import {clipped, oneLine, visible} from '../../../scripts/lib/text/foreignText.ts'

test('control, reordering and invisible characters are shown by their number; ordinary text is not touched', () => {
  assert.equal(visible('a\u001b[2J\u202eb\u200bc\u0000\r\nd\te'), 'a⟨U+001B⟩[2J⟨U+202E⟩b⟨U+200B⟩c⟨U+0000⟩\nd\te')
  assert.equal(visible('\u{e0041}'), '⟨U+E0041⟩')
  assert.equal(visible('naïve 👩‍💻 日本 ≤ →'), 'naïve 👩‍💻 日本 ≤ →')
  assert.equal(oneLine(' a\r\n\n b\t'), 'a b')
  fc.assert(fc.property(fc.string({unit: 'binary'}), text => visible(visible(text)) === visible(text)))
})

test('what is cut says how much was cut', () => {
  assert.equal(clipped('abcdef', 6), 'abcdef')
  assert.equal(clipped('abcdef', 4), 'abcd… (2 more characters in the journal)')
})
