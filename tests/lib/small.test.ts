// The small functions that everything else stands on.
import assert from 'node:assert/strict'
import {spawn} from 'node:child_process'
import {once} from 'node:events'
import {createServer} from 'node:net'
import {join} from 'node:path'
import {test} from 'node:test'
import {setTimeout as pause} from 'node:timers/promises'
import {mapConcurrent} from '../../scripts/lib/async/mapConcurrent.ts'
import {DeadlinePassed, withDeadline} from '../../scripts/lib/async/withDeadline.ts'
import {exitCode, exitCodeOf} from '../../scripts/lib/errors/exitCode.ts'
import {explain} from '../../scripts/lib/errors/explain.ts'
import {UserError} from '../../scripts/lib/errors/userError.ts'
import {verdicts} from '../../scripts/lib/errors/verdict.ts'
import {merge} from '../../scripts/lib/fleet/merge.ts'
import {lineOf} from '../../scripts/lib/journal/lineOf.ts'
import {freePorts, isPortFree} from '../../scripts/lib/target/freePorts.ts'
import {nearest} from '../../scripts/lib/text/nearest.ts'

test('withDeadline gives the result, passes a fault on, and leaves no timer behind', async () => {
  const before = process.getActiveResourcesInfo().filter(name => name === 'Timeout').length
  assert.equal(await withDeadline(async () => 5, 60_000, 'five'), 5)
  await assert.rejects(
    withDeadline(() => Promise.reject(new Error('its own')), 60_000, 'five'),
    /^Error: its own$/,
  )
  await assert.rejects(
    withDeadline(
      () => {
        throw new Error('at once')
      },
      60_000,
      'five',
    ),
    /^Error: at once$/,
  )
  assert.equal(process.getActiveResourcesInfo().filter(name => name === 'Timeout').length, before)
})

test('withDeadline calls a passed deadline a deadline, says for what, and shows no stack', async () => {
  const late = withDeadline(() => pause(5000, undefined, {ref: false}), 20, 'the slow one')
  const error = await late.then(
    () => undefined,
    (thrown: unknown) => thrown,
  )
  assert.ok(error instanceof DeadlinePassed)
  assert.equal(explain(error), 'the deadline of 20 ms passed: the slow one')
})

test('withDeadline waits for as long as no timer can', async () => {
  assert.equal(await withDeadline(() => pause(30, 'there'), Number.MAX_SAFE_INTEGER, 'it'), 'there')
})

test('mapConcurrent keeps the order, and never does more at once than it may', async () => {
  let running = 0
  let most = 0
  const results = await mapConcurrent([30, 1, 20, 1, 10], 2, async ms => {
    running += 1
    most = Math.max(most, running)
    await pause(ms)
    running -= 1
    return ms * 2
  })
  assert.deepEqual([results, most], [[60, 2, 40, 2, 20], 2])
  assert.deepEqual(await mapConcurrent([], 5, async () => 1), [])
})

test('mapConcurrent begins nothing after a fault, and throws it when the running work has ended', async () => {
  const done: number[] = []
  const work = mapConcurrent([1, 2, 3, 4], 2, async item => {
    await pause(item === 1 ? 5 : 30)
    if (item === 1) throw new Error('first')
    done.push(item)
  })
  await assert.rejects(work, /^Error: first$/)
  assert.deepEqual(done, [2])
})

test('merge goes into maps only, takes the later value, and changes neither', () => {
  const base = {a: {b: 1, c: [1, 2], d: null}, e: 1}
  const over = {a: {b: 2, c: [3], d: {x: 1}, f: undefined}, e: undefined}
  assert.deepEqual(merge(base, over), {a: {b: 2, c: [3], d: {x: 1}, f: undefined}, e: 1})
  assert.deepEqual(base, {a: {b: 1, c: [1, 2], d: null}, e: 1})
  assert.deepEqual(merge({a: 1}, undefined), {a: 1})
  assert.deepEqual(merge({a: {b: 1}}, {a: null}), {a: null})
})

test('nearest guesses what is close, and nothing that is not', () => {
  const known = ['staging', 'production', 'local']
  assert.equal(nearest('stagin', known), 'did you mean "staging"? ')
  assert.equal(nearest('STAGING', known), 'did you mean "staging"? ')
  assert.equal(nearest('prodcution', known), 'did you mean "production"? ')
  assert.equal(nearest('development', known), '')
  assert.equal(nearest('x', known), '')
  assert.equal(nearest('x', []), '')
})

