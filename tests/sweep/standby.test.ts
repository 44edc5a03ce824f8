// Copies on standby after a deploy: who sees them, who takes them back, and who ends them.
import assert from 'node:assert/strict'
import {readFileSync, rmSync} from 'node:fs'
import {join} from 'node:path'
import {describe, test} from 'node:test'
import {setTimeout as pause} from 'node:timers/promises'
import {entriesOf} from '../../scripts/lib/journal/facts.ts'
import {shortDigest} from '../../scripts/lib/release/release.ts'
import {killed} from '../rigProcesses.ts'
import {isRunning} from '../targets/localInstance.ts'
import {callers} from './callers.ts'
import {inOrder} from './inOrder.ts'
import {killedAt} from './killed.ts'
import {editionA, editionB, type LiveRig, makeLiveRig, names, versionsOf} from './liveRig.ts'

const long = {limits: {standbySeconds: 3600}}
const live = ['--apply', '--override', 'it is only a test']

describe('C13 after a deploy the replaced blue-green copy is on standby', {concurrency: 2}, () => {
  test('without traffic; status tells; a rollback takes the same process back, and a way forward is there', async t => {
    const rig = await makeLiveRig(t, long)
    const a = await rig.putLiveByHand(editionA)
    const old = programOf(rig)
    const session = await openSession(rig)
    const run = await rig.plan(editionB)
    await rig.good('60-deploy', ['--run', run, ...live])
    const finished = await rig.good('85-finish', ['--run', run])
    await rig.good('99-cleanup', ['--run', run])
    assert.match(finished.stdout, /beside: the old copy goes on standby for 3600 s, after \d+ ms/)
    assert.match(finished.stdout, /keeper: the old copy ended after/)
    assert.match(finished.stdout, /old: the old copy ended after/)
    const b = rig.pointer()?.release ?? ''
    const versions = {[a]: versionsOf(editionA), [b]: versionsOf(editionB)}
    assert.equal(await inOrder(rig, versions, 'after the deploy'), b)
    assert.deepEqual([isRunning(old), await answerIn(rig, session)], [true, 404])

    const standby = rig.standby()
    assert.deepEqual([standby?.instance.release, standby?.instance.servers.map(({name}) => name)], [a, [names.beside]])
    const line = `standby  beside of ${shortDigest(a)} until ${standby?.until}: pnpm rollback --fleet ${rig.fleetPath} takes it back`
    const {stdout} = await rig.good('03-status')
    assert.ok(stdout.includes(line), stdout)
    const told = JSON.parse((await rig.good('03-status', ['--json'])).stdout)
    assert.deepEqual(told.standby, {release: a, servers: [names.beside], until: standby?.until, isStale: false})

    const calling = callers(rig, t)
    await rig.good('90-rollback')
    assert.equal(await inOrder(rig, versions, 'taken back'), a)
    assert.deepEqual([programOf(rig), rig.standby()], [old, undefined], 'the same process, and nothing on standby')
    const {standby: none} = JSON.parse((await rig.good('03-status', ['--json'])).stdout)
    assert.equal(none, undefined)
    // The copies of the release that was left are bad: none of them is kept.
    await rig.good('90-rollback', ['--to', b])
    assert.equal(await inOrder(rig, versions, 'forward again'), b)
    assert.equal(rig.standby(), undefined)
    const {faults, lost} = await calling.end()
    assert.deepEqual([faults, lost], [[], []])
  })

  test('until its time is over: a rehearsal meanwhile sees live unchanged, and a rollback restarts it', async t => {
    const rig = await makeLiveRig(t, {limits: {standbySeconds: 8}})
    const a = await rig.putLiveByHand(editionA)
    const old = programOf(rig)
    const rehearsal = await rig.plan(editionB)
    const b = await rig.putLiveByHand(editionB)
    const versions = {[a]: versionsOf(editionA), [b]: versionsOf(editionB)}
    assert.equal(await inOrder(rig, versions, 'on standby'), b)
    await rig.good('60-deploy', ['--run', rehearsal])
    await rig.until('it ends by itself', () => !isRunning(old), 15_000)
    await rig.good('99-cleanup', ['--run', rehearsal])
    assert.equal(rig.verdict('rehearsal/live-unchanged', undefined, rehearsal), 'pass')
    assert.doesNotMatch((await rig.good('03-status')).stdout, /standby/)
    await rig.good('90-rollback')
    assert.equal(await inOrder(rig, versions, 'restarted'), a)
    assert.equal(rig.standby(), undefined)
  })

  test('but not taken back when it hangs: it is ended, and another starts', async t => {
    const rig = await makeLiveRig(t, long)
    const a = await rig.putLiveByHand(editionA)
    const old = programOf(rig)
    const b = await rig.putLiveByHand(editionB)
    process.kill(old, 'SIGSTOP')
    await rig.good('90-rollback')
    const versions = {[a]: versionsOf(editionA), [b]: versionsOf(editionB)}
    assert.equal(await inOrder(rig, versions, 'it hung'), a)
    assert.deepEqual([isRunning(old), rig.standby()], [false, undefined])
  })

  test('ended by the next deploy, by a rollback to another release, by a restore and by a stop', async t => {
    const rig = await makeLiveRig(t, long)
    const editionC = {version: 'C', servers: {new: {}}}
    const a = await rig.putLiveByHand(editionA)
    const oldA = programOf(rig)
    const b = await rig.putLiveByHand(editionB)
    const versions = {[a]: versionsOf(editionA), [b]: versionsOf(editionB)}
    const oldB = programOf(rig)
    const unrehearsed = await rig.plan(editionC)
    const refused = await rig.step('60-deploy', ['--run', unrehearsed, '--apply'])
    assert.equal(refused.code, 2, refused.said)
    await rig.good('99-cleanup', ['--run', unrehearsed])
    assert.deepEqual([await inOrder(rig, versions, 'a deploy that is refused'), isRunning(oldA)], [b, true])
    const run = await rig.plan(editionC)
    await rig.good('60-deploy', ['--run', run, ...live])
    assert.deepEqual(
      [isRunning(oldA), isRunning(oldB), rig.standby()],
      [false, true, undefined],
      'before it is verified',
    )
    await rig.good('85-finish', ['--run', run])
    await rig.good('99-cleanup', ['--run', run])
    const c = rig.pointer()?.release ?? ''
    const all = {...versions, [c]: versionsOf(editionC)}
    assert.equal(await inOrder(rig, all, 'a second deploy'), c)
    assert.equal(rig.standby()?.instance.release, b)

    await rig.good('90-rollback', ['--to', a])
    assert.equal(await inOrder(rig, all, 'to the release before that'), a)
    assert.deepEqual([isRunning(oldB), rig.standby()], [false, undefined])

    await rig.good('50-backup')
    assert.equal(await rig.putLiveByHand(editionB), b)
    assert.equal(rig.standby()?.instance.release, a)
    await rig.good('90-rollback', ['--from-backup', 'latest', '--without-backup'])
    assert.equal(await inOrder(rig, all, 'restored'), a)
    assert.equal(rig.standby(), undefined)

    assert.equal(await rig.putLiveByHand(editionB), b)
    assert.equal(rig.standby()?.instance.release, a)
    await rig.good('97-stop')
    assert.deepEqual([rig.processes(), rig.standby()], [[], undefined])
  })

  test('and kill -9 of the finish right after it is written down: rollback goes back, as well as resume goes on', async t => {
    const rig = await makeLiveRig(t, long)
    const a = await rig.putLiveByHand(editionA)
    const old = programOf(rig)
    const like = await rig.plan(editionB)
    const begun = async (name: string) => {
      const run = rig.beginLike(like, name)
      await rig.good('60-deploy', ['--run', run, ...live])
      return (at: number) => killedAt(rig, {step: '85-finish', flags: ['--run', run], at})
    }
    const isWritten = (effect: string | undefined) => effect === 'after rename standby.json'
    const effects = await (await begun('20200101-000001-staging-beef'))(0)
    const b = rig.pointer()?.release ?? ''
    await rig.good('90-rollback')
    const finish = await begun('20200101-000002-staging-beef')
    // What is done for other servers meanwhile may come before or after it.
    let at = effects.findIndex(isWritten) - 3
    while (!isWritten((await finish(at)).at(-1))) at += 1
    assert.deepEqual([rig.standby()?.instance.release, isRunning(old)], [a, true])
    await rig.good('90-rollback')
    const versions = {[a]: versionsOf(editionA), [b]: versionsOf(editionB)}
    assert.equal(await inOrder(rig, versions, 'rollback after a killed finish'), a)
    assert.deepEqual([programOf(rig), rig.standby()], [old, undefined])
  })

  test('and nothing of it is believed after a reboot', async t => {
    const rig = await makeLiveRig(t, long)
    const a = await rig.putLiveByHand(editionA)
    const b = await rig.putLiveByHand(editionB)
    for (let left = rig.processes(); left.length > 0; left = rig.processes()) {
      for (const {pid} of left) killed(pid)
      await pause(20)
    }
    rmSync(join(rig.state, 'writer'), {force: true})
    assert.doesNotMatch((await rig.step('03-status')).stdout, /standby/)
    await rig.good('15-resume')
    const versions = {[a]: versionsOf(editionA), [b]: versionsOf(editionB)}
    assert.equal(await inOrder(rig, versions, 'resume after a reboot'), b)
    assert.equal(rig.standby(), undefined)
    await rig.good('90-rollback')
    assert.equal(await inOrder(rig, versions, 'rollback after that'), a)
  })

  test('only where the fleet file says so', async t => {
    const rig = await makeLiveRig(t)
    await rig.putLiveByHand(editionA)
    const old = programOf(rig)
    await rig.putLiveByHand(editionB)
    assert.deepEqual([isRunning(old), rig.standby()], [false, undefined])
    const commands = entriesOf(rig.journal(), 'command').map(({why}) => why)
    assert.deepEqual(
      commands.filter(why => why.includes('standby')),
      [],
    )
  })
})

