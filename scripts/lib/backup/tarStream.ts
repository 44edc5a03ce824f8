// The bytes of a tar archive, entry by entry, as any tar reads them.
import {closeSync, openSync, readSync} from 'node:fs'
import {Header, Pax} from 'tar'
import {bufferFor} from './copyFile.ts'
import type {ManifestEntry} from './manifest.ts'

export interface TarItem {
  entry: ManifestEntry
  /** The bytes of a file: where they lie, or they themselves. */
  content?: string | Buffer
}

const blockBytes = 512

/** Folders and links are given the time `at`. Throws when a file is not as long as its entry says. */
export function* tarStream(items: Iterable<TarItem>, at: Date): Generator<Buffer> {
  for (const {entry, content} of items) {
    yield* headOf(entry, at)
    if (entry.kind === 'file') yield* bodyOf(entry.path, entry.bytes, content)
  }
  yield Buffer.alloc(2 * blockBytes)
}

function* headOf(entry: ManifestEntry, at: Date): Generator<Buffer> {
  const fields = fieldsOf(entry, at)
  const header = new Header(fields)
  // Long names, and those beyond ASCII, need a record of their own before the entry.
  if (header.encode())
    yield new Pax({
      path: fields.path,
      linkpath: entry.kind === 'link' ? entry.target : undefined,
      size: fields.size,
    }).encode()
  if (header.block === undefined) throw new Error(`${entry.path}: tar gave no header`)
  yield header.block
}

function fieldsOf(entry: ManifestEntry, at: Date) {
  const {path} = entry
  if (entry.kind === 'link')
    return {path, type: 'SymbolicLink', mode: 0o777, size: 0, mtime: at, linkpath: entry.target} as const
  const {mode} = entry
  if (entry.kind === 'folder') return {path: `${path}/`, type: 'Directory', mode, size: 0, mtime: at} as const
  return {path, type: 'File', mode, size: entry.bytes, mtime: new Date(entry.modifiedMs)} as const
}

function* bodyOf(path: string, bytes: number, content: string | Buffer | undefined): Generator<Buffer> {
  if (content === undefined) throw new Error(`${path} has no content`)
  let length = 0
  for (const chunk of typeof content === 'string' ? chunksOf(content) : [content]) {
    length += chunk.length
    yield chunk
  }
  if (length !== bytes) throw new Error(`${path} should have ${bytes} bytes, and had ${length} when it was packed`)
  const rest = bytes % blockBytes
  if (rest > 0) yield Buffer.alloc(blockBytes - rest)
}

// One buffer for all: whoever takes a chunk has copied it before the next one is asked for.
function* chunksOf(path: string): Generator<Buffer> {
  const file = openSync(path, 'r')
  try {
    const buffer = bufferFor(file)
    for (let read = readSync(file, buffer); read > 0; read = readSync(file, buffer)) yield buffer.subarray(0, read)
  } finally {
    closeSync(file)
  }
}
