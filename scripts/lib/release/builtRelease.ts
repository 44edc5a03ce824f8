// Finds the release that this run built, or else the newest one that the checkout has.
import {statSync} from 'node:fs'
import {join, resolve} from 'node:path'
import {UserError} from '../errors/userError.ts'
import {namesIfThere} from '../files/ifThere.ts'
import type {Entry} from '../journal/entry.ts'
import {fact} from '../journal/facts.ts'
import {readRelease} from './readRelease.ts'
import type {Release} from './release.ts'

/** The release with its folder. Throws a `UserError` when nothing was built. */
export function builtRelease(entries: readonly Entry[], fleetFolder: string): {release: Release; path: string} {
  const told = fact<{path: string}>(entries, 'release')?.path
  const path = told === undefined ? newest(join(fleetFolder, '.build', 'releases')) : resolve(fleetFolder, told)
  if (path === undefined) throw new UserError('there is no release yet', 'pnpm build')
  return {release: readRelease(path), path}
}

function newest(folder: string): string | undefined {
  const paths = namesIfThere(folder).flatMap(name => {
    const path = join(folder, name)
    // One that another run removes at this moment is not the newest.
    const found = statSync(path, {throwIfNoEntry: false})
    return found === undefined ? [] : [{path, changedMs: found.mtimeMs}]
  })
  return paths.sort((a, b) => b.changedMs - a.changedMs)[0]?.path
}
