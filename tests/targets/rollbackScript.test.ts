// The emergency rollback on real processes, run as at night: an empty environment, no Node on PATH, no checkout.
import assert from 'node:assert/strict'
import {spawnSync} from 'node:child_process'
import {once} from 'node:events'
import {existsSync, readdirSync, readFileSync, rmSync, writeFileSync} from 'node:fs'
import {createServer} from 'node:net'
import {basename, dirname, join} from 'node:path'
import {test} from 'node:test'
import {routesAt} from '../../scripts/lib/cutover/routesAt.ts'
import {ask} from '../sweep/ask.ts'
import {type Edition, makeLiveRig, names} from '../sweep/liveRig.ts'
import {isRunning} from './localInstance.ts'
import {answersAs, childOf, inOrder, leaveScript, night, pids, steps} from './rollbackRig.ts'

const shortOf = (script: string) => basename(dirname(script))

// One server is kept, one replaced beside the old copy, one in its place, and one more goes or comes.
const editionA: Edition = {version: 'A', servers: {old: {}}}
const editionB: Edition = {version: 'B', servers: {new: {}}}

test('X11 C13 rollback.sh puts an earlier release back, whatever became of the later one', async t => {
  const rig = await makeLiveRig(t)
  await steps(rig, editionA)
  const a = leaveScript(rig)
  await steps(rig, editionB)
  const b = leaveScript(rig)

  await t.test('traffic goes to it, copies of the other end, and every record says so', async t => {
    const bad = pids(rig)
    const {ms, code, said} = await night(rig, a, 'A')
    assert.equal(code, 0, said)
    t.diagnostic(`from the start to traffic on the earlier release: ${ms} ms, its copies restarted`)
    assert.match(said, /^✓ release [0-9a-f]{12} is live at http/m)
    await inOrder(rig, a, 'A')
    const kept = pids(rig)
    assert.deepEqual(bad.filter(pid => !kept.includes(pid)).filter(isRunning), [])
    const status = await rig.step('03-status')
    assert.equal(status.code, 0, status.said)
    assert.match(status.stdout, new RegExp(`${shortOf(a)} is live since .*, run rollback\\.sh-`))
    assert.equal(existsSync(join(rig.state, 'conflicts')), false, 'two copies wrote the same state')
  })

  await t.test('run twice, it says that the release is live already, and changes nothing', async () => {
    const before = [pids(rig), rig.routes()?.version, rig.pointer()]
    const {code, said} = await night(rig, a, 'A')
    assert.equal(code, 0, said)
    assert.match(said, /is live already; nothing is to be done/)
    assert.deepEqual([pids(rig), rig.routes()?.version, rig.pointer()], before)
  })

  await t.test('the routes are those that the steps would have written', async () => {
    const instance = rig.instance()
    const {version, ...routes} = rig.routes() ?? {version: 0}
    const transition = {run: '', purpose: 'deploy', from: undefined, to: instance, changes: [], stages: {}} as never
    assert.deepEqual({...routes, version: 0}, routesAt(transition, 0))
    assert.ok(version > 0)
  })

  await t.test('with wget, or with nothing that asks: it does what it can, and says so', async () => {
    for (const [askers, script, version, told] of [
      ['wget', b, 'B', /beside: the ingress finds it healthy/],
      ['', a, 'A', /neither curl nor wget is here, so only that each server listens was checked: ask http/],
    ] as const) {
      const other = join(script, '..', 'other.sh')
      writeFileSync(
        other,
        readFileSync(script, 'utf8').replace('for program in curl wget;', `for program in ${askers};`),
      )
      const {code, said} = await night(rig, other, version)
      rmSync(other)
      assert.equal(code, 0, said)
      assert.match(said, told)
      await inOrder(rig, script, version)
    }
  })

  await t.test('without an ingress: it is started', async () => {
    const folder = join(rig.root, 'instances', 'live', 'ingress')
    spawnSync('sh', [join(rig.root, 'instances', 'live', 'stop.sh'), folder, '1'])
    assert.match((await ask(rig.through(names.beside))).fault ?? '', /fetch failed/)
    const {code, said} = await night(rig, b, 'B', {shell: ['busybox', 'sh']})
    assert.equal(code, 0, said)
    assert.match(said, /the ingress does not run: it starts on port/)
    await inOrder(rig, b, 'B')
  })

  await t.test('the bad copies hang: they are ended, and nobody waits for them', async () => {
    const hanging = [names.beside, names.inPlace].map(name => childOf(rig, name))
    for (const pid of hanging) process.kill(pid, 'SIGSTOP')
    const {code, said} = await night(rig, a, 'A', {shell: ['dash']})
    assert.equal(code, 0, said)
    assert.deepEqual(hanging.filter(isRunning), [])
    await inOrder(rig, a, 'A')
  })

  await t.test('the copy of the release itself hangs: it is ended and restarted', async () => {
    const hanging = childOf(rig, names.beside)
    process.kill(hanging, 'SIGSTOP')
    const {code, said} = await night(rig, a, 'A')
    assert.equal(code, 0, said)
    assert.match(said, /beside: its copy \S+ runs but does not answer/)
    assert.equal(isRunning(hanging), false)
    await inOrder(rig, a, 'A')
  })

  await t.test('its port was taken meanwhile: it starts on another one', async () => {
    const port = rig.instance()?.servers.find(({name}) => name === names.beside)?.port ?? 0
    assert.equal((await night(rig, b, 'B')).code, 0)
    const thief = createServer().listen(port, '127.0.0.1')
    await once(thief, 'listening')
    const {code, said} = await night(rig, a, 'A')
    assert.equal(code, 0, said)
    assert.match(said, new RegExp(`beside: port ${port} is in use by another program; it starts on port \\d+`))
    await inOrder(rig, a, 'A')
    const other = rig.instance()?.servers.find(({name}) => name === names.beside)
    assert.notEqual(other?.port, port)
    assert.equal(other?.endpoint, `http://127.0.0.1:${other?.port}/mcp`)
    assert.equal(other?.environment.PORT, String(other?.port))
    const again = await night(rig, a, 'A')
    assert.match(again.said, /live already/)
    thief.close()
  })

  await t.test('a change that is not finished: its copies run still, so only the routes change', async t => {
    const own = [names.beside, 'old'].map(name => childOf(rig, name))
    await steps(rig, editionB, ['20-build', '60-deploy'])
    assert.equal(rig.transition()?.purpose, 'deploy')
    const {ms, code, said} = await night(rig, a, 'A', {server: names.beside})
    assert.equal(code, 0, said)
    t.diagnostic(`from the start to traffic on copies that still run: ${ms} ms`)
    assert.match(said, /the change that was under way is called off/)
    assert.doesNotMatch(said, /beside: starts/)
    assert.deepEqual(
      [names.beside, 'old'].map(name => childOf(rig, name)),
      own,
    )
    assert.equal(rig.transition(), undefined)
    assert.equal(
      readdirSync(join(rig.root, 'set-aside')).some(name =>
        existsSync(join(rig.root, 'set-aside', name, 'transition.json')),
      ),
      true,
    )
    await inOrder(rig, a, 'A')
  })

  await t.test('the normal steps go on from there: deploy, then roll that back', async () => {
    assert.equal((await night(rig, a, 'A')).code, 0)
    await steps(rig, {...editionB, version: 'D'}, ['20-build', '60-deploy'])
    await answersAs(rig, 'D')
    const back = await rig.rollback()
    assert.equal(back.code, 0, back.said)
    await answersAs(rig, 'A')
  })

  await t.test('the normal rollback goes to a release that has a script', async () => {
    const back = await rig.rollback(['--to', shortOf(b)])
    assert.equal(back.code, 0, back.said)
  })

  await t.test('the checkout is gone: nothing of it is needed', async () => {
    const {code: before} = await night(rig, b, 'B')
    assert.equal(before, 0)
    for (const name of readdirSync(rig.folder))
      if (name !== 'state') rmSync(join(rig.folder, name), {recursive: true, force: true})
    const {code, said} = await night(rig, a, 'A')
    assert.equal(code, 0, said)
    await inOrder(rig, a, 'A')
  })
})
