// A live environment on the disk, as a deploy leaves it, whose servers are not started; and backups of it.
import {createHash} from 'node:crypto'
import {existsSync, lstatSync, mkdirSync, readdirSync, readFileSync, readlinkSync, writeFileSync} from 'node:fs'
import {dirname, join} from 'node:path'
import type {TestContext} from 'node:test'
import {type MadeBackup, type MakeBackup, makeBackup} from '../../../scripts/lib/backup/makeBackup.ts'
import type {Fleet} from '../../../scripts/lib/fleet/resolveFleet.ts'
import {server as serverSchema} from '../../../scripts/lib/fleet/schema.ts'
import {planInstance} from '../../../scripts/lib/instance/planInstance.ts'
import {folderDocuments} from '../../../scripts/lib/records/folderDocuments.ts'
import {folderRecords} from '../../../scripts/lib/records/folderRecords.ts'
import type {LivePointer, ReleaseRecord} from '../../../scripts/lib/records/records.ts'
import {type Release, shortDigest} from '../../../scripts/lib/release/release.ts'
import type {Instance} from '../../../scripts/lib/target/instance.ts'
import {releaseWith} from '../release/releaseWith.ts'
import {temporaryFolder} from '../temporaryFolder.ts'

export interface LiveEnvironment {
  /** Of the fleet file. */
  folder: string
  root: string
  fleet: Fleet
  instance: Instance
  /** Folder of the state of `memory`. */
  state: string
  backUp: (options?: Partial<MakeBackup>) => Promise<MadeBackup>
  /** What a restore of its backups needs to know. */
  here: {root: string; fleet: string; environment: string; signal: AbortSignal}
}

export const signal = new AbortController().signal

const tree = (origin: string) => ({origin, version: '1.0.0', digest: 'a'.repeat(64)})

/** `state` holds files of the server `memory`, whose whole folder is declared unless `paths` says otherwise. */
export function liveEnvironment(
  test: TestContext,
  options: {state?: Record<string, string | Buffer>; paths?: string[]} = {},
): LiveEnvironment {
  return liveEnvironmentIn(temporaryFolder(test), options)
}

/** The same in a folder that is there; without `state` what is there of it stays. */
export function liveEnvironmentIn(
  folder: string,
  options: {state?: Record<string, string | Buffer>; paths?: string[]} = {},
): LiveEnvironment {
  const root = join(folder, 'root')
  const declared = {
    source: {npm: 'memory@1.0.0'},
    command: ['memory'],
    env: {FILE: '{state}/memory.jsonl'},
    secrets: {API_KEY: {}},
    state: {paths: options.paths ?? ['.']},
  }
  const memory = serverSchema.parse(declared)
  const fleet: Fleet = {
    name: 'harbour',
    environment: 'staging',
    target: 'local',
    folder,
    root,
    ingress: {port: 8700, hosts: ['localhost'], origins: [], streamCommentSeconds: 0},
    rollout: {canary: 1, growth: 2, failureBudget: 0, onFailure: 'rollback-all'},
    retention: {count: 10, days: 30},
    notify: [],
    servers: [{name: 'memory', ...memory}],
    accept: [],
    contacts: [],
  }
  const environments = {staging: {target: 'local', root: 'root', ingress: {port: 8700}}}
  write(folder, {
    // JSON is YAML.
    'fleet.yaml': JSON.stringify({fleet: 'harbour', servers: {memory: declared}, environments}),
    'locks/memory@1.0.0/package-lock.json': '{"lockfileVersion": 3}\n',
  })
  const release = testRelease()
  const releaseFolder = join(root, 'releases', shortDigest(release.digest))
  write(releaseFolder, {
    'release.json': JSON.stringify(release),
    'servers/memory/main.mjs': 'console.log("memory")\n',
    'runtime/node': '#!/bin/sh\n',
  })
  const instance = planInstance({
    fleet,
    release,
    releaseFolder,
    name: 'live',
    copy: 'a',
    ports: {ingress: 8700, servers: {memory: 9001}},
  })
  write(instance.folder, {
    'instance.json': `${JSON.stringify(instance, null, 1)}\n`,
    'ingress/routes.json': '{"version": 3}\n',
  })
  const state = join(instance.folder, 'state', 'memory')
  if (options.state !== undefined || !existsSync(state))
    write(state, options.state ?? {'memory.jsonl': '{"type":"entity"}\n'})
  const json = (value: object) => `${JSON.stringify(value, null, 2)}\n`
  const pointer: LivePointer = {release: release.digest, since: '2026-11-20T09:00:00.000Z', run: 'first'}
  const known: ReleaseRecord = {
    release: release.digest,
    fleet: fleet.name,
    servers: {memory: '1.0.0'},
    placedAt: '2026-11-20T08:59:00.000Z',
    rehearsals: [],
    deployed: {fleet, run: 'first', at: '2026-11-20T09:00:00.000Z'},
    verified: {run: 'first', at: '2026-11-20T09:01:00.000Z'},
  }
  write(root, {'live.json': json(pointer), [`records/${release.digest}.json`]: json(known)})
  return {
    folder,
    root,
    fleet,
    instance,
    state,
    here: {root, fleet: fleet.name, environment: fleet.environment, signal},
    backUp: async more =>
      makeBackup({
        fleet,
        documents: folderDocuments(root),
        fleetPath: join(folder, 'fleet.yaml'),
        instance,
        routesPath: join(instance.folder, 'ingress', 'routes.json'),
        records: await folderRecords(root).releases(),
        withCode: false,
        reason: 'manual',
        run: 'backup-run',
        now: new Date('2026-11-20T10:00:00.123Z'),
        secrets: {},
        signal,
        ...more,
      }),
  }
}

function testRelease(): Release {
  return releaseWith({
    raw: {fleet: 'harbour'},
    bridges: {'mcp-proxy@6.7.19': tree('mcp-proxy@6.7.19')},
    servers: {memory: {...tree('memory@1.0.0'), argv: ['{runtime}', '{server}/main.mjs']}},
    secretNames: ['API_KEY'],
  })
}

export function write(folder: string, files: Record<string, string | Buffer>): void {
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), {recursive: true})
    writeFileSync(join(folder, path), content)
  }
}

/** Every entry below a folder with its mode, and its digest or what it links to. */
export function digests(folder: string): Record<string, string> {
  const entries = readdirSync(folder, {recursive: true, encoding: 'utf8'}).sort()
  return Object.fromEntries(entries.map(path => [path, described(join(folder, path))]))
}

function described(path: string): string {
  const stats = lstatSync(path)
  if (stats.isSymbolicLink()) return `→ ${readlinkSync(path)}`
  const mode = (stats.mode & 0o777).toString(8)
  if (stats.isDirectory()) return `folder ${mode}`
  return `${mode} ${createHash('sha256').update(readFileSync(path)).digest('hex')}`
}
