// Asserts that an environment is in order: one release is live in every place that says so, and nothing else runs.
import assert from 'node:assert/strict'
import {existsSync, readdirSync, readFileSync} from 'node:fs'
import {join} from 'node:path'
import {setTimeout as pause} from 'node:timers/promises'
import {ask} from './ask.ts'
import type {LiveRig} from './liveRig.ts'

/** What each release answers, by server; a server that it does not have is left out. */
export type Versions = Record<string, Record<string, string>>

/** Gives the release that is live. `where` is put in front of every message. */
export async function inOrder(rig: LiveRig, versions: Versions, where: string): Promise<string> {
  assert.equal(rig.transition(), undefined, `${where}: a transition is left`)
  assert.equal(rig.lock(), undefined, `${where}: the lock is left`)
  const release = rig.pointer()?.release ?? 'nothing'
  const expected = versions[release]
  assert.ok(expected !== undefined, `${where}: ${release} is live, which is neither`)

  const instance = rig.instance()
  const routes = rig.routes()
  assert.deepEqual([instance?.release, routes?.release], [release, release], `${where}: instance and routes`)
  const record = rig.record(release)
  assert.ok(record?.verified && record.deployed, `${where}: the record of ${release} is not that of a verified release`)
  assert.equal(rig.status()?.version, routes?.version, `${where}: the ingress has applied other routes`)

  const copies = Object.fromEntries((instance?.servers ?? []).map(({name, copy, url}) => [name, `${copy} ${url}`]))
  const active = Object.fromEntries(
    Object.entries(routes?.servers ?? {}).map(([name, route]) => [
      name,
      route.copies
        .filter(copy => copy.state !== 'ended')
        .map(copy => `${copy.id} ${copy.url}`)
        .join(' and '),
    ]),
  )
  assert.deepEqual(active, copies, `${where}: routes and instance name other copies`)

  const answers = await Promise.all(
    Object.keys(expected).map(async name => {
      const {version, fault} = await ask(rig.through(name))
      return [name, version ?? fault]
    }),
  )
  assert.deepEqual(Object.fromEntries(answers), expected, `${where}: what answers through the ingress`)
  const folders = (instance?.servers ?? []).map(server => server.folder)
  const standby = rig.standby()?.instance.servers.map(server => server.folder) ?? []
  assert.deepEqual(
    standby.filter(folder => folders.includes(folder)),
    [],
    `${where}: live and on standby`,
  )
  const onStandby = rig.standby()?.instance.servers.map(({name, copy}) => `${name}.${copy}`) ?? []
  for (const [name, route] of Object.entries(routes?.servers ?? {}))
    for (const copy of route.copies)
      if (onStandby.includes(`${name}.${copy.id}`))
        assert.equal(copy.state, 'ended', `${where}: ${name} is on standby and called`)
  await onlyTheseRun(rig, [join(rig.root, 'instances', 'live', 'ingress'), ...folders], standby, where)
  assert.deepEqual(
    readdirSync(join(rig.root, 'instances')).filter(name => name !== 'live'),
    [],
    `${where}: rehearsals are left`,
  )
  assert.equal(existsSync(join(rig.state, 'conflicts')), false, `${where}: two copies wrote one state`)
  return release
}

// What was just told to end may be seen for a moment still.
const reapMs = 500

/**
 * Each of the folders has one supervisor, which has one program and watches it; each on standby also has one that waits for its
 * end. No other process belongs to the rig but what isolates a program.
 */
async function onlyTheseRun(
  rig: LiveRig,
  folders: readonly string[],
  standby: readonly string[],
  where: string,
): Promise<void> {
  const deadlineAt = performance.now() + reapMs
  const roles = ['program', 'supervisor', 'watch']
  const wanted = [
    ...[...folders, ...standby].flatMap(folder => roles.map(role => `${shown(rig, folder)}: ${role}`)),
    ...standby.flatMap(folder => [`${shown(rig, folder)}: sleeper`, `${shown(rig, folder)}: sleep`]),
  ].sort()
  let seen = running(rig)
  while (seen.join() !== wanted.join() && performance.now() < deadlineAt) {
    await pause(20)
    seen = running(rig)
  }
  assert.deepEqual(seen, wanted, `${where}: processes`)
}

function running(rig: LiveRig): string[] {
  const processes = rig.processes()
  const supervisors = new Map(
    processes.flatMap(({pid, argv}) => {
      const folder = /supervise\.sh (\S+)/.exec(argv)?.[1]
      return folder === undefined ? [] : [[pid, folder] as const]
    }),
  )
  const sleepers = new Map(
    processes.flatMap(({pid, argv}) => {
      const folder = /standby\.sh (\S+)/.exec(argv)?.[1]
      return folder === undefined ? [] : [[pid, folder] as const]
    }),
  )
  return (
    processes
      // By which a watch paces its looks.
      .filter(({pid, argv}) => argv !== 'sleep 5' || !supervisors.has(groupOf(pid) ?? 0))
      .filter(({argv}) => !argv.includes('/isolate.sh '))
      .map(({pid, argv}) => {
        const own = supervisors.get(pid)
        if (own !== undefined) return `${shown(rig, own)}: ${groupOf(pid) === pid ? 'supervisor' : 'watch'}`
        const waits = sleepers.get(groupOf(pid) ?? 0)
        if (waits !== undefined) return `${shown(rig, waits)}: ${argv.startsWith('sleep ') ? 'sleep' : 'sleeper'}`
        const folder = supervisors.get(groupOf(pid) ?? 0)
        return folder === undefined ? `stray: ${shown(rig, argv)}` : `${shown(rig, folder)}: program`
      })
      .sort()
  )
}

function shown(rig: LiveRig, text: string): string {
  return text.replaceAll(join(rig.root, 'instances', 'live'), '').replaceAll(rig.folder, 'RIG')
}

function groupOf(pid: number): number | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[2])
  } catch {
    return undefined
  }
}
