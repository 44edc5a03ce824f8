// What an isolated program can still see, signal and write to; and that one that cannot be isolated runs all the same.
import assert from 'node:assert/strict'
import {execFileSync, spawnSync} from 'node:child_process'
import {existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync} from 'node:fs'
import {createServer} from 'node:net'
import {homedir} from 'node:os'
import {join} from 'node:path'
import {type TestContext, test} from 'node:test'
import {processStart} from '../../scripts/lib/process/processIdentity.ts'
import {local} from '../../scripts/targets/local.ts'
import {temporaryFolder} from '../lib/temporaryFolder.ts'
import {innocentProcess} from './innocent.ts'
import {eventually, isRunning, prepared} from './localInstance.ts'

const ids = [`--map-user=${process.getuid?.()}`, `--map-group=${process.getgid?.()}`]
const probe = ['--user', '--map-root-user', '--mount', '--pid', '--fork', '--mount-proc', 'unshare', '--user', ...ids]
const able = spawnSync('unshare', [...probe, 'true']).status === 0
const options = {timeout: 40_000, skip: !able && 'this machine does not let its users make namespaces'}

/** An isolated server that runs a script of the shell, which prints into its log and then stays. */
async function isolated(t: TestContext, script: string, declared: object = {}) {
  const running = prepared(t, ['sh', '-c', `${script}\necho done; exec sleep 60`], {isolation: {}, ...declared})
  const child = join(running.folder, 'child')
  await running.start()
  await eventually(() => existsSync(join(running.folder, 'log')) && /^done$/m.test(running.log()) && true, 'the script')
  return {...running, pid: Number(readFileSync(child, 'utf8').split(' ')[0])}
}

test('X14 an isolated program sees no process but its own, and can signal no other', options, async t => {
  const innocent = await innocentProcess(t)
  const script = `ls /proc | grep -c '^[0-9][0-9]*$'
    kill -KILL ${innocent.pid} 2>/dev/null && echo killed
    cat /proc/[0-9]*/environ 2>/dev/null | tr '\\0' '\\n' | grep '^HOME=' | sort -u`
  const {log, status, pid, folder} = await isolated(t, script)
  const [processes, ...homes] = log().trim().split('\n')
  assert.ok(Number(processes) < 8, log())
  assert.deepEqual(homes, [`HOME=${join(folder, 'home')}`, 'done'])
  assert.doesNotMatch(log(), /killed/)
  await innocent.assertLeftAlone()
  // From outside it is known by the number that it has here.
  assert.equal((await status()).identity, `${pid}@${processStart(pid)}`)
  assert.match(execFileSync('ps', ['-o', 'args=', '-p', String(pid)], {encoding: 'utf8'}), /^sleep 60/)
})

test('X14 an isolated program writes to its own folders and nowhere else', options, async t => {
  const {log, instance, folder} = await isolated(
    t,
    `cd /
    for place in "$HOME" "$TMPDIR" "$STATE" /tmp /dev/shm; do echo x >"$place/own" || echo "cannot write to $place"; done
    for place in / /etc /var/tmp "${homedir()}" "$ROOT" "$ROOT/releases" "$HOME/.." "$STATE/.."; do { echo x >"$place/foreign"; } 2>/dev/null && echo "wrote to $place"; done
    ls -A "$ROOT" "$ROOT/instances/live/state" "${homedir()}"; cat "$ROOT/secret" "$ROOT/releases/code"`,
    {env: {STATE: '{state}', ROOT: '{state}/../../../..'}},
  )
  assert.match(log(), /^one$/m, 'its own state is all that is shown of the states')
  assert.doesNotMatch(log(), /cannot write|wrote to/)
  assert.ok(existsSync(join(folder, 'home/own')) && existsSync(join(instance.folder, 'state/one/own')))
  assert.equal(existsSync('/tmp/own') || existsSync(join(folder, 'foreign')), false)
})

test(
  'X14 an isolated program does not see the control socket of the ingress, and another one does',
  options,
  async t => {
    const look = '[ -S "$INGRESS/control.sock" ] && echo seen; echo done; exec sleep 60'
    for (const [isolation, expected] of [
      [{none: 'to compare with'}, /^seen\ndone$/m],
      [{}, /^done$/],
    ] as const) {
      const running = prepared(t, ['sh', '-c', look], {isolation, env: {INGRESS: '{state}/../../ingress'}})
      const server = createServer()
      await new Promise<void>(resolve => server.listen(local.ingressControl?.(running.instance), resolve))
      t.after(() => void server.close())
      await running.start()
      await eventually(
        () => existsSync(join(running.folder, 'log')) && /^done$/m.test(running.log()) && true,
        'the program',
      )
      assert.match(running.log().trim(), expected)
    }
  },
)

test(
  'X14 releases can be read and not written, the rest of the root is hidden, and what is declared is shown',
  options,
  async t => {
    const running = prepared(t, ['true'], {isolation: {}})
    const root = join(running.instance.folder, '../..')
    const places = ['releases', 'records', 'read', 'write'].map(name => join(root, name))
    for (const place of places) {
      mkdirSync(place)
      writeFileSync(join(place, 'file'), `in ${place}\n`)
    }
    const isolation = {read: [places[2]], write: [places[3]]}
    const settings = {...running.instance.servers[0]?.settings, isolation: {...isolation}}
    const program = `cat ${places.map(place => `${place}/file`).join(' ')}; for place in ${places.join(' ')}; do { echo x >"$place/new"; } 2>/dev/null && echo "wrote to $place"; done; echo done; exec sleep 60`
    const servers = running.instance.servers.map(server => ({...server, settings, argv: ['sh', '-c', program]}))
    await running.shell.run(local.startServer({...running.instance, servers} as typeof running.instance, 'one'))
    await eventually(
      () => existsSync(join(running.folder, 'log')) && /^done$/m.test(running.log()) && true,
      'the program',
    )
    const log = running.log()
    for (const place of [places[0], places[2], places[3]]) assert.match(log, new RegExp(`^in ${place}$`, 'm'))
    assert.doesNotMatch(log, new RegExp(`^in ${places[1]}$`, 'm'))
    assert.deepEqual(log.match(/^wrote to .*$/gm), [`wrote to ${places[3]}`])
  },
)

