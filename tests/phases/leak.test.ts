// What sessions cost: judged by the side of the limit on which the interval lies, and found on real servers.
import assert from 'node:assert/strict'
import {type TestContext, test} from 'node:test'
import {serverOf} from '../../scripts/lib/target/instance.ts'
import type {LeakSeen, Round} from '../../scripts/phases/leak/leakSeen.ts'
import {leak} from '../../scripts/phases/leak.ts'
import type {PhaseContext} from '../../scripts/phases/phase.ts'
import {copyRig} from '../lib/instance/copyRig.ts'
import {killed, processesWith} from '../rigProcesses.ts'
import {settingsOf} from './phaseRig.ts'

const kilobyte = 1024
const rounds = (abandoned: (visits: number) => number, terminated: (visits: number) => number, live = true): Round[] =>
  [20, 40, 60, 80, 100, 120, 140].map(visits => ({
    visits,
    abandoned: memory(abandoned(visits), live),
    terminated: memory(terminated(visits), live),
  }))
const memory = (kilobytes: number, live: boolean) => ({
  live: live ? kilobytes * kilobyte : undefined,
  resident: kilobytes * kilobyte,
})
const judged = (measured: Round[], more: Partial<LeakSeen> = {}) => {
  const seen: LeakSeen = {visit: 'session', rounds: measured, failed: 0, ended: 'the time was up', ...more}
  return leak.server?.judge(seen, settingsOf({limits: {leakKilobytesPerSession: 10}})) ?? []
}
const verdicts = (measured: Round[]) => judged(measured).map(({name, verdict}) => [name, verdict])

test('X10 an interval below the limit passes, one above fails, for each arm by itself', () => {
  const both = (abandoned: string, terminated: string) => [
    ['abandoned', abandoned],
    ['terminated', terminated],
  ]
  assert.deepEqual(
    verdicts(
      rounds(
        visits => visits * 2,
        visits => visits,
      ),
    ),
    both('pass', 'pass'),
  )
  assert.deepEqual(
    verdicts(
      rounds(
        visits => visits * 100,
        visits => visits,
      ),
    ),
    both('fail', 'pass'),
  )
  // What leaks in either case is no matter of abandoning it.
  assert.deepEqual(
    verdicts(
      rounds(
        visits => visits * 100,
        visits => visits * 99,
      ),
    ),
    both('pass', 'fail'),
  )
})

test('X10 an interval that holds the limit proves nothing, and says what would', () => {
  const noise = [0, 900, -700, 800, -600, 500, -400]
  let index = 0
  const [abandoned] = judged(
    rounds(
      visits => visits * 10 + (noise[index++ % 7] ?? 0),
      () => 0,
    ),
  )
  assert.equal(abandoned?.verdict, 'inconclusive')
  assert.match(abandoned?.detail ?? '', /the interval holds the limit of 10; the time was up/)
  assert.match(abandoned?.remedy ?? '', /leakSeconds.*leakKilobytesPerSession/)
})

test('X10 too few rounds prove nothing, however steep', () => {
  assert.deepEqual(
    judged(
      rounds(
        visits => visits * 1000,
        () => 0,
      ).slice(0, 5),
    ).map(({verdict}) => verdict),
    ['inconclusive', 'inconclusive'],
  )
})

test('X10 a copy that ended by itself proves nothing, however good its rounds look', () => {
  const flat = rounds(
    () => 0,
    () => 0,
  )
  assert.deepEqual(
    judged(flat, {fell: 'a copy had ended by itself (the last over its memory limit)'}).map(
      ({name, verdict, detail}) => [name, verdict, detail.split(': nothing')[0]],
    ),
    ['abandoned', 'terminated'].map(name => [
      name,
      'inconclusive',
      'after 140 sessions a copy had ended by itself (the last over its memory limit)',
    ]),
  )
})

test('X10 the value, the limit and the rounds are told, and what was measured', () => {
  const [live] = judged(
    rounds(
      visits => visits * 100,
      () => 0,
    ),
  )
  assert.deepEqual([live?.value, live?.limit, live?.unit], [100, 10, 'KiB/session'])
  assert.match(
    live?.evidence ?? '',
    /^live memory, after garbage was collected.*\n20: 2000.0 abandoned, 0.0 terminated\n/,
  )
  const [resident] = judged(
    rounds(
      visits => visits * 100,
      () => 0,
      false,
    ),
  )
  assert.equal(resident?.verdict, 'fail')
  assert.match(resident?.evidence ?? '', /^resident memory, garbage included/)
})

