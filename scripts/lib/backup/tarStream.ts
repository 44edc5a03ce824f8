// The bytes of a tar archive, entry by entry, as any tar reads them.
import {closeSync, openSync, readSync} from 'node:fs'
import {Header, Pax} from 'tar'
import {bytesOf, pathOf} from '../files/byteName.ts'
import {bufferFor} from '../state/copyFile.ts'
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
  if (!isText(fields.path) || !isText(fields.linkpath ?? '')) return yield* rawHeadOf(fields)
  const header = new Header(fields)
  // Long names, and those beyond ASCII, need a record of their own before the entry.
  if (header.encode())
    yield new Pax({
      path: fields.path,
      linkpath: fields.linkpath,
      size: fields.size,
    }).encode()
  if (header.block === undefined) throw new Error(`${entry.path}: tar gave no header`)
  yield header.block
}

// Records hold texts, and their readers take a line break for the end of one. So other names stand in the header as they are,
// as tar itself writes them.
function isText(name: string): boolean {
  return name.isWellFormed() && !name.includes('\n')
}

const nameBytes = 100
const linkPlace = 157
const sumPlace = 148

// Names that are longer have an entry of their own before, as GNU tar writes it and every tar reads it.
function* rawHeadOf(fields: Fields): Generator<Buffer> {
  const [path, linkpath] = [bytesOf(fields.path), bytesOf(fields.linkpath ?? '')]
  if (linkpath.length > nameBytes) yield* longName('K', linkpath)
  if (path.length > nameBytes) yield* longName('L', path)
  const header = new Header({...fields, path: 'x', linkpath: linkpath.length === 0 ? undefined : 'x'})
  header.encode()
  yield rawBlock(header, path, linkpath)
}

function* longName(type: 'K' | 'L', name: Buffer): Generator<Buffer> {
  const header = new Header({path: '././@LongLink', mode: 0, size: name.length + 1, mtime: new Date(0)})
  header.encode()
  const block = rawBlock(header, Buffer.from('././@LongLink'), Buffer.alloc(0))
  block.write(type, 156)
  yield summed(block)
  yield Buffer.concat([name, Buffer.alloc(blockBytes - (name.length % blockBytes))])
}

function rawBlock({block}: Header, path: Buffer, linkpath: Buffer): Buffer {
  if (block === undefined) throw new Error('tar gave no header')
  const raw = Buffer.from(block)
  for (const [name, place] of [
    [path, 0],
    [linkpath, linkPlace],
  ] as const) {
    raw.fill(0, place, place + nameBytes)
    name.copy(raw, place, 0, nameBytes)
  }
  return summed(raw)
}

// The sum of all bytes, those of the sum itself taken as blanks.
function summed(block: Buffer): Buffer {
  block.fill(' ', sumPlace, sumPlace + 8)
  const sum = block.reduce((total, byte) => total + byte, 0)
  block.write(`${sum.toString(8).padStart(6, '0')}\0 `, sumPlace)
  return block
}

interface Fields {
  path: string
  type: 'SymbolicLink' | 'Link' | 'Directory' | 'File'
  mode: number
  size: number
  mtime: Date
  linkpath?: string
}

function fieldsOf(entry: ManifestEntry, at: Date): Fields {
  const {path, kind} = entry
  if (kind === 'same') return {path, type: 'Link', mode: 0o644, size: 0, mtime: at, linkpath: entry.target}
  const mtime = entry.modifiedMs === undefined ? at : new Date(entry.modifiedMs)
  if (kind === 'link') return {path, type: 'SymbolicLink', mode: 0o777, size: 0, mtime, linkpath: entry.target}
  const {mode} = entry
  if (kind === 'folder') return {path: `${path}/`, type: 'Directory', mode, size: 0, mtime}
  return {path, type: 'File', mode, size: entry.bytes, mtime}
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
  const file = openSync(pathOf(path), 'r')
  try {
    const buffer = bufferFor(file)
    for (let read = readSync(file, buffer); read > 0; read = readSync(file, buffer)) yield buffer.subarray(0, read)
  } finally {
    closeSync(file)
  }
}
