// An extra copy: its own folder, port and state; ended with proof, also when it or its run was killed.
import assert from 'node:assert/strict'
import {appendFileSync, existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {type TestContext, test} from 'node:test'
import {endInstance} from '../../../scripts/lib/instance/endInstance.ts'
import {extraCopies} from '../../../scripts/lib/instance/extraCopies.ts'
import {processStart} from '../../../scripts/lib/process/processIdentity.ts'
import {serverOf} from '../../../scripts/lib/target/instance.ts'
import {local} from '../../../scripts/targets/local.ts'
import {processesWith} from '../../rigProcesses.ts'
import {eventually} from '../../targets/localInstance.ts'
import {copyRig} from '../instance/copyRig.ts'

const never = () => new AbortController().signal
const rig = (test: TestContext, fixture: string, declared: Record<string, unknown> = {}) =>
  copyRig(test, fixture, declared)

test('X3 an extra copy has its own folder, port and state, and leaves nothing', async t => {
  const {instance, startCopy, shell} = await rig(t, 'healthy', {state: {paths: ['.']}})
  const twin = serverOf(instance, 'one')
  mkdirSync(twin.state, {recursive: true})
  writeFileSync(join(twin.state, 'kept'), 'of the twin')
  symlinkSync('kept', join(twin.state, 'current'))
  let folder = ''
  let pids: number[] = []
  {
    await using copy = await startCopy(twin, {signal: never(), environment: {VERSION: '7'}})
    assert.equal(copy.ready, true, copy.detail)
    folder = join(copy.folder, '..', '..')
    assert.ok(folder.startsWith(`${instance.folder}/`) && copy.folder !== twin.folder)
    assert.notEqual(copy.port, twin.port)
    appendFileSync(join(copy.state, 'current'), ', copied')
    assert.equal(readFileSync(join(copy.state, 'kept'), 'utf8'), 'of the twin, copied')
    assert.equal(readFileSync(join(twin.state, 'kept'), 'utf8'), 'of the twin')
    assert.equal(copy.environment.VERSION, '7')
    const processes = await copy.processes()
    pids = processes.map(({pid}) => pid)
    assert.deepEqual([...new Set(processes.map(({role}) => role))].sort(), ['program', 'supervisor'])
    assert.ok(processes.every(({residentKilobytes}) => residentKilobytes > 100))
    assert.equal((await extraCopies(instance.folder)).length, 1)
    assert.equal((await copy.status())?.running, true)
  }
  assert.deepEqual(
    pids.filter(pid => processStart(pid) !== undefined),
    [],
  )
  assert.equal(existsSync(folder), false)
  // Nothing of the twin itself was started or stopped.
  assert.equal(
    local.inspect.read(await shell.run(local.inspect.command(instance))).some(one => one.running),
    false,
  )
})

test('X3 what a copy started and what left its group is ended with it', async t => {
  const {instance, startCopy} = await rig(t, 'leaves-a-child')
  let inside: string[] = []
  {
    await using copy = await startCopy(serverOf(instance, 'one'), {signal: never()})
    assert.equal(copy.ready, true, copy.detail)
    inside = (await copy.processes())
      .map(({role}) => role)
      .filter(role => role !== 'supervisor')
      .sort()
  }
  assert.deepEqual(inside, ['child', 'program'])
  assert.deepEqual(processesWith(instance.folder), [])
})

test('X14 a copy that its run did not end is ended with its rehearsal', async t => {
  const {instance, startCopy, shell} = await rig(t, 'healthy')
  const copy = await startCopy(serverOf(instance, 'one'), {signal: never()})
  assert.equal(copy.ready, true, copy.detail)
  assert.ok(processesWith(instance.folder).length >= 2)
  await endInstance(instance, local, shell)
  assert.deepEqual(processesWith(instance.folder), [])
  assert.equal(existsSync(instance.folder), false)
})

test('X3 a copy that does not come up says why, and is ended like any other', async t => {
  const {instance, startCopy} = await rig(t, 'exits-at-once', {limits: {startupSeconds: 10}})
  {
    await using copy = await startCopy(serverOf(instance, 'one'), {signal: never()})
    assert.equal(copy.ready, false)
    assert.match(copy.detail, /ends by itself/)
  }
  assert.deepEqual(processesWith(instance.folder), [])
})

test('no extra copy of live is ever started', async t => {
  const {live, liveStarter} = await rig(t, 'healthy')
  await assert.rejects(liveStarter(serverOf(live, 'one'), {signal: never()}), /rehearsals only/)
})

test('X3 a copy lacks the secrets that it is not to have', async t => {
  const {instance, startCopy} = await rig(t, 'healthy')
  await using copy = await startCopy(serverOf(instance, 'one'), {signal: never(), withoutSecrets: ['API_KEY']})
  const program = (await copy.processes()).find(({role}) => role === 'program')
  const environment = readFileSync(`/proc/${program?.pid}/environ`, 'utf8')
  assert.match(environment, /PORT=/)
  assert.doesNotMatch(environment, /API_KEY/)
})

test('X3 what has ended meanwhile needs no end, and cannot be stopped', async t => {
  const {instance, startCopy} = await rig(t, 'leaves-a-child')
  await using copy = await startCopy(serverOf(instance, 'one'), {signal: never()})
  const child = (await copy.processes()).filter(({role}) => role === 'child')
  assert.equal(child.length, 1)
  await copy.signal(child, 'KILL', 'end it')
  const [{pid = 0} = {}] = child
  await eventually(() => processStart(pid) === undefined || undefined, 'the child to end')
  await copy.signal(child, 'KILL', 'end it again')
  await assert.rejects(copy.signal(child, 'STOP', 'stop it'), /stop it: .* ended with exit code 1/)
})
