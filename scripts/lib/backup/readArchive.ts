// Reads an archive from its first byte to its last and compares every entry with the manifest in it.
import {createHash} from 'node:crypto'
import {type FileHandle, open} from 'node:fs/promises'
import {createGunzip, type Gunzip} from 'node:zlib'
import {UserError} from '../errors/userError.ts'
import {ageHeader, decrypted, Undecryptable} from './ageStream.ts'
import {ArchiveFault} from './archiveFault.ts'
import {archiveWalk, type Sink} from './archiveWalk.ts'
import type {BackupKey} from './backupKey.ts'
import type {Manifest} from './manifest.ts'

export interface ReadArchive {
  file: string
  signal: AbortSignal
  sink?: Sink
  /** Opens the archive if it is encrypted. */
  key?: BackupKey
  /** Hears the manifest before anything of the rest is read; what it throws ends the reading. */
  onManifest?: (manifest: Manifest) => void
}

export interface ReadBackup {
  manifest: Manifest
  /** Size of the archive. */
  bytes: number
  /** Digest of the archive. */
  sha256: string
}

// Damage shows where the decompressor gives up, and what it had in its hands is lost. So the entry at fault is looked
// for again in steps of one tar block, which would be slow for everything.
const quickBytes = 1 << 16
const exactBytes = 512
const inputBytes = 1 << 18

/** Throws an `ArchiveFault` that names the first wrong entry; a file that is not there is a plain `UserError`. */
export async function readArchive(options: ReadArchive): Promise<ReadBackup> {
  try {
    return await readOnce(options, quickBytes)
  } catch (thrown) {
    if (!isDamage(thrown)) throw thrown
    await readOnce({...options, sink: undefined}, exactBytes)
    throw thrown
  }
}

async function readOnce({file, signal, sink, onManifest, key}: ReadArchive, stepBytes: number): Promise<ReadBackup> {
  const hash = createHash('sha256')
  let bytes = 0
  const walk = archiveWalk(file, sink, onManifest)
  // Both sides go in step, so that what was decompressed before the damage is seen before it is told.
  const inStep = {chunkSize: stepBytes, readableHighWaterMark: 1}
  const plain = createGunzip(inStep)
  const onChunk = (chunk: Buffer) => {
    hash.update(chunk)
    bytes += chunk.length
  }
  const fed = feed(file, plain, {key, onChunk}).catch(thrown => plain.destroy(thrown))
  try {
    for await (const chunk of plain) {
      signal.throwIfAborted()
      walk.next(chunk)
    }
    await fed
    return {manifest: walk.end(), bytes, sha256: hash.digest('hex')}
  } catch (thrown) {
    throw explained(thrown, file, walk.at())
  } finally {
    plain.destroy()
    await fed
  }
}

// One buffer for the whole file: a stream would make a new one for each part, and a large file a lot of garbage.
async function feed(
  file: string,
  plain: Gunzip,
  {key, onChunk}: {key: BackupKey | undefined; onChunk: (chunk: Buffer) => void},
): Promise<void> {
  await using handle = await open(file, 'r')
  const chunks = chunksOf(handle, onChunk)
  const begin = await handle.read(Buffer.alloc(ageHeader.length), 0, ageHeader.length, 0)
  // A decompressor that gave up never says that it has taken what it was given.
  const closed = new Promise<void>(resolve => plain.once('close', () => resolve()))
  for await (const chunk of begin.buffer.equals(ageHeader) ? decrypted(file, chunks, key) : chunks) {
    if (plain.destroyed) return
    await Promise.race([closed, new Promise<void>(resolve => plain.write(chunk, () => resolve()))])
  }
  if (!plain.destroyed) plain.end()
}

async function* chunksOf(handle: FileHandle, onChunk: (chunk: Buffer) => void): AsyncGenerator<Buffer> {
  const buffer = Buffer.allocUnsafe(inputBytes)
  // By its place: the position of the file is nobody's else.
  for (let place = 0; ; ) {
    const {bytesRead} = await handle.read(buffer, 0, buffer.length, place)
    if (bytesRead === 0) return
    place += bytesRead
    const chunk = buffer.subarray(0, bytesRead)
    onChunk(chunk)
    yield chunk
  }
}

function explained(thrown: unknown, file: string, at: string): unknown {
  const {code, path} = thrown as NodeJS.ErrnoException
  // What a restore writes has other paths.
  if (code === 'ENOENT' && path === file)
    return new UserError(`${file}: there should be a backup, there is none`, 'pnpm backup makes one', {cause: thrown})
  if (path === file || code === 'EISDIR')
    return new UserError(`${file}: should be a backup, cannot be read: ${code}`, 'name the archive itself', {
      cause: thrown,
    })
  if (code === 'Z_BUF_ERROR') return new ArchiveFault(file, at, 'is not whole: the archive ends early', {cause: thrown})
  if (thrown instanceof Undecryptable)
    return new ArchiveFault(file, at, 'cannot be decrypted: the archive is damaged or ends early', {cause: thrown})
  if (isDamage(thrown)) return new ArchiveFault(file, at, 'cannot be read: the archive is damaged', {cause: thrown})
  return thrown
}

function isDamage(thrown: unknown): boolean {
  if (thrown instanceof ArchiveFault) return isDamage(thrown.cause)
  const {code, tarCode} = (thrown ?? {}) as {code?: string; tarCode?: string}
  return code?.startsWith('Z_') === true || tarCode?.startsWith('TAR_') === true
}
