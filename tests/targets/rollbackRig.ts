// Runs rollback.sh on a live rig as at night, and looks whether everything is then as it should be.
import assert from 'node:assert/strict'
import {spawn} from 'node:child_process'
import {once} from 'node:events'
import {existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync} from 'node:fs'
import {basename, dirname, join} from 'node:path'
import {text} from 'node:stream/consumers'
import {setTimeout as pause} from 'node:timers/promises'
import {shortDigest} from '../../scripts/lib/release/release.ts'
import {killed} from '../rigProcesses.ts'
import {ask} from '../sweep/ask.ts'
import {type Edition, type LiveRig, names} from '../sweep/liveRig.ts'
import {isRunning} from './localInstance.ts'

export interface Night {
  shell?: readonly string[]
  words?: readonly string[]
  env?: Record<string, string>
  /** The server that is asked until it answers as the release that was put back. */
  server?: string
}

/** A PATH on which Node and its tools are programs that leave a mark that they were called. */
function withoutNode(rig: LiveRig): string {
  const folder = join(dirname(rig.root), 'no-node')
  mkdirSync(folder, {recursive: true})
  for (const name of ['node', 'npm', 'npx', 'pnpm'])
    writeFileSync(join(folder, name), `#!/bin/sh\necho "$0" >>${folder}/called\nexit 127\n`, {mode: 0o755})
  return `${folder}:/usr/bin:/bin`
}

/** Builds and deploys an edition by the steps alone, without a rehearsal. */
export async function steps(
  rig: LiveRig,
  edition: Edition,
  which: readonly string[] = ['20-build', '60-deploy', '85-finish'],
): Promise<void> {
  rig.edit(edition)
  const flags: Record<string, () => string[]> = {
    '20-build': () => [],
    '60-deploy': () => ['--apply', '--override', 'test'],
    '85-finish': () => ['--run', rig.transition()?.run ?? ''],
  }
  for (const step of which) {
    const ended = await rig.step(step, flags[step]?.())
    assert.equal(ended.code, 0, ended.said)
  }
}

/** Leaves the script beside the release that is live, as a deploy does; gives its path. */
export function leaveScript(rig: LiveRig): string {
  const instance = rig.instance()
  assert.ok(instance !== undefined)
  return join(instance.releaseFolder, 'rollback.sh')
}

/** Runs the script, and measures until a call through the ingress is answered by that version. */
export async function night(
  rig: LiveRig,
  script: string,
  version?: string,
  {shell = ['sh'], words = [], env = {}, server = names.inPlace}: Night = {},
) {
  const [file = 'sh', ...first] = shell
  const beganAt = performance.now()
  const child = spawn(file, [...first, script, ...words], {
    env: {PATH: withoutNode(rig), ...env},
    cwd: '/',
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let ended = false
  const exit = once(child, 'exit').then(([code]) => {
    ended = true
    return code as number
  })
  const output = Promise.all([text(child.stdout), text(child.stderr)])
  let ms: number | undefined
  while (!ended && ms === undefined && version !== undefined) {
    if ((await ask(rig.through(server), 'ahoy', 5000)).version === version) ms = Math.round(performance.now() - beganAt)
    await pause(10)
  }
  const code = await exit
  const [stdout, stderr] = await output
  assert.equal(stderr, '', `neither a shell nor a tool complains:\n${stdout}`)
  assert.equal(existsSync(join(dirname(rig.root), 'no-node', 'called')), false, 'Node of the machine was called')
  return {code, ms, said: stdout}
}

/** One release in every place that says what is live, its copies and no others, and nothing unfinished. */
export async function inOrder(rig: LiveRig, script: string, version: string): Promise<void> {
  const release = basename(dirname(script))
  const said = [rig.pointer(), rig.instance(), rig.routes()].map(one => shortDigest(one?.release ?? ''))
  assert.deepEqual(said, [release, release, release], 'pointer, instance and routes')
  assert.deepEqual([rig.transition(), rig.lock()], [undefined, undefined])
  const copies = rig.instance()?.servers.map(({name, copy, url}) => `${name}.${copy} ${url}`) ?? []
  const routed = Object.entries(rig.routes()?.servers ?? {}).flatMap(([name, route]) =>
    route.copies.filter(({state}) => state !== 'ended').map(({id, url}) => `${name}.${id} ${url}`),
  )
  assert.deepEqual(routed.sort(), copies.sort(), 'routes and instance')
  assert.deepEqual(running(rig).sort(), copies.map(copy => copy.split(' ')[0] ?? '').sort(), 'no other copy runs')
  await answersAs(rig, version)
}

export async function answersAs(rig: LiveRig, version: string): Promise<void> {
  for (const server of [names.beside, names.inPlace]) {
    const answer = await ask(rig.through(server))
    assert.equal(answer.version, version, `${server}: ${answer.fault}`)
  }
  assert.equal((await ask(rig.through(names.kept))).version, 'kept')
}

function running(rig: LiveRig): string[] {
  const folder = join(rig.root, 'instances', 'live', 'copies')
  return readdirSync(folder).filter(name => pidIn(join(folder, name, 'child')) !== undefined)
}

/** Processes of every copy, supervisors left out. */
export function pids(rig: LiveRig): number[] {
  const folder = join(rig.root, 'instances', 'live', 'copies')
  return readdirSync(folder)
    .flatMap(name => pidIn(join(folder, name, 'child')) ?? [])
    .sort()
}

/** The process of a server's copy in the live instance. */
export function childOf(rig: LiveRig, server: string, copy = copyOf(rig, server)): number {
  const pid = pidIn(join(rig.root, 'instances', 'live', 'copies', `${server}.${copy}`, 'child'))
  assert.ok(pid !== undefined, `${server}.${copy} does not run`)
  return pid
}

export function copyOf(rig: LiveRig, server: string): string | undefined {
  return rig.instance()?.servers.find(({name}) => name === server)?.copy
}

export function environmentOf(pid: number): Record<string, string> {
  const entries = readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0')
  return Object.fromEntries(entries.map(entry => [entry.split('=')[0], entry.slice(entry.indexOf('=') + 1)]))
}

/** Ends every program of live at once, as a power cut does. */
export async function endPrograms(rig: LiveRig): Promise<void> {
  for (let left = rig.processes(); left.length > 0; left = rig.processes()) {
    for (const {pid} of left) killed(pid)
    await pause(20)
  }
}

function pidIn(file: string): number | undefined {
  try {
    const pid = Number(readFileSync(file, 'utf8').split(' ')[0])
    return isRunning(pid) ? pid : undefined
  } catch {
    return undefined
  }
}
