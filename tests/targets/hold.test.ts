// Servers that are held still for real: nothing of them runs meanwhile, and they go on by themselves, whoever is there then.
import assert from 'node:assert/strict'
import {execFileSync, spawn, spawnSync} from 'node:child_process'
import {existsSync, readdirSync, readFileSync, statSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {describe, type TestContext, test} from 'node:test'
import {setTimeout as pause} from 'node:timers/promises'
import {copyState} from '../../scripts/lib/state/copyState.ts'
import {holdServer} from '../../scripts/lib/state/holdServer.ts'
import {serverOf} from '../../scripts/lib/target/instance.ts'
import {createShell} from '../../scripts/lib/target/shell.ts'
import {local} from '../../scripts/targets/local.ts'
import {killed} from '../rigProcesses.ts'
import {eventually, isRunning, prepared, type Running} from './localInstance.ts'

const options = {timeout: 60_000}
const {signal} = new AbortController()

/** A program that writes all the time, itself and by a helper in a session of its own. */
const writing = [
  'sh',
  '-c',
  'cd "$1" || exit 1; setsid sh -c "while :; do date >>helper.txt; sleep 0.01; done" & ' +
    'i=0; while :; do i=$((i+1)); echo $i >>a; echo $i >>b; sleep 0.001; done',
  'sh',
]

async function writer(t: TestContext, seconds = 2): Promise<Running & {state: string; seconds: number}> {
  const declared = {state: {paths: ['.'], pauseSeconds: seconds}}
  const place = prepared(t, writing, declared)
  const {state} = serverOf(place.instance, 'one')
  serverOf(place.instance, 'one').argv.push(state)
  await place.start()
  // Large enough that each copy meets a write.
  writeFileSync(join(state, 'large'), Buffer.alloc(5_000_000, 'x'))
  await eventually(() => (existsSync(join(state, 'b')) && existsSync(join(state, 'helper.txt'))) || undefined, 'writes')
  // Its helper left the group, so that stopping the server does not end it.
  t.after(() => {
    for (const pid of writersIn(place.instance.folder)) killed(pid)
  })
  return {...place, state, seconds}
}

function writersIn(folder: string): number[] {
  return readdirSync('/proc')
    .map(Number)
    .filter(pid => Number.isInteger(pid) && pid !== process.pid && textOf(pid, 'environ').includes(`HOME=${folder}`))
}

function textOf(pid: number, name: string): string {
  try {
    return readFileSync(`/proc/${pid}/${name}`, 'utf8')
  } catch {
    return ''
  }
}

const held = ({folder}: Running) =>
  readdirSync('/proc')
    .map(Number)
    .filter(pid => Number.isInteger(pid) && textOf(pid, 'environ').includes(folder) && / T /.test(textOf(pid, 'stat')))
const sizes = ({state}: {state: string}) => ['a', 'helper.txt'].map(name => statSync(join(state, name)).size)
const isChanging = async (server: {state: string}) => {
  const before = sizes(server)
  await pause(200)
  return sizes(server).some((size, index) => size !== before[index])
}
/** Both of its processes go on, as soon as the machine lets them. */
const goesOn = async (server: {state: string}) => {
  const before = sizes(server)
  return eventually(() => sizes(server).every((size, index) => size !== before[index]) || undefined, 'it to go on')
}
/** By another shell where one is named. */
const begin = ({instance, shell}: Running, seconds: number, by = ['sh']) => {
  const command = local.hold?.begin(instance, 'one', seconds)
  assert.ok(command !== undefined)
  return shell.run({...command, argv: [...by, ...command.argv.slice(1)]})
}
const end = ({instance, shell}: Running, by = ['sh']) => {
  const command = local.hold?.end(instance, 'one')
  assert.ok(command !== undefined)
  return shell.run({...command, argv: [...by, ...command.argv.slice(1)]})
}
const shells = [['dash'], ['busybox', 'sh'], ['bash', '--posix']].filter(
  ([name = '', ...words]) => spawnSync(name, [...words, '-c', 'true']).status === 0,
)

describe('a server that is held still', {
  concurrency: 2,
  skip: existsSync('/proc/self/stat') ? false : 'no /proc',
}, () => {
  test('writes nothing until it is let go, and then goes on as the same process', options, async t => {
    const server = await writer(t)
    const {identity} = await server.status()
    await begin(server, 20)
    assert.ok(held(server).length >= 2, `${held(server).length} are held`)
    assert.equal(await isChanging(server), false)
    await end(server)
    await goesOn(server)
    assert.deepEqual(
      [held(server), (await server.status()).identity, (await server.status()).restarts],
      [[], identity, 0],
    )
    await end(server)
    assert.deepEqual(
      readdirSync(server.instance.folder).filter(name => name.startsWith('held')),
      [],
    )
  })

  for (const by of shells)
    test(`is held and let go by ${by.join(' ')}`, options, async t => {
      const server = await writer(t)
      await begin(server, 20, by)
      assert.equal(await isChanging(server), false)
      await end(server, by)
      await goesOn(server)
    })

  test('X14 goes on by itself when the time is over, whoever held it', options, async t => {
    const server = await writer(t)
    await begin(server, 1)
    assert.equal(await isChanging(server), false)
    await eventually(() => held(server).length === 0 || undefined, 'it to go on')
    await goesOn(server)
  })

  test('X14 is let go also where what held it was killed', options, async t => {
    const server = await writer(t)
    await begin(server, 30)
    const holder = Number(readFileSync(join(server.instance.folder, 'held.one'), 'utf8').split(' ')[0])
    assert.equal(isRunning(holder), true)
    killed(holder)
    await end(server)
    await goesOn(server)
  })

  test('X14 is let go also by a run that was cancelled meanwhile', options, async t => {
    const server = await writer(t)
    const cancelled = new AbortController()
    const shell = createShell({record: () => undefined, signal: cancelled.signal, secrets: {}})
    const hold = holdServer({instance: server.instance, server: 'one', seconds: 50, target: local, shell})
    await hold.during?.(async () => {
      assert.equal(await isChanging(server), false)
      cancelled.abort()
    })
    await goesOn(server)
  })

  test('holds nothing of another server, and nothing that somebody else stopped', options, async t => {
    const [server, other] = await Promise.all([writer(t), writer(t)])
    const bystander = spawn('sleep', ['60'], {env: {COPY: server.folder}, stdio: 'ignore'})
    t.after(() => bystander.kill('SIGKILL'))
    bystander.kill('SIGSTOP')
    await begin(server, 20)
    await goesOn(other)
    assert.equal(await isChanging(server), false)
    await end(server)
    await eventually(() => / T /.test(textOf(bystander.pid ?? 0, 'stat')) || undefined, 'it to stay stopped')
  })
})

test('X2 a call to a server that is held still waits, and is answered', options, async t => {
  const answering =
    "require('http').createServer((q, r) => r.end('answered')).listen(0, '127.0.0.1', function () { console.log(this.address().port) })"
  const server = prepared(t, [process.execPath, '-e', answering])
  await server.start()
  const url = await eventually(
    () =>
      existsSync(join(server.folder, 'log')) && server.log() !== '' ? `http://127.0.0.1:${server.log()}` : undefined,
    'its port',
  )
  await begin(server, 20)
  let ended = false
  const call = fetch(url.trim(), {signal: AbortSignal.timeout(20_000)}).then(answer => {
    ended = true
    return answer.text()
  })
  await pause(300)
  assert.equal(ended, false)
  await end(server)
  assert.equal(await call, 'answered')
})

test('X1 state that changes all the time is copied as of one moment', options, async t => {
  const server = await writer(t)
  const {instance, shell, state, seconds} = server
  const to = join(instance.folder, 'copy')
  const hold = holdServer({instance, server: 'one', seconds, target: local, shell})
  const {heldMs} = await copyState({what: 'state of one', from: state, paths: ['.'], to, hold, signal, pauseMs: 1})
  assert.ok(heldMs !== undefined && heldMs < 2000, `${heldMs} ms`)
  // It writes to b right after it wrote to a, so that they differ by one line at the most.
  const [a = 0, b = -9] = ['a', 'b'].map(name => readFileSync(join(to, name), 'utf8').split('\n').length)
  assert.ok(a === b || a === b + 1, `${a} and ${b} lines`)
  await goesOn(server)
})

test('X1 where it must not be held, or something else writes, the message names the key', options, async t => {
  const server = await writer(t)
  const {instance, shell, state} = server
  const copy = (seconds: number) => {
    const hold = holdServer({instance, server: 'one', seconds, target: local, shell})
    const to = join(instance.folder, 'copy')
    return copyState({what: 'state of one', from: state, paths: ['.'], to, hold, signal, pauseMs: 1})
  }
  await assert.rejects(copy(0), {name: 'UserError', message: /changed each of the 5 times/, remedy: /pauseSeconds/})
  const foreign = spawn('sh', ['-c', 'while :; do date >>foreign; done'], {cwd: state, env: {}, stdio: 'ignore'})
  t.after(() => foreign.kill('SIGKILL'))
  writeFileSync(join(state, 'larger'), Buffer.alloc(15_000_000, 'x'))
  await assert.rejects(copy(2), {
    message: /held still for [\d.]+ s, and it changed all the same: foreign|to copy it took longer/,
    remedy: /raise servers\.one\.state\.pauseSeconds in the fleet file, now 2 s/,
  })
})

const sqlite = `
import os, sqlite3, sys, time
db = sqlite3.connect(os.path.join(sys.argv[1], "data.db"))
db.execute("pragma journal_mode=wal"); db.execute("pragma synchronous=off"); db.execute("create table if not exists beat(at real, pad text)"); db.commit()
while True:
    db.execute("insert into beat values(?,?)", (time.time(), "x" * 2000)); db.commit()
    time.sleep(0.002)
`

test('X1 SQLite in WAL mode that is written to all the time is copied whole', options, async t => {
  try {
    execFileSync('python3', ['-c', 'import sqlite3'], {stdio: 'ignore'})
  } catch {
    t.skip('no python3 with sqlite3 here')
    return
  }
  const place = prepared(t, ['python3', '-c', sqlite], {state: {paths: ['.']}})
  const {instance, shell} = place
  const {state, argv} = serverOf(instance, 'one')
  argv.push(state)
  // Large enough that each copy meets a write.
  writeFileSync(join(state, 'large'), Buffer.alloc(5_000_000, 'x'))
  await place.start()
  await eventually(() => existsSync(join(state, 'data.db-wal')) || undefined, 'the database')
  await pause(500)
  const to = join(instance.folder, 'copy')
  const hold = holdServer({instance, server: 'one', seconds: 2, target: local, shell})
  const {heldMs} = await copyState({what: 'state of one', from: state, paths: ['.'], to, hold, signal, pauseMs: 1})
  assert.ok(heldMs !== undefined && heldMs < 2000, `${heldMs} ms`)
  const check = `
import sqlite3, sys
db = sqlite3.connect(sys.argv[1])
print(db.execute("pragma integrity_check").fetchone()[0], db.execute("select count(*) from beat").fetchone()[0])
`
  const said = execFileSync('python3', ['-c', check, join(to, 'data.db')], {encoding: 'utf8'})
  assert.match(said, /^ok [1-9]\d*\n$/)
})
