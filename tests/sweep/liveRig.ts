// A rig whose fleet can be deployed to live, with two releases, A and B, that differ in every way a change can.
import assert from 'node:assert/strict'
import {cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import type {TestContext} from 'node:test'
import type {Standby} from '../../scripts/lib/cutover/standbyFile.ts'
import type {LivePointer, ReleaseRecord} from '../../scripts/lib/records/records.ts'
import {freePorts} from '../../scripts/lib/target/freePorts.ts'
import type {Instance} from '../../scripts/lib/target/instance.ts'
import {makeRig, type Start} from '../rig.ts'
import {healthy, type RigOptions} from '../rigFleet.ts'
import {killed} from '../rigProcesses.ts'

/** The two editions that tests change between: one server is kept, two are replaced, one goes and one comes. */
export const editionA: Edition = {version: 'A', servers: {old: {}}}
export const editionB: Edition = {version: 'B', servers: {new: {}}}

/** What the servers of an edition answer as their version. */
export const versionsOf = ({version, servers = {}}: Edition): Record<string, string> => ({
  [names.kept]: 'kept',
  [names.beside]: version,
  [names.inPlace]: version,
  ...Object.fromEntries(Object.keys(servers).map(name => [name, version])),
})

export type LiveRig = Awaited<ReturnType<typeof makeLiveRig>>

/** What differs between two fleet files of the same rig. */
export interface Edition {
  version: string
  /** Further servers, or servers that are declared otherwise. */
  servers?: Record<string, Record<string, unknown>>
  without?: readonly string[]
  /** Of the ingress, beside its port. */
  ingress?: Record<string, unknown>
}

const {fixture: _, ...declared} = healthy

/** Names of the servers of every edition: kept as it is, changed beside the old copy, changed in its place. */
export const names = {kept: 'kept', beside: 'beside', inPlace: 'keeper'} as const

export const limits = {
  startupSeconds: 4,
  steadySeconds: 0.2,
  healthMs: 3000,
  stopSeconds: 1,
  drainSeconds: 1,
  memoryMegabytes: 500,
}

/** `rollout` is how a change of live proceeds, as in a fleet file. Ends with the test, live and all. */
export async function makeLiveRig(
  test: TestContext,
  {rollout, ...options}: RigOptions & {rollout?: Record<string, unknown>} = {},
) {
  const [port = 0] = await freePorts(1)
  const rig = await makeRig(test, {
    servers: Object.fromEntries(
      [names.kept, names.beside, names.inPlace, 'old', 'new'].map(name => [name, {...healthy}]),
    ),
    ...options,
  })
  cpSync(join(import.meta.dirname, 'keeper.mjs'), join(rig.folder, 'servers', names.inPlace, 'keeper.mjs'))
  cpSync(join(import.meta.dirname, 'late.mjs'), join(rig.folder, 'servers', 'new', 'late.mjs'))
  const {root, fleetPath} = rig
  const common = ['--env', 'staging', '--fleet', fleetPath]
  const read = <Value>(path: string): Value | undefined =>
    existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as Value) : undefined

  /** Writes the fleet file of an edition. */
  const edit = ({version, servers = {}, without = [], ingress = {}}: Edition) => {
    const server = (name: string, more: Record<string, unknown> = {}) => ({
      ...declared,
      source: {folder: `servers/${name}`},
      command: ['node', '--import', '{server}/refuse-strangers.mjs', 'healthy.mjs'],
      env: {PORT: '{port}', VERSION: version},
      ...more,
    })
    const all: Record<string, unknown> = {
      [names.kept]: server(names.kept, {env: {PORT: '{port}', VERSION: 'kept'}}),
      [names.beside]: server(names.beside),
      [names.inPlace]: server(names.inPlace, {
        command: ['node', '--import', '{server}/refuse-strangers.mjs', 'keeper.mjs'],
        env: {PORT: '{port}', VERSION: version, STATE: '{state}'},
        state: {paths: ['kept']},
        cutover: 'recreate',
        after: [names.beside],
      }),
      ...Object.fromEntries(Object.entries(servers).map(([name, more]) => [name, server(name, more)])),
    }
    for (const name of without) delete all[name]
    const dropped = (instance()?.servers ?? []).filter(({name}) => all[name] === undefined)
    const file = {
      fleet: 'rig',
      servers: all,
      // Its clients lose a server, which is meant here.
      ...(dropped.length > 0 && {
        accept: [{check: 'contract/servers-kept', reason: 'the edition drops a server', until: '2099-12-31'}],
      }),
      environments: {
        staging: {
          target: 'local',
          ingress: {port, ...ingress},
          limits: {...limits, ...options.limits},
          client: {timeoutMs: 3000},
          ...(rollout === undefined ? {} : {rollout}),
        },
      },
      ...options.fleet,
    }
    writeFileSync(fleetPath, JSON.stringify(file, null, 2))
  }

  const run = (pipeline: string, more: readonly string[] = [], how?: Start) =>
    rig.start('pipelines/run.ts', [pipeline, ...common, ...more], how)
  const instance = () => read<Instance>(join(root, 'instances', 'live', 'instance.json'))
  const endLive = async () => {
    for (let left = rig.processes(); left.length > 0; left = rig.processes()) {
      for (const {pid} of left) killed(pid)
      await new Promise(resolve => setTimeout(resolve, 20))
    }
    rmSync(join(root, 'instances'), {recursive: true, force: true})
    rmSync(join(root, 'lock.json'), {force: true})
  }
  rig.before(endLive)

  /** Builds and plans an edition in a run of its own, whose name it gives. */
  const plan = async (edition: Edition): Promise<string> => {
    edit(edition)
    const before = new Set(rig.runs())
    await rig.good('20-build')
    const name = rig.runs().find(run => !before.has(run)) ?? ''
    await rig.good('40-plan', ['--run', name])
    return name
  }

  return {
    ...rig,
    port,
    common,
    edit,
    instance,
    endLive,
    url: `http://127.0.0.1:${port}`,
    through: (server: string) => `http://127.0.0.1:${port}/${server}/mcp`,
    state: join(root, 'instances', 'live', 'state', names.inPlace),
    pointer: () => read<LivePointer>(join(root, 'live.json')),
    record: (release: string) => read<ReleaseRecord>(join(root, 'records', `${release}.json`)),
    transition: () =>
      read<{run: string; purpose: string; stages: Record<string, string>}>(join(root, 'transition.json')),
    standby: () => read<Standby>(join(root, 'instances', 'live', 'standby.json')),
    lock: () => read<{run: string; token?: number}>(join(root, 'lock.json')),
    routes: () =>
      read<{
        version: number
        release: string
        hosts: string[]
        origins: string[]
        servers: Record<string, {copies: {id: string; url: string; state: string}[]}>
      }>(join(root, 'instances', 'live', 'ingress', 'routes.json')),
    status: () => read<{version: number; pid: number}>(join(root, 'instances', 'live', 'ingress', 'status.json')),
    rehearse: (more: readonly string[] = [], how?: Start) =>
      run('production', ['--dry-run', '--quick', ...more], how).ended,
    startDeploy: (more: readonly string[] = [], how?: Start) => run('production', more, how),
    deploy: (more: readonly string[] = [], how?: Start) => run('production', more, how).ended,
    rollback: (more: readonly string[] = [], how?: Start) => rig.step('90-rollback', more, how),
    resume: (more: readonly string[] = [], how?: Start) => rig.step('15-resume', more, how),
    plan,
    /** Deploys and finishes an edition step by step, without a rehearsal, which would be most of the time. */
    putLiveByHand: async (edition: Edition): Promise<string> => {
      const name = await plan(edition)
      await rig.good('60-deploy', ['--run', name, '--apply', '--override', 'it is only a test'])
      await rig.good('85-finish', ['--run', name])
      await rig.good('99-cleanup', ['--run', name])
      return read<LivePointer>(join(root, 'live.json'))?.release ?? ''
    },
    /** Begins a run that stands where the run `like` stands now. */
    beginLike: (like: string, name: string): string => {
      mkdirSync(join(rig.folder, '.runs', name), {recursive: true})
      writeFileSync(rig.journalFile(name), readFileSync(rig.journalFile(like), 'utf8').replaceAll(like, name))
      return name
    },
    /** Rehearses and deploys an edition; gives its release. */
    putLive: async (edition: Edition): Promise<string> => {
      edit(edition)
      const rehearsed = await run('production', ['--dry-run', '--quick']).ended
      assert.equal(rehearsed.code, 0, rehearsed.said)
      const deployed = await run('production').ended
      assert.equal(deployed.code, 0, deployed.said)
      return read<LivePointer>(join(root, 'live.json'))?.release ?? ''
    },
  }
}
