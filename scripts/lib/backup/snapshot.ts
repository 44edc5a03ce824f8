// Copies part of a folder that may be in use, and proves that the copy is what was there at one moment.
import {lstatSync, mkdirSync, rmSync, symlinkSync} from 'node:fs'
import {dirname, join} from 'node:path'
import {setTimeout as pause} from 'node:timers/promises'
import {isDeepStrictEqual} from 'node:util'
import type {SecretValues} from '../secrets.ts'
import {UserError} from '../userError.ts'
import {copyFile} from './copyFile.ts'
import {digestFile} from './digestFile.ts'
import {type Listed, listSource, plainPath} from './listSource.ts'
import type {ManifestEntry} from './manifest.ts'
import {staysHome} from './readManifest.ts'
import {secretFinder} from './secretFinder.ts'

export interface Source {
  /** For messages: `state of memory`. */
  what: string
  from: string
  /** What is copied, relative to `from`; `.` is all of it. */
  paths: readonly string[]
  /** Folder of the archive that stands for `from`. */
  as: string
}

export interface Snapshot {
  /** Paths are those of the archive. */
  entries: ManifestEntry[]
  /** Given paths that were not there. */
  absent: string[]
  /** Sockets and the like, which hold nothing that could be kept. */
  skipped: string[]
  /** Files that hold the value of a secret. */
  secrets: {path: string; names: string[]}[]
}

export interface TakeSnapshot {
  source: Source
  /** Empty folder for the copy; entries lie below it by their path in the archive. */
  to: string
  secrets: SecretValues
  signal: AbortSignal
  /** Doubles each time. */
  pauseMs?: number
}

const attempts = 5

/**
 * Everything is copied, then looked at again: what is the same before and after was the same in between, so that the
 * copies of all files are of one moment. Throws a `UserError` when something changed each time.
 */
export async function snapshot({pauseMs = 100, ...options}: TakeSnapshot): Promise<Snapshot> {
  const {source, to, signal} = options
  let changed: string[] = []
  for (let attempt = 0; attempt < attempts; attempt++) {
    if (attempt > 0) await pause(pauseMs * 2 ** (attempt - 1), undefined, {signal})
    const before = listSource(source.from, source.paths)
    const taken = await copy(before, options)
    changed = taken === undefined ? ['a file went away'] : await changes(before, taken, source, signal)
    if (taken !== undefined && changed.length === 0) return taken
    rmSync(join(to, source.as), {recursive: true, force: true})
  }
  throw new UserError(
    `the ${source.what} changed each of the ${attempts} times that it was copied: ${changed.slice(0, 5).join(', ')}`,
    'try again at a quieter moment, or stop what writes to it',
  )
}

// Undefined when something went away in the meantime.
async function copy(
  listed: readonly Listed[],
  {source, to, secrets, signal}: TakeSnapshot,
): Promise<Snapshot | undefined> {
  const taken: Snapshot = {entries: [], absent: [], skipped: [], secrets: []}
  taken.absent.push(...source.paths.map(plainPath).filter(path => !listed.some(one => one.path === path)))
  mkdirSync(join(to, source.as), {recursive: true})
  try {
    for (const one of listed) {
      const path = one.path === '.' ? source.as : `${source.as}/${one.path}`
      const from = join(source.from, one.path)
      const target = join(to, path)
      mkdirSync(dirname(target), {recursive: true})
      if (one.kind === 'other') taken.skipped.push(path)
      else if (one.kind === 'folder') {
        mkdirSync(target, {recursive: true})
        taken.entries.push({kind: 'folder', path, mode: lstatSync(from).mode & 0o777})
      } else if (one.kind === 'link') {
        refuseOutside(source, one.path, path, one.target)
        symlinkSync(one.target, target)
        taken.entries.push({kind: 'link', path, target: one.target})
      } else {
        const finder = secretFinder(secrets)
        taken.entries.push({kind: 'file', path, ...(await copyFile({from, to: target, onChunk: finder.next, signal}))})
        if (finder.found().length > 0) taken.secrets.push({path, names: finder.found()})
      }
    }
    return taken
  } catch (thrown) {
    if (isGone(thrown, source.from)) return undefined
    throw thrown
  }
}

async function changes(
  before: readonly Listed[],
  taken: Snapshot,
  {from, paths, as}: Source,
  signal: AbortSignal,
): Promise<string[]> {
  const changed: string[] = []
  for (const entry of taken.entries) {
    if (entry.kind !== 'file') continue
    const path = entry.path.slice(as.length + 1)
    // Contents as well as times: a file may be written twice within one tick of the clock.
    if ((await digestFile(join(from, path), signal).catch(rethrowUnlessGone(from))) !== entry.sha256) changed.push(path)
  }
  const after = new Map(listSource(from, paths).map(one => [one.path, one]))
  for (const one of before) {
    if (!isDeepStrictEqual(after.get(one.path), one)) changed.push(one.path)
    after.delete(one.path)
  }
  return [...new Set([...changed, ...after.keys()])]
}

function rethrowUnlessGone(folder: string): (thrown: unknown) => undefined {
  return thrown => {
    if (!isGone(thrown, folder)) throw thrown
    return undefined
  }
}

function isGone(thrown: unknown, folder: string): boolean {
  const {code, path} = thrown as NodeJS.ErrnoException
  return (code === 'ENOENT' || code === 'ELOOP' || code === 'ENOTDIR') && path?.startsWith(folder) === true
}

function refuseOutside({what, from}: Source, path: string, inArchive: string, target: string): void {
  if (staysHome(inArchive, target)) return
  throw new UserError(
    `the ${what} should lie in ${from}, but ${path} there is a link to ${target}`,
    'move what it points to into that folder, or take the link away',
  )
}
