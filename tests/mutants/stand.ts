// Puts up a rehearsal of one server with the parts of the product that do so in a run: built, started, behind its ingress.
import {cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {dirname, join} from 'node:path'
import {setTimeout as pause} from 'node:timers/promises'
import {layOut} from '../../scripts/lib/cutover/layOut.ts'
import {planTransition} from '../../scripts/lib/cutover/planTransition.ts'
import {recordChanged} from '../../scripts/lib/cutover/recordChanged.ts'
import {runTransition} from '../../scripts/lib/cutover/runTransition.ts'
import {unguarded} from '../../scripts/lib/files/changes.ts'
import {merge} from '../../scripts/lib/fleet/merge.ts'
import {type Fleet, resolveFleet} from '../../scripts/lib/fleet/resolveFleet.ts'
import {secretsOf} from '../../scripts/lib/fleet/secrets.ts'
import {endInstance} from '../../scripts/lib/instance/endInstance.ts'
import {saveInstance} from '../../scripts/lib/instance/savedInstance.ts'
import type {Entry, EntryBody} from '../../scripts/lib/journal/entry.ts'
import {folderDocuments} from '../../scripts/lib/records/folderDocuments.ts'
import {folderRecords} from '../../scripts/lib/records/folderRecords.ts'
import {buildRelease} from '../../scripts/lib/release/buildRelease.ts'
import {placeRelease} from '../../scripts/lib/release/placeRelease.ts'
import type {Release} from '../../scripts/lib/release/release.ts'
import type {StepContext} from '../../scripts/lib/step/step.ts'
import type {Instance} from '../../scripts/lib/target/instance.ts'
import {createShell, type Shell} from '../../scripts/lib/target/shell.ts'
import {climbServer} from '../../scripts/phases/climbServer.ts'
import {phaseNames} from '../../scripts/phases/index.ts'
import {underWitness} from '../../scripts/phases/underWitness.ts'
import {targetNames} from '../../scripts/targets/index.ts'
import {local} from '../../scripts/targets/local.ts'
import type {Change, Mutant} from './mutant.ts'
import {declaredOf, project} from './subjects.ts'

/** What all stands of one run of the score share. */
export interface Workshop {
  /** Text of the preload as a file. */
  preload: string
  /** Where trees and releases are built; kept from run to run. */
  buildRoot: string
  signal: AbortSignal
}

export interface Stand extends AsyncDisposable {
  step: StepContext
  entries: Entry[]
  fleet: Fleet
  release: Release
}

type Subject = Pick<Mutant, 'subject' | 'change' | 'underWitness'>

const server = 'one'
const beforeChangeMs = 1500

/** Programs, files and ports are gone once it is disposed of. */
export async function makeStand(subject: Subject, workshop: Workshop): Promise<Stand> {
  const root = mkdtempSync(join(tmpdir(), 'mutant-'))
  const entries: Entry[] = []
  const record = (...bodies: EntryBody[]) => {
    for (const body of structuredClone(bodies)) entries.push({at: new Date().toISOString(), ...body})
  }
  const {fleet, raw} = fleetOf(subject, root, workshop)
  const {signal, buildRoot} = workshop
  const {release: built, path: builtPath} = await buildRelease({fleet, raw, buildRoot, signal})
  const {path} = await placeRelease({path: builtPath, root, signal})
  // The same code with another configuration is another release.
  const release: Release = {...built, digest: digestOf(fleet, built)}
  const variables = {LLM_BRIDGE_API_KEY: 'a-key-that-only-mutants-know'}
  const secrets = (instance: string) => secretsOf(fleet, variables, instance)
  const shell = (instance: string) => createShell({record, signal, secrets: secrets(instance)})
  const name = 'rehearsal-20260101-000000-mutant-beef'
  const step = {
    fleet,
    raw,
    variables,
    secrets,
    shell,
    records: folderRecords(root),
    documents: folderDocuments(root),
    folder: fleet.folder,
    run: '20260101-000000-mutant-beef',
    record,
    entries: () => entries,
    signal,
    say: () => undefined,
    flags: {servers: [], phases: [], own: {}},
    changes: unguarded,
  } as unknown as StepContext
  const instances: Instance[] = []
  const end = async () => {
    // What is cancelled must still be ended.
    const ending = createShell({record, signal: new AbortController().signal, secrets: secrets(name)})
    const [last] = instances.toReversed()
    // Where one was replaced by another, both lie in one folder.
    const servers = instances.flatMap(instance => instance.servers)
    if (last !== undefined) await endInstance({...last, servers}, local, ending)
    rmSync(root, {recursive: true, force: true, maxRetries: 3})
  }
  try {
    const begin = (of: Fleet, copy: string, from?: Instance) =>
      startInstance({fleet: of, release: from ? release : {...release}, path, name, copy, from, step, instances})
    if (subject.underWitness === true) {
      const before = fleetOf({...subject, change: {}}, root, workshop)
      const first = await begin({...before.fleet, folder: fleet.folder}, 'before')
      entries.length = 0
      await underWitness(step, first, async mark => {
        // Clients have been there for a while.
        await pause(beforeChangeMs, undefined, {signal})
        mark('change')
        await begin(fleet, 'after', first)
      })
    } else await begin(fleet, 'only')
    return {step, entries, fleet, release, [Symbol.asyncDispose]: end}
  } catch (thrown) {
    await end()
    throw thrown
  }
}

interface StartInstance {
  fleet: Fleet
  release: Release
  path: string
  name: string
  copy: string
  from: Instance | undefined
  step: StepContext
  instances: Instance[]
}

async function startInstance({
  fleet,
  release,
  path,
  name,
  copy,
  from,
  step,
  instances,
}: StartInstance): Promise<Instance> {
  const {signal, record} = step
  const laid = await layOut({fleet, copy, release, releaseFolder: path, name, live: from})
  const side = from === undefined ? undefined : {instance: from, release}
  const transition = planTransition('deploy', step.run, side, {instance: laid, release})
  const {to} = transition
  instances.push(to)
  record({type: 'fact', name: 'instance', value: {name, url: to.ingress.url}})
  const shell: Shell = step.shell(name)
  await runTransition({
    transition,
    target: local,
    shell,
    signal,
    changes: unguarded,
    documents: step.documents,
    fleetFolder: project,
    stateOf: undefined,
    save: () => saveInstance(step.documents, transition.to),
    attempt: (one, timeoutMs) =>
      climbServer(one, one.endpoint, {secrets: step.secrets(name), signal}, undefined, timeoutMs),
    onChanged: async changed => {
      await recordChanged(changed, {instance: to, target: local, shell, record})
    },
  })
  await saveInstance(step.documents, to)
  return to
}

/** A fleet of the one server, with `change` in its entry of the fleet file, and the preload where traffic is mutated. */
function fleetOf(
  {subject, change, underWitness}: Subject,
  root: string,
  {preload}: Workshop,
): {fleet: Fleet; raw: unknown} {
  const declared = declaredOf(subject)
  const source = change.files === undefined ? declared.source : ownSource(change, root)
  const preloaded = {
    ...declared,
    source,
    // A checkout may lie below what is hidden.
    isolation: {read: [preload]},
    env: {
      ...(declared.env as object),
      NODE_OPTIONS: `--import="${preload}"`,
      PORT: '{port}',
      MUTATIONS: JSON.stringify(change.traffic ?? []),
    },
  }
  const environment = {
    target: 'local',
    ingress: {port: 18_801},
    limits: {
      startupSeconds: 15,
      steadySeconds: 0.3,
      healthMs: 4000,
      stopSeconds: 1,
      drainSeconds: 2,
      leakSeconds: 10,
    },
    // Clients that are held through a change wait until it is over, also on a machine that is busy.
    client: {timeoutMs: underWitness === true ? 20_000 : 6000},
  }
  const merged = merge(preloaded, change.server ?? {}) as Record<string, unknown>
  const entry = Object.fromEntries(Object.entries(merged).filter(([key]) => !change.without?.includes(key)))
  const raw = {
    fleet: 'mutants',
    servers: {[server]: entry},
    environments: {staging: merge(environment, change.environment ?? {})},
  }
  const fleet = resolveFleet({
    raw,
    environment: 'staging',
    folder: change.files === undefined ? project : root,
    variables: {XDG_STATE_HOME: root},
    known: {targets: targetNames, phases: phaseNames, today: new Date().toISOString().slice(0, 10)} as never,
    place: path => path.join('.'),
  })
  return {fleet: {...fleet, root}, raw}
}

function ownSource({files = {}}: Change, root: string): {folder: string} {
  const folder = join(root, 'servers', server)
  cpSync(join(project, 'tests', 'fixtures', 'servers'), folder, {recursive: true})
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), {recursive: true})
    writeFileSync(join(folder, path), text)
  }
  return {folder: `servers/${server}`}
}

function digestOf(fleet: Fleet, {digest}: Release): string {
  const mutated = fleet.servers.some(({env}) => env.MUTATIONS !== '[]')
  return mutated ? digest.replaceAll(/./g, 'b') : digest
}
