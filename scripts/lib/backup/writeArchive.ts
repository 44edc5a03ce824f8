// Writes an archive: its manifest first, then every entry, compressed, and on the disk before it returns.
import {createHash} from 'node:crypto'
import {createWriteStream} from 'node:fs'
import {availableParallelism} from 'node:os'
import {pipeline} from 'node:stream/promises'
import {UserError} from '../errors/userError.ts'
import {gzipMembers} from './gzipMembers.ts'
import {type Manifest, manifestLimits, manifestName} from './manifest.ts'
import {type TarItem, tarStream} from './tarStream.ts'

export interface WriteArchive {
  /** Must not be there yet. */
  file: string
  manifest: Manifest
  /** Where the bytes of a file of the manifest lie. */
  contentOf: (path: string) => string
  signal: AbortSignal
}

// As gzip has it by itself, and tar -z with it.
const level = 6

/** Throws a `UserError` for more than a manifest may name. */
export async function writeArchive({
  file,
  manifest,
  contentOf,
  signal,
}: WriteArchive): Promise<{bytes: number; sha256: string}> {
  const hash = createHash('sha256')
  let bytes = 0
  const members = gzipMembers(tarStream(items(manifest, contentOf), new Date(manifest.at)), {
    level,
    threads: Math.min(4, availableParallelism()),
    signal,
  })
  const counted = async function* () {
    for await (const chunk of members) {
      hash.update(chunk)
      bytes += chunk.length
      yield chunk
    }
  }
  await pipeline(counted, createWriteStream(file, {flags: 'wx', mode: 0o600, flush: true}), {signal})
  return {bytes, sha256: hash.digest('hex')}
}

function* items(manifest: Manifest, contentOf: (path: string) => string): Generator<TarItem> {
  const text = Buffer.from(`${JSON.stringify(manifest, null, 1)}\n`)
  const {bytes, entries} = manifestLimits
  if (text.length > bytes || manifest.entries.length > entries)
    throw new UserError(
      `a backup should have at most ${entries} files and folders, and ${bytes} bytes of names and digests of them; this one would have ${manifest.entries.length} and ${text.length}`,
      'name less under state.paths of the servers: state without what a server can make again, such as caches',
    )
  yield {
    entry: {
      kind: 'file',
      path: manifestName,
      mode: 0o600,
      bytes: text.length,
      sha256: '',
      modifiedMs: Date.parse(manifest.at),
    },
    content: text,
  }
  for (const entry of manifest.entries) yield entry.kind === 'file' ? {entry, content: contentOf(entry.path)} : {entry}
}
