// Puts the release that a backup names in its place: it is there, or in the backup, or built before, or is built again.
import {existsSync} from 'node:fs'
import {join} from 'node:path'
import {applyRestore} from '../backup/applyRestore.ts'
import {otherBackup} from '../backup/archiveFault.ts'
import type {RestorePlan} from '../backup/restorePlan.ts'
import {readStaged} from '../backup/stageRestore.ts'
import {UserError} from '../errors/userError.ts'
import type {Fleet} from '../fleet/resolveFleet.ts'
import {buildRelease} from '../release/buildRelease.ts'
import {placeRelease} from '../release/placeRelease.ts'
import {readRelease} from '../release/readRelease.ts'
import {type Release, releaseDigest, shortDigest} from '../release/release.ts'
import {wholeRelease} from '../release/wholeRelease.ts'
import type {StepContext} from '../step/step.ts'

/** `fleet` is the configuration with which it was live. Throws a `UserError` when it cannot be had, or is not whole. */
export async function releaseOfBackup(
  plan: RestorePlan,
  fleet: Fleet,
  {signal, say}: Pick<StepContext, 'signal' | 'say'>,
): Promise<{release: Release; releaseFolder: string}> {
  const short = shortDigest(plan.release)
  const releaseFolder = join(fleet.root, 'releases', short)
  if (!existsSync(releaseFolder)) applyRestore(fleet.root, plan, {parts: ['code']})
  if (!existsSync(releaseFolder)) {
    const path = await built(plan, fleet, {signal, say})
    await placeRelease({path, root: fleet.root, signal})
  }
  const faults = await wholeRelease(releaseFolder, signal)
  if (faults.length > 0)
    throw new UserError(
      `release ${short} is not whole: ${faults.slice(0, 5).join('; ')}`,
      `move ${releaseFolder} away, then run it again: it is taken from the backup, or built again`,
    )
  return {release: readRelease(releaseFolder), releaseFolder}
}

/** Before anything is built from what it says. */
function described(text: string, digest: string, file: string): Release {
  let found: string | undefined
  try {
    const release = JSON.parse(text) as Release
    found = releaseDigest(release)
    if (found === digest) return release
  } catch (cause) {
    if (!(cause instanceof SyntaxError || cause instanceof TypeError)) throw cause
  }
  throw new UserError(
    `${file}: should describe release ${shortDigest(digest)}, and describes ${found === undefined ? 'none' : shortDigest(found)}`,
    otherBackup,
  )
}

async function built(
  {release: digest, file}: RestorePlan,
  fleet: Fleet,
  {signal, say}: Pick<StepContext, 'signal' | 'say'>,
): Promise<string> {
  const short = shortDigest(digest)
  const before = join(fleet.folder, '.build', 'releases', short)
  if (existsSync(before)) return before
  const text = readStaged({folder: join(fleet.root, 'restore')}, join('releases', short, 'release.json'))
  const remedy = `check out what it was built from and run pnpm build, then run it again; or take a backup --with-code`
  if (text === undefined) throw new UserError(`${file}: release ${short} is neither here nor described in it`, remedy)
  const {raw} = described(text, digest, file)
  say(`  release ${short} is not here any more, so it is built again`)
  const {release, path} = await buildRelease({fleet, raw, buildRoot: join(fleet.folder, '.build'), signal})
  if (release.digest === digest) return path
  throw new UserError(`this checkout builds release ${shortDigest(release.digest)}, the backup needs ${short}`, remedy)
}
