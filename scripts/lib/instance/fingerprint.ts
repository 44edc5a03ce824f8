// A fingerprint of the live instance: pointer, records, routes, processes and state, so that a change can be proved or ruled out.
import {createHash} from 'node:crypto'
import {lstatSync, readFileSync, readlinkSync, realpathSync} from 'node:fs'
import {join, relative} from 'node:path'
import {ifThere, isAbsent} from '../files/ifThere.ts'
import type {Records} from '../records/records.ts'
import {digestFile} from '../state/digestFile.ts'
import {listState} from '../state/listState.ts'
import type {Instance} from '../target/instance.ts'
import type {Shell} from '../target/shell.ts'
import type {Target} from '../target/target.ts'
import {descriptionPath} from './savedInstance.ts'

/** Each part by name, as a text that changes whenever the part does. */
export type Fingerprint = Record<string, string>

export async function fingerprintLive(
  instance: Instance | undefined,
  target: Target,
  shell: Shell,
  records: Records,
): Promise<Fingerprint> {
  const [pointer, releases] = await Promise.all([records.live(), records.releases()])
  const stored = {pointer: JSON.stringify(pointer ?? null), records: digest(JSON.stringify(releases))}
  if (instance === undefined) return {...stored, instance: 'none'}
  const programs = target.inspect.read(await shell.run(target.inspect.command(instance)))
  const states: [string, string][] = []
  for (const server of instance.servers) states.push([`state ${server.name}`, await treeDigest(server.state)])
  return {
    ...stored,
    ...Object.fromEntries(
      filesOf(instance, target).map(path => [`file ${relative(instance.folder, path)}`, fileDigest(path)]),
    ),
    ...Object.fromEntries(programs.map(program => [`process ${program.name}`, program.identity])),
    ...Object.fromEntries(states),
  }
}

function filesOf(instance: Instance, target: Target): string[] {
  const anyRoutes = {version: 0, release: instance.release, hosts: [], origins: [], servers: {}}
  return [
    ...target.files(instance).map(({path}) => path),
    target.routes(instance, anyRoutes).path,
    descriptionPath(instance.folder),
  ]
}

/** Parts that are not the same in both, each with both sides. */
export function fingerprintDifferences(before: Fingerprint, after: Fingerprint): string[] {
  const parts = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort()
  return parts.flatMap(part =>
    before[part] === after[part] ? [] : [`${part}: ${before[part] ?? 'absent'} → ${after[part] ?? 'absent'}`],
  )
}

function digest(content: string | Uint8Array): string {
  return createHash('sha256').update(content).digest('hex').slice(0, 16)
}

// What cannot be read is thrown: that it is as it was could not be proved.
function fileDigest(path: string): string {
  const read = () => digest(lstatSync(path).isSymbolicLink() ? readlinkSync(path) : readFileSync(path))
  return ifThere(read) ?? 'absent'
}

// Contents as well as names: a state file may be rewritten in place within the same second.
async function treeDigest(folder: string): Promise<string> {
  const hash = createHash('sha256')
  const real = ifThere(() => realpathSync(folder)) ?? folder
  const listed = listState(real, ['.']).toSorted((one, other) => (one.path < other.path ? -1 : 1))
  for (const one of listed) {
    if (one.kind === 'folder') continue
    const content = one.kind === 'file' ? await contentOf(real, one.path) : one.kind === 'link' ? one.target : ''
    hash.update(JSON.stringify([one.path, one.kind, content]))
  }
  return hash.digest('hex').slice(0, 16)
}

const never = new AbortController().signal

// A server that runs may remove a file between two looks.
function contentOf(folder: string, path: string): Promise<string> {
  return digestFile(join(folder, path), never).catch(thrown => {
    if (isAbsent(thrown)) return 'absent'
    throw thrown
  })
}
