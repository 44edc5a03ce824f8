// The scripts of the local target for real: they keep programs running, find them, and end all of them and no other.
import assert from 'node:assert/strict'
import {execFileSync, spawn, spawnSync} from 'node:child_process'
import {existsSync, readFileSync, rmSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {test} from 'node:test'
import {processStart} from '../../scripts/lib/process/processIdentity.ts'
import {script} from '../../scripts/targets/local/scripts.ts'
import {innocentProcess} from './innocent.ts'
import {eventually, isRunning, prepared} from './localInstance.ts'
import {isFree, slowToDie} from './slowToDie.ts'

const sh = (script: string) => ['sh', '-c', script]
const lasting = sh('echo up; exec sleep 60')
const pidIn = (path: string) => Number(readFileSync(path, 'utf8').split(' ')[0])
const pidOnceIn = (path: string) =>
  eventually(() => (existsSync(path) ? pidIn(path) || undefined : undefined), `${path} to be there`)
const options = {timeout: 40_000}
const names = ['supervise', 'isolate', 'can-isolate', 'last-lines', 'stop', 'standby', 'inspect', 'hold', 'let-go']

test('a program runs, is found with its memory, is told by its log, and is stopped', options, async t => {
  const {start, stop, status, log, folder} = prepared(t, lasting)
  assert.match(await start(), /^pid \d+ started$/)
  await eventually(() => existsSync(join(folder, 'log')) && log() === 'up\n' && true, 'the program to write')
  const pid = await pidOnceIn(join(folder, 'child'))
  const seen = await status()
  assert.deepEqual(
    {...seen, memoryMegabytes: (seen.memoryMegabytes ?? 0) > 0.1},
    {
      name: 'one',
      running: true,
      identity: `${pid}@${processStart(pid)}`,
      supervised: true,
      frozen: undefined,
      restarts: 0,
      lastExit: undefined,
      nextTryMs: undefined,
      memoryMegabytes: true,
      logRotated: undefined,
    },
  )
  const supervisor = pidIn(join(folder, 'supervisor'))
  await stop()
  assert.deepEqual([isRunning(pid), isRunning(supervisor)], [false, false])
  assert.deepEqual([existsSync(join(folder, 'child')), existsSync(join(folder, 'supervisor'))], [false, false])
  assert.equal((await status()).running, false)
  await stop()
})

test('a program sees what it declares and its secrets, and nothing else', options, async t => {
  const {start, log, folder} = prepared(t, sh('env; exec sleep 60'), {
    env: {LEVEL: '5'},
    secrets: {API_KEY: {}, EXTRA: {required: false}},
  })
  await start()
  await eventually(() => existsSync(join(folder, 'log')) && log().includes('TMPDIR') && true, 'the variables')
  const variables = log()
    .trim()
    .split('\n')
    .map(line => line.split('=')[0])
  const own = variables.filter(name => !['PWD', 'OLDPWD', 'SHLVL', '_'].includes(name ?? ''))
  assert.deepEqual(own.sort(), ['API_KEY', 'HOME', 'LEVEL', 'PATH', 'SEAWORTHY_INSTANCE', 'TMPDIR'])
})

test('a required secret that is not set starts nothing', options, async t => {
  const {start, folder} = prepared(t, lasting, {secrets: {OTHER_KEY: {}}})
  await assert.rejects(start, /start one: the secret OTHER_KEY is not set/)
  assert.equal(existsSync(join(folder, 'supervisor')), false)
})

test('a supervisor that cannot write is told at once', options, async t => {
  const {start, folder, instance} = prepared(t, lasting)
  rmSync(folder, {recursive: true})
  writeFileSync(folder, '')
  await assert.rejects(start, error => error instanceof Error)
  rmSync(folder)
  assert.equal(existsSync(join(instance.folder, 'copies')), true)
})

test('an end is followed by a new start, counted with its exit code', options, async t => {
  const {start, status, folder} = prepared(t, sh('if [ -e again ]; then exec sleep 60; fi; touch again; exit 7'))
  await start()
  const seen = await eventually(async () => {
    const now = await status()
    return now.running && now.restarts === 1 ? now : undefined
  }, 'the second start')
  assert.equal(seen.lastExit, '7')
  assert.match(readFileSync(join(folder, 'restarts'), 'utf8'), /^\d+ 7\n$/)
})

test('a program that another process kills is counted with 128 + the signal', options, async t => {
  const {start, status, folder} = prepared(t, lasting)
  await start()
  const first = await pidOnceIn(join(folder, 'child'))
  process.kill(first, 'SIGKILL')
  const seen = await eventually(async () => {
    const now = await status()
    return now.running && now.identity.split('@')[0] !== String(first) ? now : undefined
  }, 'another process')
  assert.deepEqual([seen.restarts, seen.lastExit], [1, '137'])
})

test('started twice, it runs once', options, async t => {
  const {start, folder} = prepared(t, lasting)
  await start()
  const supervisor = pidIn(join(folder, 'supervisor'))
  await start()
  assert.equal(pidIn(join(folder, 'supervisor')), supervisor)
})

// With the real pauses this would take minutes.
function withPauses(folder: string, pause: (seconds: string) => string): void {
  const script = join(folder, 'supervise.sh')
  const text = readFileSync(script, 'utf8')
  assert.ok(text.includes('  sleep "$pause" &'))
  writeFileSync(script, text.replace('  sleep "$pause" &', `  ${pause('"$pause"')} &`))
}

test('after ten quick ends the pauses grow up to five minutes, and a start is still tried', options, async t => {
  const {start, folder, instance} = prepared(t, sh('exit 3'))
  withPauses(instance.folder, seconds => `echo ${seconds} >>"$folder/pauses"; sleep 0`)
  await start()
  const pauses = await eventually(() => {
    const path = join(folder, 'pauses')
    const lines = existsSync(path) ? readFileSync(path, 'utf8').trim().split('\n') : []
    return lines.length >= 17 ? lines.slice(0, 17) : undefined
  }, 'seventeen ends')
  assert.deepEqual(pauses.map(Number), [0, 1, 2, 3, 4, 4, 4, 4, 4, 10, 20, 40, 80, 160, 300, 300, 300])
})

test('while it pauses the next try is known, and a stop does not wait for it', options, async t => {
  const {start, stop, status, folder, instance} = prepared(t, sh('exit 127'))
  withPauses(instance.folder, seconds => `[ ${seconds} -eq 0 ] || sleep 100`)
  await start()
  const seen = await eventually(async () => {
    const now = await status()
    return now.nextTryMs === undefined ? undefined : now
  }, 'a pause')
  assert.deepEqual([seen.running, seen.supervised, seen.lastExit], [false, true, '127'])
  assert.ok(Math.abs((seen.nextTryMs ?? 0) - Date.now()) < 10_000, `next try at ${seen.nextTryMs}`)
  const beganAt = performance.now()
  await stop()
  assert.ok(performance.now() - beganAt < 5000)
  assert.equal(existsSync(join(folder, 'next')), false)
  assert.deepEqual([(await status()).supervised, (await status()).nextTryMs], [false, undefined])
})

test('what comes back after ten quick ends runs again by itself', options, async t => {
  const {start, status, folder, instance} = prepared(t, sh('if [ -e cured ]; then exec sleep 60; fi; exit 1'))
  withPauses(instance.folder, () => 'sleep 0.01')
  await start()
  await eventually(async () => ((await status()).restarts > 10 ? true : undefined), 'more than ten ends')
  writeFileSync(join(folder, 'home/cured'), '')
  await eventually(async () => ((await status()).running ? true : undefined), 'it to run')
})

test('a program that failed over and over leaves nothing behind when it is stopped', options, async t => {
  const {start, stop, status, folder, instance} = prepared(t, sh('sleep 60 & echo $! >>left; exit 1'))
  withPauses(instance.folder, () => 'sleep 0.01')
  await start()
  await eventually(async () => ((await status()).restarts > 10 ? true : undefined), 'more than ten ends')
  await stop()
  const left = readFileSync(join(folder, 'home/left'), 'utf8').trim().split('\n').map(Number)
  assert.ok(left.length > 10)
  assert.deepEqual(left.filter(isRunning), [])
})

for (const halted of ['program', 'supervisor'] as const)
  test(`a ${halted} that is halted by SIGSTOP is reported as frozen`, options, async t => {
    const {start, status, folder} = prepared(t, lasting)
    await start()
    const program = await pidOnceIn(join(folder, 'child'))
    const pid = halted === 'program' ? program : pidIn(join(folder, 'supervisor'))
    process.kill(pid, 'SIGSTOP')
    const seen = await eventually(async () => {
      const now = await status()
      return now.frozen === undefined ? undefined : now
    }, 'it to be halted')
    assert.deepEqual([seen.frozen, seen.running], [halted, true])
    process.kill(pid, 'SIGCONT')
  })

test('X14 a program whose supervisor was killed is adopted, and is started again when it ends', options, async t => {
  const {start, stop, status, folder} = prepared(t, sh('sleep 60 & echo $! >>helpers; exec sleep 60'))
  await start()
  const program = await pidOnceIn(join(folder, 'child'))
  process.kill(pidIn(join(folder, 'supervisor')), 'SIGKILL')
  const orphan = await status()
  assert.deepEqual([orphan.running, orphan.supervised], [true, false])
  // Twice, so that what was adopted is adopted again.
  for (const round of [1, 2]) {
    await start()
    const kept = await status()
    assert.deepEqual(
      [kept.running, kept.supervised, kept.identity.split('@')[0], (kept.memoryMegabytes ?? 0) > 0.1],
      [true, true, String(program), true],
      `round ${round}`,
    )
    if (round === 1) process.kill(pidIn(join(folder, 'supervisor')), 'SIGKILL')
  }
  process.kill(program, 'SIGKILL')
  const next = await eventually(async () => {
    const now = await status()
    return now.running && now.identity.split('@')[0] !== String(program) ? now : undefined
  }, 'another process')
  assert.deepEqual([next.supervised, next.restarts, next.lastExit], [true, 1, 'unseen'])
  await stop()
})

test('X14 the stop of an adopted program ends it with all that it started', options, async t => {
  const {start, stop, folder} = prepared(t, sh("trap '' TERM; sleep 60 & echo $! >helper; wait; sleep 60"), {
    limits: {stopSeconds: 0},
  })
  await start()
  const helper = await pidOnceIn(join(folder, 'home/helper'))
  const program = await pidOnceIn(join(folder, 'child'))
  process.kill(pidIn(join(folder, 'supervisor')), 'SIGKILL')
  await start()
  await stop()
  assert.deepEqual([program, helper].filter(isRunning), [])
  assert.deepEqual(
    ['supervisor', 'child', 'group'].filter(name => existsSync(join(folder, name))),
    [],
  )
})

test(
  'X14 what a killed supervisor and its ended program left behind is ended before the next start',
  options,
  async t => {
    const {start, status, folder} = prepared(t, sh('sleep 60 & echo $! >>helpers; exec sleep 60'))
    await start()
    const program = await pidOnceIn(join(folder, 'child'))
    const helper = await pidOnceIn(join(folder, 'home/helpers'))
    process.kill(pidIn(join(folder, 'supervisor')), 'SIGKILL')
    process.kill(program, 'SIGKILL')
    await start()
    await eventually(async () => ((await status()).running ? true : undefined), 'it to run')
    await eventually(() => (isRunning(helper) ? undefined : true), 'the helper to end')
  },
)

test('SIGTERM reaches the program, which may end in order', options, async t => {
  const {start, stop, log, folder} = prepared(
    t,
    sh("trap 'echo bye; exit 0' TERM; echo up; while :; do sleep 0.05; done"),
  )
  await start()
  await eventually(() => existsSync(join(folder, 'log')) && log().includes('up') && true, 'the program to write')
  await stop()
  assert.equal(log(), 'up\nbye\n')
  assert.equal(readFileSync(join(folder, 'restarts'), 'utf8'), '', 'an end that was asked for is no restart')
})

test('what ignores SIGTERM is killed after its time, with its children', options, async t => {
  const {start, stop, folder} = prepared(
    t,
    sh("trap '' TERM; sh -c 'trap \"\" TERM; echo $$ >grandchild; while :; do sleep 0.2; done' & wait; sleep 60"),
    {limits: {stopSeconds: 1}},
  )
  await start()
  const grandchild = await pidOnceIn(join(folder, 'home/grandchild'))
  const child = await pidOnceIn(join(folder, 'child'))
  const beganAt = performance.now()
  await stop()
  const ms = performance.now() - beganAt
  assert.deepEqual([child, grandchild].filter(isRunning), [])
  assert.ok(ms > 900 && ms < 5000, `took ${ms} ms`)
})

test(
  'a stop has ended only when the port is free, though the main thread of the program ends before others',
  options,
  async t => {
    for (let round = 0; round < 4; round += 1) {
      const {port, argv, environment, listens} = await slowToDie()
      const {start, stop} = prepared(t, argv, {env: environment, limits: {stopSeconds: 0}})
      await start()
      await listens()
      await stop()
      assert.equal(await isFree(port), true, `round ${round}`)
    }
  },
)

// Each prints something as long as process $1, which $2/child names, has not ended.
const looks = {
  'started.sh': `${script('started.sh')}\nstarted "$1"`,
  'rollback/processes.sh': `${script('rollback/processes.sh')}\nstarted "$1"; echo "$start"`,
  'inspect.sh': `printf %s "$3" | sh -s "$2" | awk '$4 != "-" {print $4}'`,
}
for (const [name, look] of Object.entries(looks))
  test(`${name} sees no end as long as other threads hold the port`, {skip: process.platform !== 'linux'}, async t => {
    const {folder} = prepared(t, lasting)
    for (let round = 0; round < 4; round += 1) {
      const {port, argv, environment, listens} = await slowToDie()
      const [file, ...words] = argv
      const child = spawn(file, words, {env: environment, stdio: 'ignore'})
      t.after(() => child.kill('SIGKILL'))
      await listens()
      const pid = child.pid ?? 0
      writeFileSync(join(folder, 'child'), `${pid} ${processStart(pid)}\n`)
      const goesOn = () =>
        execFileSync('sh', ['-c', look, 'sh', String(pid), folder, script('inspect.sh')], {encoding: 'utf8'}).trim() !==
        ''
      assert.equal(goesOn(), true)
      child.kill('SIGKILL')
      // Without a turn of the event loop, so that it stays a zombie: nobody has collected it.
      while (goesOn());
      assert.equal(await isFree(port), true, `round ${round}`)
      rmSync(join(folder, 'child'))
    }
  })

test('when the supervisor was killed, the orphan is asked, and then it is gone', options, async t => {
  const {start, stop, status, log, folder} = prepared(
    t,
    sh("trap 'echo bye; exit 0' TERM; echo up; while :; do sleep 0.05; done"),
  )
  await start()
  await eventually(() => existsSync(join(folder, 'log')) && log().includes('up') && true, 'the program to write')
  const orphan = await pidOnceIn(join(folder, 'child'))
  process.kill(pidIn(join(folder, 'supervisor')), 'SIGKILL')
  const seen = await status()
  assert.deepEqual(
    [seen.running, seen.identity.split('@')[0], (seen.memoryMegabytes ?? 0) > 0.1],
    [true, String(orphan), true],
  )
  await stop()
  assert.equal(isRunning(orphan), false)
  assert.equal(log(), 'up\nbye\n')
})

test('a process that has the pid by now is neither asked, nor killed, nor shown', options, async t => {
  const {stop, status, folder} = prepared(t, lasting)
  const innocent = await innocentProcess(t)
  for (const name of ['supervisor', 'child']) writeFileSync(join(folder, name), `${innocent.pid} 12345\n`)
  assert.equal((await status()).running, false)
  await stop()
  await innocent.assertLeftAlone()
  assert.equal(existsSync(join(folder, 'supervisor')), false)
})

for (const name of names) {
  const input = script(`${name}.sh`)
  test(`${name}.sh is read by every sh on this machine`, () => {
    for (const shell of [['sh'], ['dash'], ['busybox', 'sh'], ['bash', '--posix']]) {
      const [file = '', ...words] = shell
      const {error, status, stderr} = spawnSync(file, [...words, '-n'], {input, encoding: 'utf8'})
      if (error === undefined) assert.equal(status, 0, `${shell.join(' ')}: ${stderr}`)
      else assert.notEqual(file, 'sh', 'sh must be there')
    }
  })

  const linter = spawnSync('shellcheck', ['--version']).error === undefined
  test(`${name}.sh is clean`, {skip: !linter && 'shellcheck is not on this machine'}, () => {
    assert.equal(execFileSync('shellcheck', ['--shell=sh', '-'], {input, encoding: 'utf8'}), '')
  })
}
