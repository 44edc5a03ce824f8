// What depends on its inputs alone is worked out once for the same ones.
import assert from 'node:assert/strict'
import {test} from 'node:test'
import {remembered} from '../../../scripts/lib/fleet/remembered.ts'

function counted() {
  const worked: string[] = []
  const join = remembered(
    (text: string, more: {of: string}) => [text, more.of],
    (text, {of}) => {
      worked.push(text)
      if (text === 'bad') throw new Error('a fault')
      return `${text} ${of}`
    },
  )
  return {join, worked}
}

test('the same inputs give the same result, which is worked out once', () => {
  const {join, worked} = counted()
  assert.equal(join('one', {of: 'two'}), 'one two')
  assert.equal(join('one', {of: 'two'}), 'one two')
  assert.deepEqual(worked, ['one'])
})

test('any other input is worked out, and only the last is remembered', () => {
  const {join, worked} = counted()
  assert.deepEqual(
    ['two', 'three', 'two'].map(of => join('one', {of})),
    ['one two', 'one three', 'one two'],
  )
  assert.equal(worked.length, 3)
})

test('a fault is met again each time', () => {
  const {join, worked} = counted()
  for (let round = 0; round < 2; round++) assert.throws(() => join('bad', {of: ''}), /a fault/)
  assert.equal(worked.length, 2)
})
