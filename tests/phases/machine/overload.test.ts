// What failed by time on an overloaded machine is held against nobody, once for all servers; what is wrong fails at any load.
import assert from 'node:assert/strict'
import {type ChildProcess, spawn} from 'node:child_process'
import {availableParallelism} from 'node:os'
import {type TestContext, test} from 'node:test'
import {setTimeout as pause} from 'node:timers/promises'
import type {Acceptance} from '../../../scripts/lib/fleet/schema.ts'
import type {EntryBody} from '../../../scripts/lib/journal/entry.ts'
import {overload} from '../../../scripts/phases/machine/overload.ts'
import {type MachineLoad, type MachineWatch, watchMachine} from '../../../scripts/phases/machine/watchMachine.ts'
import type {Check, Phase} from '../../../scripts/phases/phase.ts'
import {runPhase} from '../../../scripts/phases/runPhase.ts'
import {contextOf, settingsOf} from '../phaseRig.ts'

const calm: MachineLoad = {load: 1, cores: 2, stolen: 0, ownWork: 0.2, ms: 1000}
const busy: MachineLoad = {...calm, load: 31.4}
const watch = (load: MachineLoad): MachineWatch => ({
  now: () => ({at: 0, ticks: undefined, loop: performance.eventLoopUtilization()}),
  since: () => load,
  [Symbol.dispose]: () => undefined,
})
const slow: Check = {name: 'ladder', verdict: 'fail', detail: 'took 5293 ms', byTime: true, remedy: 'find what is slow'}
const broken: Check = {name: 'ladder', verdict: 'fail', detail: 'connection refused'}

async function ran(load: MachineLoad, checks: Record<string, Check>, accept: Acceptance[] = []) {
  const recorded: EntryBody[] = []
  const phase: Phase<string> = {
    name: 'sample',
    title: 'sample',
    deadlineMs: () => 1000,
    server: {
      observe: async (_, {name}) => name,
      evidence: () => ({have: 1, need: 1, what: 'looks'}),
      judge: name => (checks[name] === undefined ? [] : [checks[name]]),
    },
  }
  const context = contextOf(Object.keys(checks).map(name => settingsOf({}, name)))
  const entries = await runPhase({
    phase: phase as unknown as Phase,
    context,
    accept,
    record: (...more) => recorded.push(...more),
    machine: watch(load),
  })
  return {recorded, seen: entries.map(({check, server, verdict}) => `${check} ${server ?? '-'} ${verdict}`), entries}
}

test('C10 sixteen servers that are slow on an overloaded machine are one inconclusive check, and none is blamed', async () => {
  const names = Array.from({length: 16}, (_, index) => `s${index}`)
  const {seen, entries, recorded} = await ran(busy, Object.fromEntries(names.map(name => [name, slow])))
  assert.deepEqual(seen, [...names.map(name => `sample/ladder ${name} skip`), 'sample/machine - inconclusive'])
  assert.equal(
    entries.at(-1)?.detail,
    'this machine is overloaded (load 31 on 2 cores): the times of 16 servers say nothing (sample/ladder)',
  )
  assert.match(entries[0]?.detail ?? '', /^not judged, since this machine is overloaded .*: took 5293 ms$/)
  assert.deepEqual(recorded.filter(({type}) => type === 'fact').at(-1), {
    type: 'fact',
    name: 'machine.sample',
    value: busy,
  })
})

test('C10 a server that is slow while the machine is calm fails, and one that is broken fails at any load', async () => {
  assert.deepEqual((await ran(calm, {one: slow})).seen, ['sample/ladder one fail'])
  assert.deepEqual((await ran(busy, {one: broken, two: slow})).seen, [
    'sample/ladder one fail',
    'sample/ladder two skip',
    'sample/machine - inconclusive',
  ])
  assert.deepEqual((await ran(busy, {one: {...slow, verdict: 'pass'}})).seen, ['sample/ladder one pass'])
})

test('C10 the load of the very time that was measured counts, and a failure that is accepted stays so', async () => {
  assert.deepEqual((await ran(busy, {one: {...slow, load: calm}})).seen, ['sample/ladder one fail'])
  const accept = [{check: 'sample/ladder', reason: 'known for long', until: '2027-01-01'}]
  const {entries} = await ran(busy, {one: slow}, accept)
  assert.deepEqual(
    entries.map(({verdict, accepted}) => [verdict, accepted?.until]),
    [['fail', '2027-01-01']],
  )
})

test('C10 what makes a machine too busy is said: its load, a hypervisor, or the checker itself', () => {
  assert.equal(overload(calm), undefined)
  assert.equal(overload(busy), 'this machine is overloaded (load 31 on 2 cores)')
  assert.equal(overload({...calm, cores: 1, load: 3}), 'this machine is overloaded (load 3 on 1 core)')
  assert.match(overload({...calm, stolen: 0.4}) ?? '', /40 % of its processor time went to other machines/)
  assert.match(overload({...calm, ownWork: 0.97}) ?? '', /the checker itself was busy \(97 % of its time\)/)
  assert.equal(overload({...calm, stolen: undefined, load: 4}), undefined)
})

/** Programs that do nothing but compute; they end with the test, and by themselves. */
function hogs(test: TestContext, count: number): void {
  const children: ChildProcess[] = Array.from({length: count}, () =>
    spawn(process.execPath, ['-e', 'const end = Date.now() + 20000; while (Date.now() < end);'], {stdio: 'ignore'}),
  )
  test.after(() => {
    for (const child of children) child.kill('SIGKILL')
  })
}

test('C10 hogs are seen in the very span in which they run', {skip: process.platform !== 'linux'}, async t => {
  using machine = watchMachine()
  const before = machine.now()
  hogs(t, 3 * availableParallelism() + 2)
  // Node takes a moment to start, so many times even longer.
  const deadlineAt = performance.now() + 15_000
  while (overload(machine.since(machine.now())) === undefined && performance.now() < deadlineAt) await pause(50)
  const during = machine.now()
  await pause(1000)
  const load = machine.since(during)
  assert.match(overload(load) ?? '', /^this machine is overloaded \(load \d+ on/)
  assert.ok(load.ms >= 900 && load.cores === availableParallelism())
  assert.ok(machine.since(before).ms > load.ms)
})
