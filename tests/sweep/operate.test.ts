// What a person types at three in the morning: status names what is wrong, resume brings it back, stop, start and restart work.
import assert from 'node:assert/strict'
import {existsSync, readFileSync} from 'node:fs'
import {join} from 'node:path'
import {describe, test} from 'node:test'
import {lasting} from '../../scripts/lib/async/lasting.ts'
import {processStart} from '../../scripts/lib/process/processIdentity.ts'
import {shortDigest} from '../../scripts/lib/release/release.ts'
import {killed} from '../rigProcesses.ts'
import {ask} from './ask.ts'
import {callers} from './callers.ts'
import {inOrder} from './inOrder.ts'
import {killedAt} from './killed.ts'
import {editionA, editionB, type LiveRig, makeLiveRig, names, versionsOf} from './liveRig.ts'

const kept = names.kept

/** The process that a file of a program's folder names. */
function pidOf(rig: LiveRig, program: string, file: 'child' | 'supervisor'): number {
  const live = rig.instance()
  const folder = program === 'ingress' ? live?.ingress.folder : live?.servers.find(({name}) => name === program)?.folder
  const path = join(folder ?? '', file)
  return existsSync(path) ? Number(readFileSync(path, 'utf8').split(' ')[0]) : 0
}

/** The line of a program in what status or resume printed. */
function lineOf(printed: string, program: string): string {
  return (
    printed.split('\n').find(line => line.slice(4).startsWith(`${program} `)) ?? `no line of ${program} in:\n${printed}`
  )
}

async function healthyAgain(rig: LiveRig): Promise<void> {
  const status = await rig.step('03-status')
  assert.equal(status.code, 0, status.said)
  assert.doesNotMatch(status.stdout, /[✗?] /)
}

async function ends(pid: number): Promise<void> {
  assert.deepEqual(await lasting(async () => (processStart(pid) === undefined ? [] : [pid])), [])
}

describe('X14 status and resume', {concurrency: 2}, () => {
  test('a program that lost its supervisor is reported, and kept running again without another process', async t => {
    const rig = await makeLiveRig(t)
    await rig.putLiveByHand(editionA)
    await healthyAgain(rig)
    for (const program of [kept, 'ingress']) {
      const pid = pidOf(rig, program, 'child')
      killed(pidOf(rig, program, 'supervisor'))
      const status = await rig.step('03-status')
      assert.equal(status.code, 1, status.said)
      assert.match(
        lineOf(status.stdout, program),
        /✗ .*process \d+.*: not kept running: its supervisor has ended → pnpm resume --fleet \S+rig/,
      )
      const health = await rig.step('70-health')
      assert.equal(health.code, 1, health.said)
      assert.match(
        health.stdout,
        new RegExp(`health/supervised.*${program}: not kept running: its supervisor has ended`),
      )
      const preflight = await rig.step('10-preflight')
      assert.equal(preflight.code, 1, preflight.said)
      assert.match(preflight.stdout, new RegExp(`preflight/supervised.*${program}`))
      const resumed = await rig.step('15-resume')
      assert.equal(resumed.code, 0, resumed.said)
      assert.match(
        resumed.stdout,
        new RegExp(`${program}: not kept running: its supervisor has ended; another one keeps it running now`),
      )
      assert.equal(pidOf(rig, program, 'child'), pid, 'the same process goes on')
      await healthyAgain(rig)
      killed(pid)
      await rig.until(`${program} is started again`, () => ![0, pid].includes(pidOf(rig, program, 'child')))
    }
    await rig.until('everything answers', async () => (await ask(rig.through(kept))).version === 'kept')
  })

  test('a deploy replaces a server that lost its supervisor, although nothing of it changed', async t => {
    const rig = await makeLiveRig(t)
    await rig.putLiveByHand(editionA)
    const calling = callers(rig, t)
    const pid = pidOf(rig, kept, 'child')
    killed(pidOf(rig, kept, 'supervisor'))
    const b = await rig.putLiveByHand(editionB)
    assert.notEqual(pidOf(rig, kept, 'child'), pid)
    await ends(pid)
    await healthyAgain(rig)
    const {faults, lost} = await calling.end()
    assert.deepEqual([faults, lost], [[], []])
    assert.equal(rig.pointer()?.release, b)
  })

  test('a server that ended with its supervisor is reported and started, also where its port is taken', async t => {
    const rig = await makeLiveRig(t)
    const a = await rig.putLiveByHand(editionA)
    const pid = pidOf(rig, kept, 'child')
    killed(pidOf(rig, kept, 'supervisor'))
    killed(pid)
    await ends(pid)
    const status = await rig.step('03-status')
    assert.equal(status.code, 1, status.said)
    assert.match(lineOf(status.stdout, kept), /✗ .*does not run → pnpm resume/)
    const resumed = await rig.step('15-resume')
    assert.equal(resumed.code, 0, resumed.said)
    assert.match(resumed.stdout, /kept: did not run, and is started/)
    assert.equal(await inOrder(rig, {[a]: versionsOf(editionA)}, 'resume of one server'), a)
    const again = await rig.step('15-resume')
    assert.equal(again.code, 0, again.said)
    assert.match(again.stdout, /everything that should run runs/)
  })

  for (const program of [kept, 'ingress'])
    test(`a frozen ${program === kept ? 'server' : 'ingress'} is named within the deadline, and continues`, async t => {
      const rig = await makeLiveRig(t)
      await rig.putLiveByHand(editionA)
      const pid = pidOf(rig, program, 'child')
      process.kill(pid, 'SIGSTOP')
      t.after(() => killed(pid))
      const beganAt = performance.now()
      const status = await rig.step('03-status')
      const ms = performance.now() - beganAt
      assert.equal(status.code, 1, status.said)
      assert.match(lineOf(status.stdout, program), /✗ .*: frozen \(SIGSTOP\), answers nothing → pnpm resume/)
      assert.match(
        lineOf(status.stdout, names.beside),
        program === kept ? /✓|no answer within/ : /\? .*not asked, since the ingress does not answer/,
      )
      assert.ok(ms < 15_000, `status took ${ms} ms, with the load of other tests`)
      const resumed = await rig.step('15-resume')
      assert.equal(resumed.code, 0, resumed.said)
      assert.match(resumed.stdout, new RegExp(`${program}: its program was frozen \\(SIGSTOP\\), and continues`))
      assert.equal(pidOf(rig, program, 'child'), pid)
      await healthyAgain(rig)
    })
})

