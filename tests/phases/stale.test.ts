// Calls of the earlier contract work on the new server or fail so that a client recovers; anything else is caught.
import assert from 'node:assert/strict'
import {test} from 'node:test'
import {stale} from '../../scripts/phases/stale.ts'
import {contractOf, earlierRelease, ranOn} from './contractRig.ts'

const annotations = {readOnlyHint: true, openWorldHint: false}
const input = (required: string[]) => ({
  type: 'object',
  properties: {a: {type: 'string'}, b: {type: 'integer'}},
  required,
})
const output = {type: 'object', properties: {sum: {type: 'number'}}, required: ['sum']}
const tool = {name: 'sum', inputSchema: input(['a']), outputSchema: output, annotations}
const tighter = {...tool, inputSchema: input(['a', 'b'])}
const tools = (...list: object[]) => ({TOOLS: JSON.stringify(list)})

const earlier = async (...list: object[]) => ({
  earlier: earlierRelease,
  ofEarlier: {from: 'observed' as const, contract: await contractOf(tools(...list))},
})

for (const [call, verdict] of [
  ['works', 'pass'],
  ['refuses', 'pass'],
  ['is-error', 'pass'],
  ['is-error-silently', 'fail'],
  ['wrong-shape', 'fail'],
  ['no-content', 'fail'],
  ['internal-error', 'fail'],
  ['nothing', 'fail'],
  ['hangs', 'fail'],
] as const)
  test(`X4 a call of the old contract that ${call} is a ${verdict}`, async () => {
    const checks = await ranOn(stale, {env: {...tools(tighter), CALL: call}, ...(await earlier(tool))})
    assert.equal(checks.recoverable?.verdict, verdict, checks.recoverable?.detail ?? '')
    assert.match(checks.recoverable?.evidence ?? '', /tools\/call sum \{"a":"example"\} \(example\)/)
  })

test('X4 a tool that is gone is refused in a way on which clients list again', async () => {
  const checks = await ranOn(stale, {env: tools({...tool, name: 'other'}), ...(await earlier(tool))})
  assert.equal(checks.recoverable?.verdict, 'pass', checks.recoverable?.detail ?? '')
  assert.match(checks.recoverable?.evidence ?? '', /recoverable: .*-32602/)
})

test('X4 calls that the earlier fleet file declared are made, whatever the tool says of itself', async () => {
  const unmarked = {...tool, annotations: undefined}
  const changed = {...tighter, annotations: undefined}
  const rig = {env: {...tools(changed), CALL: 'nothing'}, ...(await earlier(unmarked))}
  const declared = await ranOn(stale, {...rig, settingsOfEarlier: {calls: [{tool: 'sum', arguments: {a: 'x'}}]}})
  assert.equal(declared.recoverable?.verdict, 'fail')
  assert.match(declared.recoverable?.evidence ?? '', /\{"a":"x"\} \(declared\)/)
  const none = await ranOn(stale, rig)
  assert.equal(none.recoverable?.verdict, 'inconclusive', 'no call of what differs could be made')
  assert.match(none.recoverable?.detail ?? '', /neither marked as safe nor declared: sum/)
})

test('X4 calls that write are made on rehearsals only', async () => {
  const unmarked = {...tool, annotations: undefined}
  const rig = {
    env: {...tools({...tighter, annotations: undefined}), CALL: 'nothing'},
    ...(await earlier(unmarked)),
    settingsOfEarlier: {calls: [{tool: 'sum', arguments: {a: 'x'}, on: 'rehearsal'}]},
  }
  assert.equal((await ranOn(stale, rig)).recoverable?.verdict, 'fail')
  assert.equal((await ranOn(stale, {...rig, instance: 'live'})).recoverable?.verdict, 'inconclusive')
})

test('X4 the window is the old ttlMs, and at least what clients are known to cache', async () => {
  const checks = await ranOn(stale, {env: tools(tighter), ...(await earlier(tool))})
  assert.equal(checks.window?.value, 24)
  assert.match(checks.window?.detail ?? '', /allows clients to keep its lists for 2 h/)
  assert.match(checks.window?.detail ?? '', /break them: leave the old form beside the new one/)
})

test('X4 the least window is what the fleet file says; an old ttlMs that is longer counts before it', async () => {
  const rig = {env: tools(tighter), ...(await earlier(tool))}
  const hours = async (staleHours: number) => (await ranOn(stale, {...rig, declared: {limits: {staleHours}}})).window
  assert.equal((await hours(72))?.value, 72)
  assert.match((await hours(72))?.detail ?? '', /some keep them up to 72 h whatever it says.* may come for 72 h/)
  // The fixture allows two hours.
  assert.equal((await hours(0))?.value, 2)
})

test('X4 the same contract leaves nothing stale, and without an earlier release nothing is asked', async () => {
  const same = await ranOn(stale, {env: tools(tool), ...(await earlier(tool))})
  assert.equal(same.recoverable?.verdict, 'pass')
  assert.match(same.window?.detail ?? '', /nobody holds an old one/)
  const first = await ranOn(stale, {env: tools(tool)})
  assert.equal(first.recoverable?.verdict, 'skip')
})

test('X4 a record that cannot be used is no pass', async () => {
  const checks = await ranOn(stale, {
    env: tools(tool),
    earlier: earlierRelease,
    ofEarlier: {from: 'fault', fault: 'gone'},
  })
  assert.equal(checks.recoverable?.verdict, 'inconclusive')
})
