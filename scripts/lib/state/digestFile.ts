// SHA-256 of a file of any size, with one small buffer, however large the file is.
import {createHash} from 'node:crypto'
import {closeSync, openSync, readSync} from 'node:fs'
import {setImmediate} from 'node:timers/promises'
import {pathOf} from '../files/byteName.ts'
import {bufferFor} from './copyFile.ts'

/** Names may be of any bytes. `onChunk` sees every part. */
export async function digestFile(
  path: string,
  signal: AbortSignal,
  onChunk: (chunk: Uint8Array) => void = () => undefined,
): Promise<string> {
  const hash = createHash('sha256')
  const file = openSync(pathOf(path), 'r')
  try {
    const buffer = bufferFor(file)
    for (let read = readSync(file, buffer); read > 0; read = readSync(file, buffer)) {
      const chunk = buffer.subarray(0, read)
      hash.update(chunk)
      onChunk(chunk)
      await setImmediate()
      signal.throwIfAborted()
    }
    return hash.digest('hex')
  } finally {
    closeSync(file)
  }
}
