// Ctrl-C, twice as people do, two changes at once, and a runner that is killed alone: live answers all the time.
import assert from 'node:assert/strict'
import {describe, test} from 'node:test'
import {setTimeout as pause} from 'node:timers/promises'
import {shortDigest} from '../../scripts/lib/release/release.ts'
import {callers} from './callers.ts'
import {inOrder} from './inOrder.ts'
import {editionA, editionB, type LiveRig, makeLiveRig, names, versionsOf} from './liveRig.ts'

const override = ['--override', 'it is only a test']

describe('X14 an interrupted change', {concurrency: 2}, () => {
  test('Ctrl-C twice in a deploy: the run ends with 130, the release before it is live', async t => {
    const rig = await makeLiveRig(t)
    const a = await rig.putLiveByHand(editionA)
    const calling = callers(rig, t)
    rig.edit({...editionB, servers: {...editionB.servers, ...slow}})
    const running = rig.startDeploy(override)
    await rig.until('the deploy changes live', () => switched(rig).length > 0)
    running.interrupt()
    await pause(30)
    running.interrupt()
    const ended = await running.ended
    assert.equal(ended.code, 130, ended.said)
    assert.match(ended.stdout, new RegExp(`${shortDigest(a)} is live`))
    assert.equal(await inOrder(rig, {[a]: versionsOf(editionA)}, 'Ctrl-C in a deploy'), a)
    const {faults, lost} = await calling.end()
    assert.deepEqual([faults, lost], [[], []])
  })

  test('Ctrl-C twice in the deploy and again in the rollback that follows: that is left to finish', async t => {
    const rig = await makeLiveRig(t)
    const a = await rig.putLiveByHand(editionA)
    rig.edit({...editionB, servers: {...editionB.servers, ...slow}})
    const running = rig.startDeploy(override)
    await rig.until('the deploy changes live', () => switched(rig).length > 0)
    running.interrupt()
    running.interrupt()
    await rig.begun('90-rollback')
    running.interrupt()
    await pause(50)
    running.interrupt()
    const ended = await running.ended
    assert.equal(ended.code, 130, ended.said)
    assert.equal(await inOrder(rig, {[a]: versionsOf(editionA)}, 'Ctrl-C in a rollback'), a)
  })

  test('Ctrl-C twice in a rollback by hand: it says where requests go, and resume goes on with it', async t => {
    const rig = await makeLiveRig(t)
    const a = await rig.putLiveByHand(editionA)
    const b = await rig.putLiveByHand(editionB)
    const calling = callers(rig, t)
    const running = rig.start('scripts/90-rollback.ts', rig.common)
    await rig.until('the rollback changes live', () => switched(rig).length > 0)
    running.interrupt()
    await pause(10)
    running.interrupt()
    const ended = await running.ended
    // The second one may meet it when it has said everything; for a shell that is 130 as well.
    assert.ok(ended.code === 130 || ended.signal === 'SIGINT', ended.said)
    assert.match(ended.stdout, new RegExp(`going back to ${shortDigest(a)}; requests go to .*${shortDigest(b)}`))
    assert.match(ended.stdout, /→ pnpm resume/)
    assert.deepEqual([rig.lock(), rig.transition()?.purpose], [undefined, 'rollback'])
    await rig.good('15-resume')
    const versions = {[a]: versionsOf(editionA), [b]: versionsOf(editionB)}
    assert.equal(await inOrder(rig, versions, 'resume after Ctrl-C'), a)
    const {faults, lost} = await calling.end()
    assert.deepEqual([faults, lost], [[], []])
  })

  test('Ctrl-C while the old copies drain: the release was found good, so it stays', async t => {
    const rig = await makeLiveRig(t, {limits: {drainSeconds: 20}})
    await rig.putLiveByHand(editionA)
    rig.edit(editionB)
    await openSession(rig)
    const running = rig.startDeploy(override)
    await rig.until('the old copies drain', () => rig.transition()?.purpose === 'finish', 60_000)
    running.interrupt()
    await pause(30)
    running.interrupt()
    const ended = await running.ended
    assert.equal(ended.code, 130, ended.said)
    assert.match(ended.stdout, /was found good already, so it stays/)
    const b = rig.pointer()?.release ?? ''
    assert.equal(await inOrder(rig, {[b]: versionsOf(editionB)}, 'Ctrl-C in a finish'), b)
  })

  test('a deploy, a rollback and a resume while another deploy goes on are refused and name it', async t => {
    const rig = await makeLiveRig(t)
    const a = await rig.putLiveByHand(editionA)
    rig.edit({...editionB, servers: {...editionB.servers, ...slow}})
    const running = rig.startDeploy(override)
    await rig.until('the deploy changes live', () => switched(rig).length > 0)
    const holder = rig.lock()?.run ?? 'none'
    const [deploy, rollback, resume] = await whileStopped(await rig.stepProcess('60-deploy'), () =>
      Promise.all([rig.deploy(override), rig.rollback(), rig.resume()]),
    )
    for (const other of [deploy, rollback, resume]) {
      assert.equal(other.code, 2, other.said)
      assert.match(other.said, new RegExp(`run ${holder} holds the lock of this environment to`))
    }
    assert.equal(rig.lock()?.run, holder)
    running.interrupt()
    assert.equal((await running.ended).code, 130)
    assert.equal(await inOrder(rig, {[a]: versionsOf(editionA)}, 'two at once'), a)
  })

  test('a deploy while a rollback goes on is refused; the rollback finishes', async t => {
    const rig = await makeLiveRig(t)
    const a = await rig.putLiveByHand(editionA)
    const b = await rig.putLiveByHand(editionB)
    const running = rig.start('scripts/90-rollback.ts', rig.common)
    await rig.until('the rollback changes live', () => rig.transition()?.purpose === 'rollback')
    const deploy = await whileStopped(running.pid, () => rig.deploy(override))
    assert.equal(deploy.code, 2, deploy.said)
    assert.match(deploy.said, /holds the lock of this environment to roll back/)
    const ended = await running.ended
    assert.equal(ended.code, 0, ended.said)
    const versions = {[a]: versionsOf(editionA), [b]: versionsOf(editionB)}
    await inOrder(rig, versions, 'a deploy during a rollback')
  })

  test('kill -9 of the runner alone, and a resume at once: two never change live at the same time', async t => {
    const rig = await makeLiveRig(t)
    const a = await rig.putLiveByHand(editionA)
    const calling = callers(rig, t)
    rig.edit({...editionB, servers: {...editionB.servers, ...slow}})
    const running = rig.startDeploy(override)
    await rig.until('the deploy changes live', () => switched(rig).length > 0)
    process.kill(running.pid, 'SIGKILL')
    const resumed = await rig.resume()
    await running.ended
    const again = resumed.code === 0 ? resumed : await rig.resume()
    assert.equal(again.code, 0, `${resumed.said}\n${again.said}`)
    await pause(1000)
    assert.equal(await inOrder(rig, {[a]: versionsOf(editionA)}, 'the runner was killed'), a)
    const {faults, lost} = await calling.end()
    assert.deepEqual([faults, lost], [[], []])
  })
})

