// The emergency rollback when something stands in its way, or when it is itself interrupted.
import assert from 'node:assert/strict'
import {spawn} from 'node:child_process'
import {once} from 'node:events'
import {existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync} from 'node:fs'
import {hostname} from 'node:os'
import {basename, dirname, join} from 'node:path'
import {test} from 'node:test'
import {raiseFence} from '../../scripts/lib/lock/fence.ts'
import {type Edition, makeLiveRig, names} from '../sweep/liveRig.ts'
import {isRunning} from './localInstance.ts'
import {childOf, inOrder, leaveScript, night, steps} from './rollbackRig.ts'

const shortOf = (script: string) => basename(dirname(script))

// One server is kept, one replaced beside the old copy, one in its place, and one more goes or comes.
const editionA: Edition = {version: 'A', servers: {old: {}}}
const editionB: Edition = {version: 'B', servers: {new: {}}}

const neverReady = {
  command: ['node', '--import', '{server}/refuse-strangers.mjs', 'never-listens.mjs'],
  cutover: 'recreate',
}

test('X11 X14 rollback.sh in trouble: live keeps answering, and it says what to do', async t => {
  const rig = await makeLiveRig(t)
  await steps(rig, editionA)
  const a = leaveScript(rig)
  await steps(rig, editionB)
  const b = leaveScript(rig)

  await t.test('a deploy is at work: it says who, and --break-lock ends it and undoes the half of it', async () => {
    rig.edit({...editionB, version: 'C', servers: {new: {}, [names.inPlace]: neverReady}})
    assert.equal((await rig.step('20-build')).code, 0)
    const deploying = rig.start('scripts/60-deploy.ts', [...rig.common, '--apply', '--override', 'test'])
    await rig.until('requests are held', () => rig.transition()?.stages[names.inPlace] === 'held')
    const refused = await night(rig, a)
    assert.equal(refused.code, 3, refused.said)
    assert.match(refused.said, /^✗ run \S+ of \S+@\S+ \(process \d+, since \S+\) is at work here, to deploy$/m)
    assert.match(refused.said, new RegExp(`→ .*: sh ${a} --break-lock`))
    assert.notEqual(rig.lock(), undefined)
    const {code, said} = await night(rig, a, 'A', {words: ['--break-lock']})
    assert.equal(code, 0, said)
    assert.match(said, new RegExp(`process ${deploying.pid} is told to end`))
    assert.equal(isRunning(deploying.pid), false)
    await deploying.ended
    await inOrder(rig, a, 'A')
  })

  await t.test('the lock of a run that was killed is taken over', async () => {
    const left = {run: 'killed', purpose: 'deploy', user: 'x', host: hostname(), pid: process.pid, pidStart: '1'}
    writeFileSync(join(rig.root, 'lock.json'), JSON.stringify({...left, since: '2026-01-01T00:00:00.000Z'}))
    const {code, said} = await night(rig, a, 'A')
    assert.equal(code, 0, said)
    assert.match(said, /the lock was left by run killed of x@/)
    assert.equal(rig.lock(), undefined)
  })

  await t.test('X14 stopped in the middle while another run takes its lock: it changes nothing more', async () => {
    const before = JSON.stringify([rig.pointer(), rig.instance(), rig.routes()])
    const child = spawn('sh', [b], {env: {PATH: '/usr/bin:/bin'}, stdio: ['ignore', 'pipe', 'pipe']})
    let said = ''
    child.stdout.setEncoding('utf8').on('data', part => (said += part))
    await rig.until('it has begun', () => /starts on port/.test(said))
    child.kill('SIGSTOP')
    const token = (rig.lock()?.token ?? 0) + 1
    const other = {run: 'other', purpose: 'deploy', user: 'x', host: 'elsewhere', pid: 1, pidStart: '1', token}
    const lock = join(rig.root, 'lock.json')
    writeFileSync(lock, JSON.stringify({...other, since: '2026-01-01T00:00:00.000Z', leaseSeconds: 60}))
    child.kill('SIGCONT')
    const [code] = await once(child, 'exit')
    assert.equal(code, 3, said)
    assert.match(
      said,
      /✗ this run lost the lock, so it changes nothing more: run other of x@elsewhere has it, to deploy/,
    )
    assert.equal(JSON.stringify([rig.pointer(), rig.instance(), rig.routes()]), before)
    assert.equal(rig.lock()?.run, 'other')
    const refused = await night(rig, a)
    assert.equal(refused.code, 3, refused.said)
    assert.match(refused.said, /✗ run other of x@elsewhere .* is at work here, to deploy/)
    const {code: broken, said: told} = await night(rig, a, 'A', {words: ['--break-lock']})
    assert.equal(broken, 0, told)
    assert.match(told, /the lock is taken from run other/)
    assert.ok(Number(readFileSync(join(rig.root, 'lock.token'), 'utf8')) > token, 'its token is greater')
    await inOrder(rig, a, 'A')
  })

  await t.test(
    'X14 stopped right before it would switch the routes, and late: the fence is gone, nothing changes',
    async () => {
      const routes = JSON.stringify(rig.routes())
      const shims = join(rig.folder, 'shims')
      mkdirSync(shims)
      const late = `#!/bin/sh\ncase $2 in */routes.json) echo $$ >'${shims}/pid'; kill -STOP $$ ;; esac\nexec /bin/mv "$@"\n`
      writeFileSync(join(shims, 'mv'), late, {mode: 0o755})
      const child = spawn('sh', [b], {env: {PATH: `${shims}:/usr/bin:/bin`}, stdio: ['ignore', 'pipe', 'pipe']})
      let said = ''
      child.stdout.setEncoding('utf8').on('data', part => (said += part))
      await rig.until('it is about to switch', () => existsSync(join(shims, 'pid')))
      const token = (rig.lock()?.token ?? 0) + 1
      const other = {run: 'other', purpose: 'deploy', user: 'x', host: 'elsewhere', pid: 1, pidStart: '1', token}
      writeFileSync(join(rig.root, 'lock.json'), JSON.stringify({...other, since: 'now', leaseSeconds: 60}))
      raiseFence(rig.root, token)
      process.kill(Number(readFileSync(join(shims, 'pid'), 'utf8')), 'SIGCONT')
      const [code] = await once(child, 'exit')
      assert.equal(code, 3, said)
      assert.match(said, /✗ this run lost the lock, so it changes nothing more: run other of x@elsewhere has it/)
      assert.equal(JSON.stringify(rig.routes()), routes)
      assert.equal((await night(rig, a, 'A', {words: ['--break-lock']})).code, 0)
      await inOrder(rig, a, 'A')
    },
  )

  await t.test('it does not come up: exit 3, and what served before serves on', async () => {
    assert.equal((await night(rig, b, 'B')).code, 0)
    for (const server of [names.beside, names.inPlace]) {
      const program = join(a, '..', 'servers', server, server === names.inPlace ? 'keeper.mjs' : 'healthy.mjs')
      renameSync(program, `${program}.gone`)
      const {code, said} = await night(rig, a, 'B')
      renameSync(`${program}.gone`, program)
      assert.equal(code, 3, said)
      assert.match(said, new RegExp(`✗ ${server}: ends by itself as soon as it starts`))
      assert.match(said, /Cannot find module/)
      assert.match(said, new RegExp(`→ .*choose another release: sh ${rig.root}/rollback.sh --list`))
      const {servers} = rig.routes() ?? {}
      assert.deepEqual(Object.keys(servers ?? {}).sort(), ['beside', 'keeper', 'kept', 'new'])
      await inOrder(rig, b, 'B')
    }
  })

  await t.test('it comes up and answers wrongly: exit 3, both are kept, and the way back is told', async () => {
    const program = join(a, '..', 'servers', names.beside, 'healthy.mjs')
    const kept = childOf(rig, names.beside)
    renameSync(program, `${program}.gone`)
    writeFileSync(program, readFileSync(join(dirname(program), 'answers-500.mjs')))
    const {code, said} = await night(rig, a)
    renameSync(`${program}.gone`, program)
    assert.equal(code, 3, said)
    assert.match(said, /✗ release \S+ has the traffic, but the ingress does not find beside healthy: .*500/)
    assert.match(said, new RegExp(`→ to go back to ${shortOf(b)}, whose copies are kept and still run: sh ${b}`))
    assert.equal(isRunning(kept), true)
    const back = await night(rig, b, 'B', {server: names.beside})
    assert.equal(back.code, 0, back.said)
    assert.doesNotMatch(back.said, /beside: starts/)
    await inOrder(rig, b, 'B')
    assert.equal(childOf(rig, names.beside), kept)
  })

  await t.test('X14 killed at any moment, it goes on when it is run again', async () => {
    for (const [index, afterMs] of [60, 200, 400, 700, 1000, 1300].entries()) {
      const [script, version] = index % 2 === 0 ? [a, 'A'] : [b, 'B']
      const first = spawn('sh', [script ?? a], {env: {PATH: '/usr/bin:/bin'}, stdio: 'ignore'})
      const timer = setTimeout(() => first.kill('SIGKILL'), afterMs)
      await once(first, 'exit')
      clearTimeout(timer)
      const {code, said} = await night(rig, script ?? a, version)
      assert.equal(code, 0, `killed after ${afterMs} ms: ${said}`)
      await inOrder(rig, script ?? a, version ?? '')
    }
  })

  await t.test('the terminal goes away in the middle of it: it goes on to the end', async () => {
    const child = spawn('sh', [a], {env: {PATH: '/usr/bin:/bin'}, stdio: ['ignore', 'pipe', 'ignore']})
    child.stdout.once('data', () => child.stdout.destroy())
    await once(child.stdout, 'close')
    child.kill('SIGHUP')
    const [code] = await once(child, 'exit')
    assert.equal(code, 0)
    await inOrder(rig, a, 'A')
    const [newest = ''] = readdirSync(join(rig.root, 'set-aside')).sort().reverse()
    assert.match(readFileSync(join(rig.root, 'set-aside', newest, 'log'), 'utf8'), /✓ release \S+ is live at/)
  })
})
