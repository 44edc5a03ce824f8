// Copies part of a folder that may be in use, and describes the copy by its place in an archive.
import {mkdirSync} from 'node:fs'
import {join} from 'node:path'
import {UserError} from '../errors/userError.ts'
import {shownName} from '../files/byteName.ts'
import type {SecretValues} from '../fleet/secrets.ts'
import type {CopiedEntry} from '../state/copyEntries.ts'
import {copyState} from '../state/copyState.ts'
import type {Hold} from '../state/holdServer.ts'
import type {ManifestEntry} from './manifest.ts'
import {type SecretFinder, secretFinder} from './secretFinder.ts'

export interface Source {
  /** For messages: `state of memory`. */
  what: string
  from: string
  /** What is copied, relative to `from`; `.` is all of it. */
  paths: readonly string[]
  /** Folder of the archive that stands for `from`. */
  as: string
  /** Holds still what writes to it, where it does not hold still by itself. */
  hold?: Hold
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
  /** For how long its server was held still, in milliseconds; absent where it was not. */
  heldMs?: number
}

export interface TakeSnapshot {
  source: Source
  /** Folder for the copy; entries lie below it by their path in the archive. */
  to: string
  secrets: SecretValues
  signal: AbortSignal
  /** Doubles each time. */
  pauseMs?: number
}

/** Throws a `UserError` when something changed each time that it was copied, or a link leads out of the source. */
export async function snapshot({source, to, secrets, signal, pauseMs}: TakeSnapshot): Promise<Snapshot> {
  const {as} = source
  const found: Snapshot['secrets'] = []
  // Files are seen one after the other, so that one finder at a time is enough.
  let current: {path: string; finder: SecretFinder} | undefined
  const conclude = () => {
    const names = current?.finder.found() ?? []
    if (current !== undefined && names.length > 0) found.push({path: inArchive(current.path), names})
    current = undefined
  }
  const onChunk = (path: string, chunk: Uint8Array) => {
    if (current?.path !== path) {
      conclude()
      current = {path, finder: secretFinder(secrets)}
    }
    current?.finder.next(chunk)
  }
  const inArchive = (path: string) => (path === '.' ? as : `${as}/${path}`)
  mkdirSync(to, {recursive: true})
  const {entries, absent, skipped, heldMs} = await copyState({
    ...source,
    to: join(to, as),
    // Readers of an archive refuse links of both kinds anywhere else.
    separate: !mayLink.test(`${as}/`),
    onTry: () => {
      current = undefined
      found.length = 0
    },
    onChunk,
    signal,
    pauseMs,
  })
  conclude()
  return {
    entries: entries.map(entry => entryOf(entry, source, inArchive)),
    absent,
    skipped: skipped.map(inArchive),
    secrets: found,
    heldMs,
  }
}

function entryOf(entry: CopiedEntry, source: Source, inArchive: (path: string) => string): ManifestEntry {
  const path = inArchive(entry.path)
  if (entry.kind === 'link' && !mayLink.test(`${source.as}/`))
    throw new UserError(
      `the ${source.what} should hold files alone, but ${shownName(join(source.from, entry.path))} is a link`,
      'put the file itself there',
    )
  return entry.kind === 'same' ? {...entry, path, target: inArchive(entry.target)} : {...entry, path}
}

const mayLink = /^environment\/(instances\/live\/state|releases)\/[^/]+\//
