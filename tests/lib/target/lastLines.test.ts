import assert from 'node:assert/strict'
import {test} from 'node:test'
import {excerptOf, logEnd} from '../../../scripts/lib/target/lastLines.ts'

const lines = (what: string, count: number) => Array.from({length: count}, (_, index) => `${what} ${index + 1}`)

test('A9 a log shows its first error, which its end may not hold', () => {
  const log = [
    'starting',
    "Error: Cannot find module '../build/Release/addon.node'",
    '    at load (bindings.js:121)',
    'Require stack:',
    ...lines('the bridge: connection closed', 20),
  ].join('\n')
  assert.equal(
    logEnd(excerptOf(`${log}\n`)),
    [
      '; the first error in its log:',
      "Error: Cannot find module '../build/Release/addon.node'",
      '    at load (bindings.js:121)',
      'Require stack:',
      'it ends:',
      ...lines('the bridge: connection closed', 20).slice(5),
    ].join('\n'),
  )
})

test('A9 an error that stands in the end is shown once, and no log is no error', () => {
  const log = [...lines('good', 3), 'fatal: no licence'].join('\n')
  assert.equal(logEnd(excerptOf(log)), `; its log ends:\n${log}`)
  assert.equal(logEnd(excerptOf([...lines('good', 30), 'stopping'].join('\n'))).includes('first error'), false)
  assert.equal(logEnd(excerptOf('')), '; it wrote nothing to its log')
})