/** The process of the blue-green server that is live. */
function programOf(rig: LiveRig): number {
  const folder = rig.instance()?.servers.find(({name}) => name === names.beside)?.folder ?? ''
  return Number(readFileSync(join(folder, 'child'), 'utf8').split(' ')[0])
}

const headers = {'content-type': 'application/json', accept: 'application/json, text/event-stream'}

async function openSession(rig: LiveRig): Promise<string> {
  const params = {protocolVersion: '2025-11-25', capabilities: {}, clientInfo: {name: 'idle', version: '1'}}
  const body = JSON.stringify({jsonrpc: '2.0', id: 1, method: 'initialize', params})
  const response = await fetch(rig.through(names.beside), {method: 'POST', headers, body})
  assert.equal(response.status, 200, await response.text())
  return response.headers.get('mcp-session-id') ?? assert.fail('no session was opened')
}

/** HTTP status of a request in that session. */
async function answerIn(rig: LiveRig, session: string): Promise<number> {
  const body = JSON.stringify({jsonrpc: '2.0', id: 2, method: 'tools/list', params: {}})
  const own = {...headers, 'mcp-session-id': session, 'mcp-protocol-version': '2025-11-25'}
  const response = await fetch(rig.through(names.beside), {method: 'POST', headers: own, body})
  await response.text()
  return response.status
}
