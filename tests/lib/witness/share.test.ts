import assert from 'node:assert/strict'
import {test} from 'node:test'
import {share} from '../../../scripts/lib/witness/share.ts'

for (const [legacy, modern] of [
  [true, true],
  [true, false],
  [false, true],
] as const) {
  test(`calls and sessions add up to what was asked for (legacy ${legacy}, modern ${modern})`, () => {
    const shared = share({callsPerSecond: 200, sessions: 50, legacy, modern, effectsPerSecond: 5})
    const {inFlight, idle, streams, officialSdk, effects} = shared
    const calls =
      (legacy ? inFlight.perSecond : 0) +
      (modern ? shared.modern.perSecond : 0) +
      officialSdk.perSecond +
      effects.perSecond
    assert.equal(calls, 200)
    // One session is that of the counted calls.
    assert.equal(inFlight.sessions + idle.sessions + streams.streams + 1, 50)
  })
}

test('few calls and few sessions leave somebody in every population', () => {
  const {inFlight, idle, streams, officialSdk, modern} = share({
    callsPerSecond: 1,
    sessions: 1,
    legacy: true,
    modern: true,
    effectsPerSecond: undefined,
  })
  assert.deepEqual([inFlight.sessions, idle.sessions, streams.streams], [1, 1, 1])
  for (const rate of [inFlight.perSecond, officialSdk.perSecond, modern.perSecond]) assert.ok(rate > 0)
})
