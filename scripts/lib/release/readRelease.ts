// Reads what a release folder says it is, and refuses one whose digest does not fit its content.
import {join} from 'node:path'
import {UserError} from '../errors/userError.ts'
import {readJson} from '../saved/readJson.ts'
import {type Release, releaseDigest, releaseSchema} from './release.ts'
import {releaseShape} from './releaseShape.ts'

/** `path` is the release's folder. Throws a `UserError`. */
export function readRelease(path: string): Release {
  const file = join(path, 'release.json')
  const release = parsed(file)
  if (release.schema !== releaseSchema) {
    throw new UserError(
      `${file}: schema should be ${releaseSchema}, got ${release.schema}`,
      'build it again: pnpm build',
    )
  }
  const digest = releaseDigest(release)
  if (digest !== release.digest) {
    throw new UserError(`${file}: its content should have the digest ${release.digest}, it has ${digest}`, rebuild)
  }
  return release
}

/**
 * What a release folder says it is, or why that cannot be known: for whoever goes away from a release, which may be damaged or
 * gone. Throws what is no fault of the release.
 */
export function releaseIn(path: string): {release: Release; fault?: undefined} | {release?: undefined; fault: string} {
  try {
    return {release: readRelease(path)}
  } catch (thrown) {
    if (thrown instanceof UserError) return {fault: thrown.message}
    throw thrown
  }
}

const rebuild = 'remove that folder and build it again: pnpm build'

function parsed(file: string): Release {
  const release = readJson<Release>({path: file, what: 'a release', shape: releaseShape, remedy: rebuild})
  if (release === undefined) throw new UserError(`${file}: there should be a release, there is none`, 'pnpm build')
  return release
}