test(
  'X14 an isolated program that has no handler for SIGTERM ends at once, and all that it started with it',
  options,
  async t => {
    const {stop, pid, folder} = await isolated(
      t,
      'setsid sh -c "trap \'\' TERM; while :; do sleep 1; done" & sleep 0.2',
      {
        limits: {stopSeconds: 20},
      },
    )
    const helpers = () =>
      execFileSync('ps', ['-eo', 'args='], {encoding: 'utf8'})
        .split('\n')
        .filter(line => line.includes(folder))
    assert.ok(helpers().length > 0)
    const beganAt = performance.now()
    await stop()
    assert.ok(performance.now() - beganAt < 8000)
    assert.deepEqual([isRunning(pid), helpers()], [false, []])
  },
)

test('an isolated program that is killed is counted with its signal, and started again', options, async t => {
  const {status, pid} = await isolated(t, ':')
  process.kill(pid, 'SIGKILL')
  const seen = await eventually(async () => {
    const now = await status()
    return now.running && now.identity.split('@')[0] !== String(pid) ? now : undefined
  }, 'another process')
  assert.deepEqual([seen.restarts, seen.lastExit], [1, '137'])
})

test('X11 where the machine does not allow it, a program runs without, and that is written down', {
  timeout: 40_000,
}, async t => {
  const running = prepared(t, ['sh', '-c', 'echo up; exec sleep 60'], {isolation: {}})
  writeFileSync(join(running.instance.folder, 'isolate.sh'), 'echo "seaworthy: / cannot be hidden" >&2; exit 1')
  await running.start()
  await eventually(
    () => existsSync(join(running.folder, 'log')) && running.log().includes('up\n') && true,
    'the program',
  )
  assert.deepEqual([(await running.status()).running, (await running.status()).restarts], [true, 0])
  assert.match(readFileSync(join(running.folder, 'unisolated'), 'utf8'), /\S/)
  assert.equal((await running.status()).unisolated, true, 'status and checks know')
  assert.match(running.log(), /not isolated/)
})

test(
  'X14 what a file system does not allow, as most home folders do not, keeps no program from being isolated',
  options,
  t => {
    const root = temporaryFolder(t)
    const mounted = 'mount -t tmpfs -o nosuid,nodev,noatime none "$1" && shift && exec "$@"'
    const ask = (argv: readonly string[]) => {
      const words = ['--user', '--map-root-user', '--mount', 'sh', '-c', mounted, 'sh', root, ...argv]
      const {stdout, stderr} = spawnSync('unshare', words, {encoding: 'utf8'})
      return stdout + stderr
    }
    const argv = local.canIsolate?.(root).argv ?? []
    assert.equal(ask(argv), '')
    const failing = join(temporaryFolder(t, {'isolate.sh': 'echo cannot >&2; exit 1'}), 'isolate.sh')
    assert.equal(ask(argv.with(2, failing)), 'cannot\n')
  },
)

test('X11 what would isolate a program and hangs is given up, and the program runs without', {
  timeout: 40_000,
}, async t => {
  const running = prepared(t, ['sh', '-c', 'echo up; exec sleep 60'], {isolation: {}})
  const script = join(running.instance.folder, 'supervise.sh')
  const text = readFileSync(script, 'utf8')
  assert.ok(text.includes('looks=500\n'))
  writeFileSync(script, text.replace('looks=500\n', 'looks=20\n'))
  writeFileSync(join(running.instance.folder, 'isolate.sh'), 'exec sleep 60')
  await running.start()
  await eventually(
    () => existsSync(join(running.folder, 'log')) && running.log().includes('up\n') && true,
    'the program',
  )
  assert.match(readFileSync(join(running.folder, 'unisolated'), 'utf8'), /did not end within/)
})

test('X14 a Node server that says what it needs can do that and no more', {timeout: 40_000}, async t => {
  const script = `const {readFileSync, writeFileSync} = require('node:fs')
    const tried = {
      state: () => writeFileSync(process.env.STATE + '/own', 'x'),
      temporary: () => writeFileSync(process.env.TMPDIR + '/own', 'x'),
      declared: () => readFileSync('/etc/hosts'),
      foreign: () => readFileSync('/etc/passwd'),
      program: () => require('node:child_process').execFileSync('true'),
    }
    for (const [name, act] of Object.entries(tried)) try { act(); console.log(name) } catch (thrown) { console.log(name, thrown.code) }
    require('node:http').createServer().listen(0, '127.0.0.1', () => console.log('done'))`
  const running = prepared(t, ['{runtime}', '-e', script], {
    env: {STATE: '{state}'},
    isolation: {none: 'by the model of Node alone', node: {read: ['/etc/hosts']}},
  })
  const runtime = join(running.instance.releaseFolder, 'runtime')
  mkdirSync(runtime, {recursive: true})
  symlinkSync(process.execPath, join(runtime, 'node'))
  await running.start()
  await eventually(
    () => existsSync(join(running.folder, 'log')) && /^done$/m.test(running.log()) && true,
    'it to listen',
  )
  const denied = 'ERR_ACCESS_DENIED'
  const said = running.log().replace(/^\(.*\n/gm, '')
  assert.equal(said, `state\ntemporary\ndeclared\nforeign ${denied}\nprogram ${denied}\ndone\n`)
})
