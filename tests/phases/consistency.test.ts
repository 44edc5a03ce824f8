// A server offers the same on every connection, copy and route; facts of an era or a profile are shown, losses fail.
import assert from 'node:assert/strict'
import {test} from 'node:test'
import type {Entry} from '../../scripts/lib/journal/entry.ts'
import {consistency} from '../../scripts/phases/consistency.ts'
import {contractOf, earlierRelease, ranOn} from './contractRig.ts'

const schema = {type: 'object', properties: {a: {type: 'string'}}}
const tools = (...names: string[]) => ({TOOLS: JSON.stringify(names.map(name => ({name, inputSchema: schema})))})
const verdicts = (checks: Awaited<ReturnType<typeof ranOn>>) =>
  Object.fromEntries(Object.entries(checks).map(([name, {verdict}]) => [name, verdict]))

test('X5 a server that tells everybody the same passes, with a second copy as well', async () => {
  const checks = await ranOn(consistency, {env: tools('a', 'b'), copy: {}})
  assert.deepEqual(verdicts(checks), {
    'per-connection': 'pass',
    'per-copy': 'pass',
    'through-ingress': 'pass',
    order: 'pass',
    eras: 'pass',
    profiles: 'pass',
    rollout: 'skip',
  })
})

test('X5 a second copy that offers another contract fails with what differs', async () => {
  const checks = await ranOn(consistency, {env: tools('a', 'b'), copy: tools('a')})
  assert.equal(checks['per-copy']?.verdict, 'fail')
  assert.match(checks['per-copy']?.evidence ?? '', /\/tools\/b/)
  assert.equal(checks['through-ingress']?.verdict, 'pass')
})

test('X5 an ingress that leads to another contract fails', async () => {
  const checks = await ranOn(consistency, {env: tools('a', 'b'), ingress: tools('a', 'b', 'c'), copy: {}})
  assert.equal(checks['through-ingress']?.verdict, 'fail')
  assert.match(checks['through-ingress']?.evidence ?? '', /\/tools\/c/)
})

test('X5 a contract that varies from one connection to the next fails', async () => {
  const checks = await ranOn(consistency, {env: {...tools('a', 'b'), WAYS: 'per-connection'}, copy: {}})
  assert.equal(checks['per-connection']?.verdict, 'fail')
})

test('X5 an order that varies fails, although the contract is the same', async () => {
  const checks = await ranOn(consistency, {env: {...tools('a', 'b', 'c')}, ingress: tools('c', 'b', 'a'), copy: {}})
  assert.equal(checks['through-ingress']?.verdict, 'pass')
  assert.equal(checks.order?.verdict, 'fail')
  assert.match(checks.order?.evidence ?? '', /c, b, a; before: a, b, c/)
})

test('X5 a tool that the clients of one era do not get fails', async () => {
  const checks = await ranOn(consistency, {env: {...tools('a', 'b'), WAYS: 'loses-modern'}, copy: {}})
  assert.equal(checks.eras?.verdict, 'fail')
  assert.match(checks.eras?.detail ?? '', /tool b is missing in the modern era/)
})

test('X5 a server of one era has no eras to compare', async () => {
  const checks = await ranOn(consistency, {fixture: 'healthy', env: {ERA: 'legacy'}, copy: {}})
  assert.equal(checks.eras?.verdict, 'skip')
})

test('X5 a second copy that does not come up is no pass, and a single-writer server never has one', async () => {
  const unready = await ranOn(consistency, {env: tools('a'), copy: 'unready'})
  assert.equal(unready['per-copy']?.verdict, 'inconclusive')
  const single = await ranOn(consistency, {env: tools('a'), declared: {cutover: 'recreate'}})
  assert.equal(single['per-copy']?.verdict, 'skip')
})

test('X5 a server that cannot be told is inconclusive', async () => {
  const checks = await ranOn(consistency, {env: {...tools('a'), WAYS: 'twice'}, copy: {}})
  assert.deepEqual(verdicts(checks), {comparable: 'inconclusive'})
})

test('X5 during a change of live it is told for how long two contracts were served at once', async () => {
  const known = await contractOf(tools('a', 'b'))
  const at = new Date(Date.now() - 10_000).toISOString()
  const ready: Entry = {
    at,
    type: 'check',
    phase: 'deploy',
    check: 'deploy/ready',
    server: 'one',
    verdict: 'pass',
    detail: '',
  }
  const rig = {env: tools('a'), instance: 'live', entries: [ready], earlier: earlierRelease}
  const beside = await ranOn(consistency, {...rig, ofEarlier: {from: 'observed', contract: known}})
  assert.ok(Number(beside.rollout?.value) >= 10, beside.rollout?.detail ?? '')
  assert.match(beside.rollout?.detail ?? '', /two contracts are served at once since/)
  const inPlace = await ranOn(consistency, {
    ...rig,
    declared: {cutover: 'recreate'},
    ofEarlier: {from: 'observed', contract: known},
  })
  assert.equal(inPlace.rollout?.value, 0)
})