test('freePorts gives different ports on which something can listen', async () => {
  const ports = await freePorts(20)
  assert.equal(new Set(ports).size, 20)
  assert.deepEqual(
    await Promise.all(ports.map(isPortFree)),
    ports.map(() => true),
  )
  assert.deepEqual(
    ports.filter(port => port < 1024 || port >= 32_768),
    [],
    'outgoing connections are given ports from 32768 on, and could take one while its server starts',
  )
  assert.deepEqual(await freePorts(0), [])
})

// Elsewhere a port is free for a moment only.
const isLinux = process.platform === 'linux'
test('ports that a process was given are given to no other while it lives', {skip: !isLinux}, async t => {
  const path = join(import.meta.dirname, '../../scripts/lib/target/freePorts.ts')
  const code = `
    const {freePorts} = await import(${JSON.stringify(path)})
    console.log(JSON.stringify(await freePorts(300)))
    process.stdin.resume()`
  const child = spawn(process.execPath, ['--input-type=module', '-e', code], {stdio: ['pipe', 'pipe', 'inherit']})
  t.after(() => child.kill('SIGKILL'))
  const [said] = await once(child.stdout.setEncoding('utf8'), 'data')
  const theirs: number[] = JSON.parse(said)
  assert.equal(theirs.length, 300)
  // By chance alone seven or eight of them would be the same.
  const ours = await freePorts(300)
  assert.deepEqual(
    ours.filter(port => theirs.includes(port)),
    [],
  )
})

test('a port on which something listens is not free', async t => {
  const server = createServer().listen(0, '127.0.0.1')
  t.after(() => server.close())
  await once(server, 'listening')
  const {port} = server.address() as {port: number}
  assert.equal(await isPortFree(port), false)
})

test('exit codes: 0 good, 1 judged bad, 2 could not be judged', () => {
  assert.deepEqual(
    verdicts.map(verdict => [verdict, exitCodeOf(verdict)]),
    [
      ['pass', 0],
      ['fail', 1],
      ['inconclusive', 2],
      ['error', 2],
      ['skip', 0],
    ],
  )
  assert.deepEqual([exitCode.rollbackFailed, exitCode.cancelled], [3, 130])
})

test('an expected fault is told without a stack, a bug with its stack and its cause', () => {
  assert.equal(explain(new UserError('should be x', 'write x')), 'should be x\n→ write x')
  assert.equal(explain(new UserError('should be x')), 'should be x')
  const bug = explain(new Error('bug', {cause: new UserError('why')}))
  assert.match(bug, /^Error: bug\n {4}at .*small\.test\.ts/)
  assert.match(bug, /\ncaused by: why$/)
  assert.equal(explain('text'), 'a value that is no error was thrown: text')
})

test('lineOf says checks and releases in a line, with a remedy only where something is to be fixed', () => {
  const check = {
    type: 'check',
    phase: 'health',
    check: 'health/steady',
    detail: '3 of 3',
    remedy: 'read its log',
  } as const
  assert.equal(lineOf({...check, verdict: 'pass', server: 'one'}), '✓ health/steady one: 3 of 3')
  assert.equal(lineOf({...check, verdict: 'fail'}), '✗ health/steady: 3 of 3\n  → read its log')
  assert.equal(lineOf({...check, verdict: 'error'}), '! health/steady: 3 of 3\n  → read its log')
  assert.equal(lineOf({...check, verdict: 'inconclusive'}), '? health/steady: 3 of 3\n  → read its log')
  assert.equal(lineOf({...check, verdict: 'skip'}), '– health/steady: 3 of 3')
  assert.equal(
    lineOf({...check, verdict: 'fail', accepted: {reason: 'known for long', until: '2027-01-01'}}),
    '~ health/steady: 3 of 3 (accepted until 2027-01-01: known for long)',
  )
  const release = {type: 'release', release: 'a'.repeat(64), event: 'built'} as const
  assert.equal(lineOf({...release, detail: 'nothing built'}), '  release aaaaaaaaaaaa built: nothing built')
  assert.equal(lineOf({type: 'fact', name: 'x', value: 1}), undefined)
})