/** Nothing that a process is at comes to its end before others have asked for the same. */
async function whileStopped<Value>(pid: number, body: () => Promise<Value>): Promise<Value> {
  process.kill(pid, 'SIGSTOP')
  return await body().finally(() => process.kill(pid, 'SIGCONT'))
}

/** Comes up so late that there is time for something to happen in the middle of the change. */
const slow = {
  new: {
    command: ['node', '--import', '{server}/refuse-strangers.mjs', 'late.mjs'],
    env: {PORT: '{port}', VERSION: 'B', LATE_MS: '1500'},
    after: [names.beside],
  },
}

function switched(rig: LiveRig): string[] {
  return Object.entries(rig.transition()?.stages ?? {}).flatMap(([server, stage]) =>
    server !== names.kept && stage !== 'waiting' ? [server] : [],
  )
}

/** A session that nobody ends keeps its copy draining. */
async function openSession(rig: LiveRig): Promise<void> {
  const params = {protocolVersion: '2025-11-25', capabilities: {}, clientInfo: {name: 'idle', version: '1'}}
  const response = await fetch(rig.through(names.beside), {
    method: 'POST',
    headers: {'content-type': 'application/json', accept: 'application/json, text/event-stream'},
    body: JSON.stringify({jsonrpc: '2.0', id: 1, method: 'initialize', params}),
  })
  assert.equal(response.status, 200, await response.text())
}
