// Copies one file while its digest is taken, so that the digest is that of what was copied.
import {createHash} from 'node:crypto'
import {closeSync, constants, fchmodSync, fstatSync, futimesSync, openSync, readSync, writeSync} from 'node:fs'
import {setImmediate} from 'node:timers/promises'

export interface CopyFile {
  from: string
  to: string
  /** Sees every part that is copied. */
  onChunk: (chunk: Uint8Array) => void
  signal: AbortSignal
}

export interface CopiedFile {
  bytes: number
  sha256: string
  mode: number
  modifiedMs: number
}

const chunkBytes = 1 << 18

/** `to` must not be there yet. A link at `from` is refused by the file system. */
export async function copyFile({from, to, onChunk, signal}: CopyFile): Promise<CopiedFile> {
  const hash = createHash('sha256')
  const source = openSync(from, constants.O_RDONLY | constants.O_NOFOLLOW)
  try {
    const buffer = bufferFor(source)
    const target = openSync(to, 'wx', 0o600)
    try {
      let bytes = 0
      for (let read = readSync(source, buffer); read > 0; read = readSync(source, buffer)) {
        const chunk = buffer.subarray(0, read)
        hash.update(chunk)
        onChunk(chunk)
        writeWhole(target, chunk)
        bytes += read
        await setImmediate()
        signal.throwIfAborted()
      }
      const {mode, mtimeMs} = fstatSync(source)
      fchmodSync(target, (mode & 0o777) | 0o400)
      futimesSync(target, mtimeMs / 1000, mtimeMs / 1000)
      return {bytes, sha256: hash.digest('hex'), mode: mode & 0o777, modifiedMs: mtimeMs}
    } finally {
      closeSync(target)
    }
  } finally {
    closeSync(source)
  }
}

/** Room for a part of that open file, and no more than a small one needs: many of them would make much garbage. */
export function bufferFor(file: number): Buffer {
  return Buffer.allocUnsafe(Math.min(chunkBytes, fstatSync(file).size + 1))
}

/** Writes all of it: on a disk that is nearly full a write may end early, and the next one says why. */
export function writeWhole(file: number, chunk: Uint8Array): void {
  for (let written = 0; written < chunk.length; ) written += writeSync(file, chunk, written)
}
