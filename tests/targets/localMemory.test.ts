// The limit of memory for real: a program that stays over it is ended and started again, and told so; nothing else is.
import assert from 'node:assert/strict'
import {execFileSync, spawnSync} from 'node:child_process'
import {closeSync, constants, existsSync, openSync, readFileSync, writeFileSync, writeSync} from 'node:fs'
import {join} from 'node:path'
import {type TestContext, test} from 'node:test'
import {setTimeout as pause} from 'node:timers/promises'
import {fileURLToPath} from 'node:url'
import {local} from '../../scripts/targets/local.ts'
import {killed, processesWith} from '../rigProcesses.ts'
import {eventually, isRunning, prepared} from './localInstance.ts'

const fixture = fileURLToPath(new URL('../fixtures/servers/grows.mjs', import.meta.url))
const options = {timeout: 60_000}
const limit = 200
/** Supervisor, program, watch and what it sleeps by. */
const everybody = 4
const quick: [string, string] = ['pace=5\n', 'pace=0.2\n']
const onlyPs: [string, string] = ['/proc/$$/task/$$/children', '/nowhere']
const toldInLog = /^seaworthy: (\d+) MB resident, over the limit of 200 MB: started again$/gm

interface Limited {
  env?: Record<string, string>
  memoryMegabytes?: number | undefined
  stopSeconds?: number
  /** What stands in supervise.sh, and what is to stand there. */
  edits?: readonly [string, string][]
  shell?: readonly string[]
}

/** A server that grows on demand, below its limit, with a look every 200 ms; it answers when this returns. */
async function limited(t: TestContext, given: Limited = {}) {
  const {env, stopSeconds = 1, edits = [quick], shell = ['sh']} = given
  const memoryMegabytes = 'memoryMegabytes' in given ? given.memoryMegabytes : limit
  const limits = {stopSeconds, ...(memoryMegabytes === undefined ? {} : {memoryMegabytes})}
  const running = prepared(t, [process.execPath, fixture], {...(env && {env}), limits})
  const {instance, folder, log, status} = running
  const script = join(instance.folder, 'supervise.sh')
  let text = readFileSync(script, 'utf8')
  for (const [from, to] of edits) {
    assert.ok(text.includes(from), `supervise.sh holds no ${from}`)
    text = text.replace(from, () => to)
  }
  writeFileSync(script, text)
  const command = local.startServer(instance, 'one')
  await running.shell.run({...command, argv: [...shell, ...command.argv.slice(1)]})
  // It may listen before its supervisor has written down what it is.
  const listening = (times: number) =>
    eventually(
      () => (log().match(/^listening/gm)?.length ?? 0) >= times && existsSync(join(folder, 'child')),
      `it to listen ${times} times`,
    )
  await eventually(() => existsSync(join(folder, 'log')), 'its log')
  await listening(1)
  return {
    ...running,
    listening,
    grow: (megabytes: number) => writeFileSync(join(folder, 'home/grow'), `${megabytes}\n`),
    restarts: () => readFileSync(join(folder, 'restarts'), 'utf8'),
    pid: (file: 'child' | 'supervisor') => Number(readFileSync(join(folder, file), 'utf8').split(' ')[0]),
    resident: (fits: (megabytes: number) => boolean) =>
      eventually(async () => fits((await status()).memoryMegabytes ?? 0), 'its memory to change'),
    grownChild: () => eventually(() => Number(/^child (\d+)$/m.exec(log())?.[1]) || undefined, 'the child to start'),
  }
}

const shells = [['sh'], ['dash'], ['busybox', 'sh'], ['bash', '--posix']].filter(
  ([file = '']) => spawnSync(file, ['-c', ':']).error === undefined,
)
for (const shell of shells)
  test(
    `${shell.join(' ')}: what stays over its limit is ended and started again, and every one is told`,
    options,
    async t => {
      const {grow, listening, status, restarts, log, pid, stop, instance} = await limited(t, {shell})
      const first = pid('child')
      await pause(600)
      assert.equal(pid('child'), first, 'below its limit it goes on')
      grow(limit)
      await listening(2)
      const seen = await status()
      assert.deepEqual([seen.running, seen.restarts, seen.lastExit], [true, 1, 'memory'])
      assert.match(restarts(), /^\d+ memory\n$/)
      const told = [...log().matchAll(toldInLog)].map(([, megabytes]) => Number(megabytes))
      assert.equal(told.length, 1, log())
      assert.ok(
        told.every(megabytes => megabytes > limit && megabytes < 2 * limit),
        log(),
      )
      assert.equal(isRunning(first), false)
      await stop()
      assert.deepEqual(processesWith(instance.folder), [])
    },
  )

for (const [how, edits] of [
  ['where the kernel tells the children of a process', []],
  ['where only ps does', [onlyPs]],
] as [string, [string, string][]][])
  test(`what a child takes counts, and the child is ended with it, ${how}`, options, async t => {
    const {grow, listening, grownChild, status, pid} = await limited(t, {
      env: {CHILD: '1'},
      edits: [quick, ...edits],
    })
    const first = pid('child')
    grow(limit)
    const child = await grownChild()
    await listening(2)
    await eventually(() => ![first, child].some(isRunning), 'both to be gone')
    const seen = await status()
    assert.deepEqual([seen.restarts, seen.lastExit], [1, 'memory'])
  })

test('what health/memory does not count is not counted: a child in a group of its own', options, async t => {
  const {grow, grownChild, status, restarts} = await limited(t, {env: {CHILD: '1', OWN_GROUP: '1'}})
  grow(limit)
  const child = await grownChild()
  t.after(() => killed(child))
  await pause(1000)
  assert.equal(restarts(), '')
  assert.ok(((await status()).memoryMegabytes ?? limit) < limit)
  grow(0)
  await eventually(() => !isRunning(child), 'the child to end')
})

