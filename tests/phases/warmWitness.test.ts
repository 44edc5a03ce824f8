// What is done before a step's turn is what is done in it, else it would warm nothing.
import assert from 'node:assert/strict'
import {test} from 'node:test'
import {warmWitness} from '../../scripts/phases/warmWitness.ts'

test('held clients of every kind but the counted one open, call and end', async () => {
  const {warm} = await warmWitness()
  const states = Object.entries(warm?.populations ?? {}).map(([name, {state}]) => [name, state])
  assert.deepEqual(states, [
    ['legacy-in-flight', 'seen'],
    ['legacy-idle', 'seen'],
    ['stream', 'seen'],
    ['modern', 'seen'],
    ['official-sdk', 'seen'],
    ['effects', 'skipped'],
  ])
  const idle = warm?.populations['legacy-idle']
  assert.ok(idle?.state === 'seen' && idle.calls !== undefined && idle.calls.completed > 0, JSON.stringify(idle))
})