describe('X14 stop, start and restart', {concurrency: 2}, () => {
  test('what was stopped is said to be, and start brings it back with its state', async t => {
    const rig = await makeLiveRig(t)
    const a = await rig.putLiveByHand(editionA)
    assert.equal((await ask(rig.through(names.inPlace), 'keep:before the stop')).fault, undefined)
    const stopped = await rig.good('97-stop')
    assert.match(stopped.stdout, new RegExp(`${shortDigest(a)} is stopped; .*\\n.*→ pnpm start --fleet`))
    assert.deepEqual(rig.processes(), [])
    const status = await rig.step('03-status')
    assert.equal(status.code, 1, status.said)
    assert.match(status.stdout, /is stopped at 20\S+ by \S+@\S+ \(run \S+\) → pnpm start --fleet/)
    await rig.good('04-logs', [kept])
    const health = await rig.step('70-health')
    assert.match(health.stderr, /live was stopped at .*\n→ pnpm start/)
    const restart = await rig.step('98-restart')
    assert.deepEqual([restart.code, /→ pnpm start/.test(restart.stderr)], [2, true], restart.said)
    const started = await rig.good('96-start')
    assert.match(started.stdout, /was stopped at .*: it is started again/)
    assert.equal(await inOrder(rig, {[a]: versionsOf(editionA)}, 'start'), a)
    assert.match(readFileSync(join(rig.state, 'kept'), 'utf8'), /^before the stop$/m)
    await healthyAgain(rig)
    assert.match((await rig.good('96-start')).stdout, /runs already/)
    await rig.good('97-stop')
    assert.match((await rig.good('15-resume')).stdout, /was stopped at .*: it is started again/)
    await healthyAgain(rig)
  })

  test('X2 a restart replaces every server, and no call is lost', async t => {
    const rig = await makeLiveRig(t)
    const a = await rig.putLiveByHand(editionA)
    const before = new Map(rig.instance()?.servers.map(({name}) => [name, pidOf(rig, name, 'child')]))
    const ingress = pidOf(rig, 'ingress', 'child')
    const calling = callers(rig, t)
    const restarted = await rig.step('98-restart')
    assert.equal(restarted.code, 0, restarted.said)
    const {faults, lost, calls} = await calling.end()
    assert.deepEqual([faults, lost], [[], []])
    assert.ok(calls > 20, `${calls} calls`)
    assert.equal(await inOrder(rig, {[a]: versionsOf(editionA)}, 'restart'), a)
    for (const [name, pid] of before) assert.notEqual(pidOf(rig, name, 'child'), pid, name)
    assert.equal(pidOf(rig, 'ingress', 'child'), ingress)
    const others = pidOf(rig, names.beside, 'child')
    const pid = pidOf(rig, kept, 'child')
    await rig.good('98-restart', [kept])
    assert.notEqual(pidOf(rig, kept, 'child'), pid)
    assert.equal(pidOf(rig, names.beside, 'child'), others)
    const unknown = await rig.step('98-restart', ['kep'])
    assert.equal(unknown.code, 2)
    assert.match(unknown.stderr, /live has no server kep\n→ .*kept/)
  })

  test('a restart that is killed at any point is continued by resume, and no call is lost', async t => {
    const rig = await makeLiveRig(t)
    const a = await rig.putLiveByHand(editionA)
    let at = 4
    const calling = callers(rig, t, () => `killed at ${at}`)
    for (; at < 60; at += 9) {
      const done = await killedAt(rig, {step: '98-restart', at})
      const resumed = await rig.step('15-resume')
      assert.equal(resumed.code, 0, `${at} ${done.at(-1)}: ${resumed.said}`)
      assert.equal(await inOrder(rig, {[a]: versionsOf(editionA)}, `restart killed at ${at}: ${done.at(-1)}`), a)
    }
    const {faults, lost} = await calling.end()
    assert.deepEqual([faults, lost], [[], []])
  })
})
