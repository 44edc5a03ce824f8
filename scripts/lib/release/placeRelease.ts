// Puts a built release into an environment's root, complete or not at all.
import {join} from 'node:path'
import {linkTree} from './linkTree.ts'
import {makeWhole} from './makeWhole.ts'
import {readRelease} from './readRelease.ts'
import {shortDigest} from './release.ts'

export interface PlaceRelease {
  /** The folder of the built release. */
  path: string
  /** The environment's root; the release goes to `<root>/releases/<short digest>`. */
  root: string
  signal: AbortSignal
}

/** Gives the placed folder; `there` when it was placed before. Throws a `UserError`, also for a full disk. */
export async function placeRelease({
  path,
  root,
  signal,
}: PlaceRelease): Promise<{path: string; done: 'made' | 'there'}> {
  const placed = join(root, 'releases', shortDigest(readRelease(path).digest))
  const done = await makeWhole(placed, temporary => linkTree({from: path, to: temporary, signal}))
  return {path: placed, done}
}
