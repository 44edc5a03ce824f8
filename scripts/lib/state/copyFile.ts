// Copies one file while its digest is taken, so that the digest is that of what was copied; holes in it stay holes.
import {createHash} from 'node:crypto'
import {
  closeSync,
  constants,
  fchmodSync,
  fstatSync,
  ftruncateSync,
  futimesSync,
  openSync,
  readSync,
  writeSync,
} from 'node:fs'
import {setImmediate} from 'node:timers/promises'
import {pathOf} from '../files/byteName.ts'

export interface CopyFile {
  from: string
  to: string
  /** Sees every part that is copied; of a hole its first byte alone. */
  onChunk: (chunk: Uint8Array) => void
  signal: AbortSignal
}

export interface CopiedFile {
  bytes: number
  sha256: string
  mode: number
  /** Milliseconds since 1970. */
  modifiedMs: number
  /** What it takes on the disk; only of a file with holes, which takes less than its length. */
  storedBytes?: number
}

const chunkBytes = 1 << 18
const zeros = Buffer.alloc(chunkBytes)

/** `to` must not be there yet. A link at `from` is refused by the file system. Names may be of any bytes. */
export async function copyFile({from, to, onChunk, signal}: CopyFile): Promise<CopiedFile> {
  const hash = createHash('sha256')
  const source = openSync(pathOf(from), constants.O_RDONLY | constants.O_NOFOLLOW)
  try {
    const buffer = bufferFor(source)
    const holes = hasHoles(source)
    const target = openSync(pathOf(to), 'wx', 0o600)
    try {
      let bytes = 0
      let storedBytes = 0
      for (let read = readSync(source, buffer); read > 0; read = readSync(source, buffer)) {
        const chunk = buffer.subarray(0, read)
        hash.update(chunk)
        const isHole = holes && isZero(chunk)
        onChunk(isHole ? chunk.subarray(0, 1) : chunk)
        if (!isHole) {
          writeWhole(target, chunk, holes ? bytes : undefined)
          storedBytes += read
        }
        bytes += read
        await setImmediate()
        signal.throwIfAborted()
      }
      if (holes) ftruncateSync(target, bytes)
      const {mode, mtimeMs} = fstatSync(source)
      fchmodSync(target, (mode & 0o777) | 0o400)
      futimesSync(target, mtimeMs / 1000, mtimeMs / 1000)
      const copied = {bytes, sha256: hash.digest('hex'), mode: mode & 0o777, modifiedMs: mtimeMs}
      return holes ? {...copied, storedBytes} : copied
    } finally {
      closeSync(target)
    }
  } finally {
    closeSync(source)
  }
}

/** Copies a file with holes from its beginning into an empty one; returns what is stored of it, in bytes. */
export function copyHoley(source: number, target: number): number {
  const buffer = Buffer.allocUnsafe(chunkBytes)
  let [place, storedBytes] = [0, 0]
  for (let read = readSync(source, buffer); read > 0; read = readSync(source, buffer)) {
    const chunk = buffer.subarray(0, read)
    if (!isZero(chunk)) {
      writeWhole(target, chunk, place)
      storedBytes += read
    }
    place += read
  }
  ftruncateSync(target, place)
  return storedBytes
}

/**
 * Whether that open file takes less room than its length. Node cannot ask for the holes themselves (SEEK_HOLE), and reading
 * one costs no disk: a hole is what reads as zeros in such a file.
 */
export function hasHoles(file: number): boolean {
  const {size, blocks} = fstatSync(file)
  return size > chunkBytes && blocks * 512 < size
}

/** Whether it is zeros alone, which a file with holes need not store. At most `chunkBytes` long. */
export function isZero(chunk: Uint8Array): boolean {
  return chunk.length <= zeros.length && zeros.subarray(0, chunk.length).equals(chunk)
}

/** Room for a part of that open file, and no more than a small one needs: many of them would make much garbage. */
export function bufferFor(file: number): Buffer {
  return Buffer.allocUnsafe(Math.min(chunkBytes, fstatSync(file).size + 1))
}

/**
 * Writes all of it, at that place of the file or where the last write ended: on a disk that is nearly full a write may end
 * early, and the next one says why.
 */
export function writeWhole(file: number, chunk: Uint8Array, place?: number): void {
  for (let written = 0; written < chunk.length; )
    written += writeSync(file, chunk, written, chunk.length - written, place === undefined ? null : place + written)
}
