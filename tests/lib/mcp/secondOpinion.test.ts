import assert from 'node:assert/strict'
import {test} from 'node:test'
import {secondOpinion} from '../../../scripts/lib/mcp/secondOpinion.ts'
import {startFixture} from './startFixture.ts'

const probe = {tool: 'echo', arguments: {message: 'hello'}}

for (const era of ['legacy', 'modern'] as const) {
  test(`the official client agrees that a healthy ${era} server works`, async () => {
    await using server = await startFixture('healthy', {ERA: era})
    const seen = await secondOpinion({url: server.url, probe, timeoutMs: 5000})
    assert.deepEqual(
      [seen.ok, seen.era, seen.tools, seen.callOk, seen.error],
      [true, era, ['add', 'echo'], true, undefined],
    )
  })
}

for (const [name, stage, timeoutMs] of [
  ['tools-fail', 'call', 5000],
  ['wrong-shape', 'call', 5000],
  ['rpc-error', 'open', 5000],
  ['not-json', 'open', 5000],
  ['hangs', 'open', 300],
  ['endless-stream', 'open', 300],
] as const) {
  test(`the official client fails on ${name} at ${stage}, within its deadline`, async () => {
    await using server = await startFixture(name)
    const seen = await secondOpinion({url: server.url, probe, timeoutMs})
    assert.deepEqual([seen.ok, seen.stage], [false, stage])
    assert.ok(seen.error)
    assert.ok(seen.ms < timeoutMs + 2500, `ended after ${seen.ms} ms`)
  })
}

test('A2 the official client takes a refusal for good where the probe expects one', async () => {
  await using server = await startFixture('tools-fail')
  const refused = {...probe, outcome: 'tool-error'} as const
  assert.equal((await secondOpinion({url: server.url, probe: refused, timeoutMs: 5000})).ok, true)
  await using good = await startFixture('healthy')
  const seen = await secondOpinion({url: good.url, probe: refused, timeoutMs: 5000})
  assert.deepEqual([seen.ok, seen.error], [false, 'the tool echo should end as tool-error'])
})
