// Servers start after those that they wait for, and a circle is found and named.
import assert from 'node:assert/strict'
import {test} from 'node:test'
import fc from 'fast-check'
import {startBatches} from '../../../scripts/lib/fleet/startBatches.ts'

test('what waits for nothing starts first, and all at once', () => {
  const servers = [
    {name: 'a', after: ['b', 'c']},
    {name: 'b', after: ['c']},
    {name: 'c', after: []},
    {name: 'd', after: []},
  ]
  assert.deepEqual(startBatches(servers), {batches: [['c', 'd'], ['b'], ['a']], circle: []})
})

test('a circle names those in it, in order, and not those that wait for it', () => {
  const servers = [
    {name: 'outside', after: ['b']},
    {name: 'a', after: ['b']},
    {name: 'b', after: ['c']},
    {name: 'c', after: ['a']},
    {name: 'free', after: []},
  ]
  assert.deepEqual(startBatches(servers), {batches: [['free']], circle: ['b', 'c', 'a']})
  assert.deepEqual(startBatches([{name: 'alone', after: ['alone']}]).circle, ['alone'])
})

test('in any fleet without a circle everything starts once, after all that it waits for', () => {
  const fleets = fc
    .array(fc.array(fc.nat(20), {maxLength: 4}), {maxLength: 20})
    .map(list =>
      list.map((after, index) => ({name: `s${index}`, after: after.filter(i => i < index).map(i => `s${i}`)})),
    )
  fc.assert(
    fc.property(fleets, servers => {
      const {batches, circle} = startBatches(servers.toReversed())
      const order = batches.flat()
      assert.deepEqual(circle, [])
      assert.deepEqual(order.toSorted(), servers.map(server => server.name).toSorted())
      const batchOf = new Map(batches.flatMap((batch, index) => batch.map(name => [name, index] as const)))
      for (const {name, after} of servers)
        for (const other of after) assert.ok((batchOf.get(other) ?? 0) < (batchOf.get(name) ?? 0))
    }),
  )
})
