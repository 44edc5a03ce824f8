// The Node that runs us, as the runtime of a release; its 120 MB are hashed once, not on each run.
import {createHash} from 'node:crypto'
import {createReadStream, statSync} from 'node:fs'
import {join} from 'node:path'
import {pipeline} from 'node:stream/promises'
import {textIfReadable} from '../files/textIfReadable.ts'
import {writeAtomically} from '../files/writeAtomically.ts'
import type {Release} from './release.ts'

/** `buildRoot` holds what was hashed before, in `runtime.json`. */
export async function ownRuntime(buildRoot: string, signal: AbortSignal): Promise<Release['runtime']> {
  const {size, mtimeMs, ino} = statSync(process.execPath)
  const identity = [process.execPath, size, mtimeMs, ino].join(' ')
  const kept = join(buildRoot, 'runtime.json')
  const known = identity === read(kept)?.identity ? read(kept)?.sha256 : undefined
  const sha256 = known ?? (await fileDigest(process.execPath, signal))
  if (known === undefined) writeAtomically(kept, JSON.stringify({identity, sha256}))
  return {node: process.version, platform: `${process.platform}-${process.arch}`, sha256}
}

/** SHA-256 of a file of any size. */
export async function fileDigest(path: string, signal: AbortSignal): Promise<string> {
  const digest = createHash('sha256')
  await pipeline(createReadStream(path, {highWaterMark: 1 << 20}), digest, {signal})
  return digest.digest('hex')
}

function read(path: string): {identity: string; sha256: string} | undefined {
  try {
    return JSON.parse(textIfReadable(path) ?? '')
  } catch {
    // Without what was kept it is hashed again.
    return undefined
  }
}
