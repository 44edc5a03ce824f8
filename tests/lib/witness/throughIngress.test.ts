import assert from 'node:assert/strict'
import {type TestContext, test} from 'node:test'
import {setTimeout as pause} from 'node:timers/promises'
import {judgeContinuity} from '../../../scripts/phases/continuityChecks.ts'
import {defaultContinuityLimits} from '../../../scripts/phases/continuityLimits.ts'
import {startIngress} from '../../ingress/harness.ts'
import type {Fixture} from '../mcp/startFixture.ts'
import {counter, effectsFolder, population, startCounting, total, watch} from './witnessing.ts'

const load = {callsPerSecond: 200, sessions: 50, counter, timeoutMs: 5000}
const longCall = {tool: 'echo', arguments: {message: 'slow', waitMs: 100}}
const copy = (id: string, server: Fixture, state: 'active' | 'draining' | 'ended') => ({
  id,
  url: `http://127.0.0.1:${server.port}`,
  state,
})
const hold = {maximumRequests: 500, maximumBytes: 10_000_000, maximumMs: 10_000}

async function twoCopies(t: TestContext) {
  const effects = effectsFolder()
  t.after(() => effects[Symbol.dispose]())
  const env = {EFFECTS: effects.file, STREAMS: 'yes'}
  const [old, next, ingress] = await Promise.all([startCounting(env), startCounting(env), startIngress(t)])
  t.after(() => Promise.all([old.stop(), next.stop()]))
  return {old, next, ingress}
}

test('X2 blue-green through the real ingress: no call is lost or doubled, and sessions of the ended copy start over', async t => {
  const {old, next, ingress} = await twoCopies(t)
  await ingress.route({one: {copies: [copy('old', old, 'active')]}})
  const seen = await watch(
    `${ingress.url}/one/mcp`,
    async witness => {
      await ingress.route({one: {copies: [copy('old', old, 'draining'), copy('next', next, 'active')]}})
      await pause(700)
      witness.mark('drained')
      await ingress.route({one: {copies: [copy('old', old, 'ended'), copy('next', next, 'active')]}})
      process.kill(old.pid, 'SIGTERM')
      await pause(700)
    },
    load,
  )
  assert.equal(total(seen, 'completed'), total(seen, 'sent'), JSON.stringify(seen.populations))
  assert.ok(total(seen, 'sent') > 200)
  for (const name of ['legacy-in-flight', 'legacy-idle'] as const) {
    const {opened, renewed} = population(seen, name).sessions ?? assert.fail()
    assert.equal(renewed, opened, name)
  }
  const bad = judgeContinuity(seen, defaultContinuityLimits).filter(check => check.verdict !== 'pass')
  assert.deepEqual(bad, [])
})

test('X2 recreate through the real ingress: held calls are late, and none is lost', async t => {
  const {old, next, ingress} = await twoCopies(t)
  await ingress.route({one: {cutover: 'recreate', hold, copies: [copy('old', old, 'active')]}})
  const seen = await watch(
    `${ingress.url}/one/mcp`,
    async witness => {
      await ingress.route({one: {cutover: 'recreate', hold, copies: [copy('old', old, 'draining')]}})
      witness.mark('holding')
      // Calls that were on their way end; then nothing writes any more.
      await pause(400)
      await old.stop()
      await pause(300)
      witness.mark('started')
      await ingress.route({
        one: {cutover: 'recreate', hold, copies: [copy('old', old, 'ended'), copy('next', next, 'active')]},
      })
      await pause(700)
    },
    {...load, longCall},
  )
  assert.equal(total(seen, 'completed'), total(seen, 'sent'), JSON.stringify(seen.populations))
  const [gap] = population(seen, 'modern').calls?.gaps ?? []
  assert.ok(gap !== undefined && gap.ms >= 600 && gap.ms < 5000, `gap ${gap?.ms}`)
  assert.ok(gap.moments.includes('started'), JSON.stringify(gap))
  const bad = judgeContinuity(seen, defaultContinuityLimits).filter(check => check.verdict !== 'pass')
  assert.deepEqual(bad, [])
})

test('X2 a plain restart behind the ingress, without drain or hold, is seen to fail', async t => {
  const {old, next, ingress} = await twoCopies(t)
  await ingress.route({one: {copies: [copy('old', old, 'active')]}})
  const seen = await watch(
    `${ingress.url}/one/mcp`,
    async () => {
      await old.stop()
      await pause(500)
      await ingress.route({one: {copies: [copy('next', next, 'active')]}})
      await pause(500)
    },
    {...load, longCall},
  )
  const failed = judgeContinuity(seen, defaultContinuityLimits).filter(check => check.verdict === 'fail')
  assert.ok(
    failed.some(check => check.name === 'failed-loudly' && Number(check.value) > 10),
    JSON.stringify(failed),
  )
})