test('a program that does not end when it is told is killed after its time', options, async t => {
  const {grow, listening, log, restarts} = await limited(t, {env: {STUBBORN: '1'}})
  const beganAt = performance.now()
  grow(limit)
  await listening(2)
  const ms = performance.now() - beganAt
  assert.ok(ms > 1200, `took ${ms} ms`)
  assert.match(log(), /^told to end$/m)
  assert.match(restarts(), /^\d+ memory\n$/)
})

// The test says when to look, and knows when it was looked.
test('a peak that one look alone sees ends nothing; two looks one after another do', options, async t => {
  const look = 'while rest && measure "$1"; do'
  // A read that finds the writer of the last one still there gets nothing.
  const asked = 'while until read -r _ <"$folder/tick"; do sleep 0.02; done; measure "$1" && echo >>"$folder/looks"; do'
  const rig = await limited(t, {
    env: {CHILD: '1'},
    edits: [
      [look, asked],
      ['pace=5\n', 'mkfifo "$folder/tick"\n'],
    ],
  })
  const looks = () => (existsSync(join(rig.folder, 'looks')) ? readFileSync(join(rig.folder, 'looks')).length : 0)
  const tick = async () => {
    const before = looks()
    await eventually(() => wrote(join(rig.folder, 'tick')), 'somebody to look')
    await eventually(() => looks() > before, 'the look')
  }
  const first = rig.pid('child')
  for (let peak = 0; peak < 3; peak += 1) {
    rig.grow(limit)
    await rig.resident(megabytes => megabytes > limit)
    await tick()
    rig.grow(0)
    await rig.resident(megabytes => megabytes < limit)
    await tick()
  }
  assert.deepEqual([rig.pid('child'), rig.restarts()], [first, ''])
  rig.grow(limit)
  await rig.resident(megabytes => megabytes > limit)
  await tick()
  assert.equal(rig.restarts(), '')
  await tick()
  await rig.listening(2)
  assert.match(rig.restarts(), /^\d+ memory\n$/)
})

function wrote(fifo: string): boolean | undefined {
  try {
    const file = openSync(fifo, constants.O_WRONLY | constants.O_NONBLOCK)
    writeSync(file, '\n')
    closeSync(file)
    return true
  } catch {
    // Nobody reads it yet.
    return undefined
  }
}

test('without a limit nothing is ended', options, async t => {
  const {grow, resident, restarts, pid} = await limited(t, {memoryMegabytes: undefined})
  const program = pid('child')
  grow(limit)
  await resident(megabytes => megabytes > limit)
  await pause(1000)
  assert.deepEqual([restarts(), pid('child'), isRunning(program)], ['', program, true])
})

test('a stop does not wait for the watch, and leaves nothing of it', options, async t => {
  const {stop, instance, pid} = await limited(t, {edits: []})
  const group = pid('supervisor')
  await eventually(() => membersOf(group).length === everybody, 'the watch')
  const beganAt = performance.now()
  await stop()
  const ms = performance.now() - beganAt
  assert.ok(ms < 2500, `took ${ms} ms`)
  assert.deepEqual([membersOf(group), processesWith(instance.folder)], [[], []])
})

test('an end by itself is told by its code, and its watch ends with it', options, async t => {
  // A watch that asks ps does not see by itself that the program is gone.
  const {listening, restarts, pid, log} = await limited(t, {edits: [quick, onlyPs]})
  process.kill(pid('child'), 'SIGKILL')
  await listening(2)
  assert.match(restarts(), /^\d+ 137\n$/)
  assert.doesNotMatch(log(), toldInLog)
  await pause(500)
  const [supervisor, program] = [pid('supervisor'), pid('child')]
  assert.equal(childrenOf(supervisor).filter(child => child !== program).length, 1)
})

// Not collected, as by the first process of a container that is no init: it is still there as a zombie.
for (const [how, shell] of [
  ['killed', ['sh']],
  ['killed and not collected', ['sh', '-c', 'setsid sh "$@" & exec sleep 60 >/dev/null', 'sh']],
] as const)
  test(`when the supervisor was ${how}, its watch ends by itself and the program goes on`, options, async t => {
    const {pid, grow, instance, resident} = await limited(t, {shell})
    t.after(() => {
      for (const other of processesWith(instance.folder)) killed(other.pid)
    })
    const [group, program] = [pid('supervisor'), pid('child')]
    process.kill(group, 'SIGKILL')
    await eventually(() => membersOf(group).join() === String(program), 'only the program to be left')
    grow(limit)
    await resident(megabytes => megabytes > limit)
    await pause(600)
    assert.equal(isRunning(program), true)
  })

function membersOf(group: number): number[] {
  return lasting().flatMap(({pid, pgid}) => (pgid === group ? [pid] : []))
}

function childrenOf(parent: number): number[] {
  return lasting().flatMap(({pid, ppid}) => (ppid === parent ? [pid] : []))
}

// A zombie has ended.
function lasting(): {pid: number; ppid: number; pgid: number}[] {
  return execFileSync('ps', ['-eo', 'pid=,ppid=,pgid=,stat='], {encoding: 'utf8'})
    .trim()
    .split('\n')
    .flatMap(line => {
      const [pid, ppid, pgid, state = ''] = line.trim().split(/\s+/)
      return state.startsWith('Z') ? [] : [{pid: Number(pid), ppid: Number(ppid), pgid: Number(pgid)}]
    })
}
