// The lease in the middle of a real change: who lost it stops before its next change, and live is put in order by the next one.
import assert from 'node:assert/strict'
import {readFileSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {describe, test} from 'node:test'
import {setTimeout as pause} from 'node:timers/promises'
import {entriesOf, fact} from '../../scripts/lib/journal/facts.ts'
import {processStart} from '../../scripts/lib/process/processIdentity.ts'
import {callers} from './callers.ts'
import {inOrder} from './inOrder.ts'
import {editionA, editionB, type LiveRig, makeLiveRig, names, versionsOf} from './liveRig.ts'

const override = ['--override', 'it is only a test']

describe('X14 the lease', {concurrency: 2}, () => {
  test('a deploy that is stopped past its lease and goes on later changes nothing more; the rollback that took over is done', async t => {
    const rig = await makeLiveRig(t)
    const a = await rig.putLiveByHand(editionA)
    const run = await rig.plan({...editionB, servers: {...editionB.servers, ...slow}})
    const calling = callers(rig, t)
    const deploying = rig.start('scripts/60-deploy.ts', [...rig.common, '--run', run, '--apply', ...override])
    await rig.until('the deploy changes live', () => rig.transition()?.stages[names.beside] === 'switched')
    process.kill(deploying.pid, 'SIGSTOP')
    const token = lockOf(rig).token
    setLease(rig, 1)
    const back = await rig.rollback(['--wait', '30'])
    assert.equal(back.code, 0, back.said)
    assert.match(
      back.stdout,
      new RegExp(`waiting at most 30 s: run ${run} holds the lock of this environment to deploy`),
    )
    const taken = fact<{run: string; because: string}>(rig.journal(), 'lock.taken-over')
    assert.deepEqual([taken?.run, taken?.because], [run, 'it gave no sign of life for 1 s, as long as its lease lasts'])
    assert.equal(fact<{token: number}>(rig.journal(), 'lock.taken')?.token, token + 1)
    const versions = {[a]: versionsOf(editionA)}
    // Its own process is still there, stopped, and counts as no stray one only after its end.
    process.kill(deploying.pid, 'SIGCONT')
    const ended = await deploying.ended
    assert.equal(ended.code, 2, ended.said)
    assert.match(ended.stderr, new RegExp(`run ${run} lost the lock of this environment \\(token ${token}\\)`))
    assert.match(ended.stderr, /→ pnpm status/)
    assert.equal(await inOrder(rig, versions, 'the deploy lost its lease'), a)
    const commands = entriesOf(rig.journal(run), 'command').filter(
      ({state, readOnly}) => state === 'started' && !readOnly,
    )
    const stoppedAt = entriesOf(rig.journal(), 'fact').find(({name}) => name === 'lock.taken')?.at ?? ''
    assert.deepEqual(
      commands.filter(({at}) => at > stoppedAt),
      [],
      'it started nothing after it lost its lease',
    )
    const {faults, lost} = await calling.end()
    assert.deepEqual([faults, lost], [[], []])
  })

  test('another host holds it: refused at once, waited for up to the deadline, taken over when it is silent', async t => {
    const rig = await makeLiveRig(t)
    const a = await rig.putLiveByHand(editionA)
    const far = {
      run: 'far',
      purpose: 'deploy',
      user: 'ci',
      host: 'elsewhere',
      pid: 1,
      pidStart: '1',
      since: 'now',
      token: 99,
    }
    const lock = join(rig.root, 'lock.json')
    writeFileSync(lock, JSON.stringify({...far, leaseSeconds: 2}))
    const refused = await rig.step('97-stop')
    assert.equal(refused.code, 2, refused.said)
    assert.match(
      refused.stderr,
      /run far holds the lock of this environment to deploy \(ci@elsewhere, process 1, since now\)/,
    )
    assert.match(refused.stderr, /→ wait for it to end, as with --wait 120/)
    const late = await rig.step('97-stop', ['--wait', '0.5'])
    assert.equal(late.code, 2, late.said)
    assert.match(late.stderr, /the deadline of 0.5 s passed: .*run far holds the lock/)
    const faulty = await rig.step('97-stop', ['--wait', 'soon'])
    assert.equal(faulty.code, 2)
    assert.match(faulty.stderr, /--wait: should be a number of seconds, got soon\n→ such as --wait 120/)
    assert.equal(rig.pointer()?.release, a, 'nothing was changed')

    const waiting = rig.start('scripts/15-resume.ts', [...rig.common, '--wait', '60'])
    await rig.until('it waits', () => /waiting at most 60 s/.test(waiting.printed()))
    waiting.interrupt()
    await pause(20)
    try {
      waiting.interrupt()
    } catch (thrown) {
      // It has ended by the first.
      assert.equal((thrown as NodeJS.ErrnoException).code, 'ESRCH')
    }
    const cancelled = await waiting.ended
    assert.ok(cancelled.code === 130 || cancelled.signal === 'SIGINT', cancelled.said)
    assert.equal(JSON.parse(readFileSync(lock, 'utf8')).run, 'far')

    const resumed = await rig.resume(['--wait', '60'])
    assert.equal(resumed.code, 0, resumed.said)
    assert.equal(fact<{run: string}>(rig.journal(), 'lock.taken-over')?.run, 'far')
    assert.equal(await inOrder(rig, {[a]: versionsOf(editionA)}, 'taken over'), a)
  })

  test('two deploys at once, the second with --wait: one after the other; status names who works', async t => {
    const rig = await makeLiveRig(t)
    const a = await rig.putLiveByHand(editionA)
    const next = {...editionA, version: 'B'}
    rig.edit(next)
    const first = rig.startDeploy(override)
    await rig.until('the first has the lock', () => rig.lock() !== undefined)
    const holder = rig.lock()?.run ?? ''
    const second = rig.startDeploy([...override, '--wait', '80'])
    await rig.until('the second waits', () => /waiting at most 80 s/.test(second.printed()))
    const status = await rig.step('03-status')
    assert.match(status.stdout, new RegExp(`locked by run ${holder} to run a pipeline \\(.*last sign of life `))
    const ended = await Promise.all([first.ended, second.ended])
    for (const one of ended) assert.equal(one.code, 0, one.said)
    const b = rig.pointer()?.release ?? ''
    assert.notEqual(a, b)
    assert.equal(await inOrder(rig, {[b]: versionsOf(next)}, 'two deploys'), b)
  })
})

/** Comes up so late that there is time for something to happen in the middle of the change. */
const slow = {
  new: {
    command: ['node', '--import', '{server}/refuse-strangers.mjs', 'late.mjs'],
    env: {PORT: '{port}', VERSION: 'B', LATE_MS: '1500'},
    after: [names.beside],
  },
}

function lockOf(rig: LiveRig): {token: number; pid: number; pidStart: string} {
  const lock = JSON.parse(readFileSync(join(rig.root, 'lock.json'), 'utf8'))
  assert.equal(lock.pidStart, processStart(lock.pid))
  return lock
}

/** As if it had been taken with a shorter lease. */
function setLease(rig: LiveRig, leaseSeconds: number): void {
  writeFileSync(join(rig.root, 'lock.json'), JSON.stringify({...lockOf(rig), leaseSeconds}))
}
