// Arguments of later calls take what earlier ones kept, whatever its type, and name what is missing.
import assert from 'node:assert/strict'
import {test} from 'node:test'
import {checkName} from '../../../scripts/lib/expect/checkName.ts'
import {fillKept} from '../../../scripts/lib/expect/fillKept.ts'

const kept = {id: 7, name: 'harbour', list: [1, 2], none: null}

test('a text that is one reference becomes the value itself', () => {
  const value = {a: '{kept.id}', b: ['{kept.list}', '{kept.none}'], c: {d: '{kept.name}'}}
  assert.deepEqual(fillKept(value, kept), {value: {a: 7, b: [[1, 2], null], c: {d: 'harbour'}}, missing: []})
})

test('within a longer text a value stands as text, a list or map as JSON', () => {
  assert.equal(fillKept('/{kept.name}/{kept.id}?{kept.list}', kept).value, '/harbour/7?[1,2]')
})

test('what was not kept is named and stays as it is, and so is what every object has', () => {
  assert.deepEqual(fillKept(['{kept.other}', 'x {kept.constructor}', '{kept.toString}'], kept), {
    value: ['{kept.other}', 'x {kept.constructor}', '{kept.toString}'],
    missing: ['other', 'constructor', 'toString'],
  })
})

test('everything else stays as it is, and nothing is changed in place', () => {
  const value = {a: 1, b: null, c: true, d: '{state}', e: '{"kept": 1}'}
  assert.deepEqual(fillKept(value, kept), {value, missing: []})
})

test('the name of a check is made from a title', () => {
  assert.deepEqual(['Reads a file!', 'get-sum', '  Ünder__score 2 ', '…'].map(checkName), [
    'reads-a-file',
    'get-sum',
    'nder-score-2',
    'call',
  ])
})