// A busy machine needs its time; whoever is decided ends sooner.
const generous = {limits: {leakSeconds: 60, startupSeconds: 60}}

async function observed(t: TestContext, env: Record<string, string>): Promise<{seen: LeakSeen; verdicts: unknown[]}> {
  const rig = await copyRig(t, 'keeps-sessions', {env, ...generous})
  const server = serverOf(rig.instance, 'one')
  const seen = await leak.server?.observe(rig as unknown as PhaseContext, server)
  assert.ok(seen !== undefined)
  assert.deepEqual(processesWith(rig.instance.folder), [], 'both copies are gone')
  return {seen, verdicts: leak.server?.judge(seen, server.settings).map(({name, verdict}) => [name, verdict]) ?? []}
}

test('X10 a server that keeps 100 KiB of each abandoned session is found out, and ended sessions are not blamed', async t => {
  const {seen, verdicts: found} = await observed(t, {KEEPS: '100'})
  assert.deepEqual(
    found,
    [
      ['abandoned', 'fail'],
      ['terminated', 'pass'],
    ],
    JSON.stringify(seen),
  )
  assert.equal(seen.failed, 0)
})

test('X10 one that keeps them for good is found out in both', async t => {
  const {seen, verdicts: found} = await observed(t, {KEEPS: '100', FOR_GOOD: '1'})
  assert.deepEqual(
    found,
    [
      ['abandoned', 'pass'],
      ['terminated', 'fail'],
    ],
    JSON.stringify(seen),
  )
})

test('X10 one that keeps nothing passes, which needs no long time', async t => {
  const {seen, verdicts: found} = await observed(t, {})
  assert.deepEqual(
    found,
    [
      ['abandoned', 'pass'],
      ['terminated', 'pass'],
    ],
    JSON.stringify(seen),
  )
  assert.equal(seen.ended, 'it was decided')
})

test('X10 a server without sessions is hung up on instead', async t => {
  const {seen, verdicts: found} = await observed(t, {ERA: 'modern'})
  assert.equal(seen.visit, 'request')
  assert.deepEqual(
    found,
    [
      ['abandoned', 'pass'],
      ['terminated', 'pass'],
    ],
    JSON.stringify(seen),
  )
})

test('X10 a copy that is killed in between is not taken for one that gave its memory back', async t => {
  const rig = await copyRig(t, 'keeps-sessions', generous)
  const server = serverOf(rig.instance, 'one')
  // As soon as the first one was measured, and so before it is decided.
  const startCopy: typeof rig.startCopy = async (...given) => {
    const copy = await rig.startCopy(...given)
    let looks = 0
    const memory = async () => {
      const told = await copy.memory()
      looks += 1
      if (looks === 6) for (const one of told) killed(one.pid)
      return told
    }
    return {...copy, memory}
  }
  const seen = await leak.server?.observe({...rig, startCopy} as unknown as PhaseContext, server)
  assert.ok(seen !== undefined)
  assert.match(seen.fell ?? '', /^a copy had ended by itself \(last killed \(SIGKILL\)\)$/)
  assert.deepEqual(
    leak.server?.judge(seen, server.settings).map(({verdict}) => verdict),
    ['inconclusive', 'inconclusive'],
  )
})

// It is below what Node takes by itself, so that a watched copy would be ended in the middle.
test('X10 a copy is not held to the limit of memory of its server, and its watch is not counted', async t => {
  const rig = await copyRig(t, 'keeps-sessions', {limits: {...generous.limits, memoryMegabytes: 10}})
  const server = serverOf(rig.instance, 'one')
  await using copy = await rig.startCopy(server, {signal: t.signal})
  assert.equal(copy.ready, true, copy.detail)
  const roles = new Set((await copy.processes()).map(({role}) => role))
  assert.deepEqual([...roles].toSorted(), ['program', 'supervisor'])
  assert.equal(copy.settings.limits.memoryMegabytes, undefined)
})
