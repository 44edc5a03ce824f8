// SHA-256 of a file of any size, with one small buffer, however large the file is.
import {createHash} from 'node:crypto'
import {closeSync, openSync, readSync} from 'node:fs'
import {setImmediate} from 'node:timers/promises'
import {bufferFor} from './copyFile.ts'

export async function digestFile(path: string, signal: AbortSignal): Promise<string> {
  const hash = createHash('sha256')
  const file = openSync(path, 'r')
  try {
    const buffer = bufferFor(file)
    for (let read = readSync(file, buffer); read > 0; read = readSync(file, buffer)) {
      hash.update(buffer.subarray(0, read))
      await setImmediate()
      signal.throwIfAborted()
    }
    return hash.digest('hex')
  } finally {
    closeSync(file)
  }
}
