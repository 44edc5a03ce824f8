import assert from 'node:assert/strict'
import {test} from 'node:test'
import {setTimeout as pause} from 'node:timers/promises'
import {freePorts} from '../../../scripts/lib/target/freePorts.ts'
import {startWitness} from '../../../scripts/lib/witness/startWitness.ts'
import {startFixture} from '../mcp/startFixture.ts'
import {callsOf, counter, effectsFolder, population, probe, startCounting, total, watch} from './witnessing.ts'

test('X2 an undisturbed server at 200 calls/s gives no false alarm, in both eras, with streams and effects', async () => {
  using effects = effectsFolder()
  await using server = await startCounting({EFFECTS: effects.file, STREAMS: 'yes'})
  const load = {callsPerSecond: 200, sessions: 50, counter, timeoutMs: 5000}
  const seen = await watch(server.url, () => pause(3000), load)
  const bad = ['failedLoudly', 'lostSilently', 'answeredWrongly', 'abandoned', 'unfinished'] as const
  assert.deepEqual(
    bad.map(key => total(seen, key)),
    [0, 0, 0, 0, 0],
    JSON.stringify(seen),
  )
  assert.ok(total(seen, 'completed') > 400, `${total(seen, 'completed')} calls`)
  assert.equal(total(seen, 'completed'), total(seen, 'sent'))
  const {same, opened, renewed, stranded} = population(seen, 'legacy-idle').sessions ?? assert.fail()
  assert.deepEqual([same, renewed, stranded], [opened, 0, 0])
  assert.ok(opened >= 10)
  const {streams} = population(seen, 'stream')
  assert.deepEqual([streams?.opened, streams?.cut, streams?.endedCleanly, streams?.down], [4, 0, 0, 0])
  assert.ok((streams?.events ?? 0) >= 4)
  const found = population(seen, 'effects').effects ?? assert.fail()
  assert.deepEqual([found.executedTwice, found.completedButLost, found.failedButExecuted], [0, 0, 0])
  assert.ok(found.sent > 40)
  assert.equal(found.found, found.sent)
  for (const name of ['legacy-in-flight', 'modern', 'official-sdk'] as const) {
    assert.ok(callsOf(seen, name).byMoment.switch?.ended, `${name} made no call after the moment`)
  }
})

for (const [era, absent, told] of [
  ['legacy', ['modern'], /does not speak the modern era \(server\/discover/],
  ['modern', ['legacy-in-flight', 'legacy-idle'], /does not speak the legacy era \(initialize/],
] as const) {
  test(`a server of the ${era} era alone has only the clients of that era, and the others say why`, async () => {
    await using server = await startFixture('healthy', {ERA: era})
    const seen = await watch(server.url, () => pause(300))
    for (const name of absent) {
      const skipped = seen.populations[name]
      assert.equal(skipped.state, 'skipped')
      assert.match('reason' in skipped ? skipped.reason : '', told)
    }
    const calling = era === 'legacy' ? 'legacy-in-flight' : 'modern'
    assert.ok(callsOf(seen, calling).completed > 20)
    assert.equal(total(seen, 'completed'), total(seen, 'sent'))
    assert.match(population(seen, 'official-sdk').note ?? '', era === 'legacy' ? /2025-11-25/ : /2026-07-28/)
    assert.match((seen.populations.stream as {reason: string}).reason, /offers no stream/)
    assert.match((seen.populations.effects as {reason: string}).reason, /no counting tool/)
  })
}

test('a server that does not answer before the change is told as unopened, not as a change without loss', async () => {
  const [port] = await freePorts(1)
  const seen = await watch(`http://127.0.0.1:${port}/mcp`, () => pause(10))
  for (const population of Object.values(seen.populations)) assert.equal(population.state, 'unopened')
})

test('long calls are always in flight, and latency is theirs', async () => {
  await using server = await startFixture('healthy', {ERA: 'legacy'})
  const longCall = {tool: 'echo', arguments: {message: 'slow', waitMs: 250}}
  const seen = await watch(server.url, () => pause(600), {longCall, sessions: 20})
  const {latencyMs, heldBack, completed, sent} = callsOf(seen, 'legacy-in-flight')
  assert.ok(latencyMs.p50 >= 249, `p50 ${latencyMs.p50}`)
  assert.ok(heldBack > 0, 'every session was busy at some time')
  assert.equal(completed, sent)
})

test('a probe that answers something else is counted as answered wrongly', async () => {
  await using server = await startFixture('healthy')
  const expect = (result: {[key: string]: unknown}) =>
    JSON.stringify(result).includes('"other"') ? [] : ['text should contain other']
  const seen = await watch(server.url, () => pause(200), {probe: {...probe, expect}})
  assert.equal(total(seen, 'completed'), 0)
  assert.equal(total(seen, 'answeredWrongly'), total(seen, 'sent'))
  assert.match(callsOf(seen, 'modern').samples[0]?.summary ?? '', /should contain other/)
})

test('without a declared probe the callers list the tools', async () => {
  await using server = await startFixture('healthy')
  const seen = await watch(server.url, () => pause(200), {probe: undefined})
  assert.ok(total(seen, 'completed') > 20)
  assert.equal(total(seen, 'completed'), total(seen, 'sent'))
})

test('aborting ends every client at once, and what was in flight is nobody else’s failure', async () => {
  await using server = await startFixture('healthy')
  const abort = new AbortController()
  const longCall = {tool: 'echo', arguments: {message: 'slow', waitMs: 20_000}}
  const targets = [{server: 'one', url: server.url, probe: longCall, timeoutMs: 30_000}]
  const witness = await startWitness({targets, signal: abort.signal, callsPerSecond: 50, sessions: 10})
  await pause(400)
  const before = witness.now().one ?? assert.fail()
  assert.ok(total(before, 'unfinished') > 5, 'calls are in flight before')
  const startedAt = performance.now()
  abort.abort()
  const seen = (await witness.stop()).one ?? assert.fail()
  assert.ok(performance.now() - startedAt < 3000, `took ${performance.now() - startedAt} ms`)
  assert.equal(total(seen, 'failedLoudly'), 0, JSON.stringify(seen.populations))
  assert.equal(total(seen, 'abandoned'), total(seen, 'sent'))
})
