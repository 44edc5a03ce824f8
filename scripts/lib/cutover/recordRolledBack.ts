// Writes down which release a rollback left for good and why, so that nobody goes to it again by mistake.

import type {Records, ReleaseRecord} from '../records/records.ts'
import {releaseIn} from '../release/readRelease.ts'
import type {Instance} from '../target/instance.ts'
import {clipped, oneLine} from '../text/foreignText.ts'
import type {Transition} from './transition.ts'

const reasonAtMost = 200

/**
 * The release that a rollback leaves for good: its deploy did not succeed, or it was verified after the one that the rollback
 * goes to. Going on to a later release says nothing against the one that served. Undefined where no release is left so.
 */
export async function leftForGood(
  {from, to, givesUp, failed}: Transition,
  records: Records,
): Promise<Instance | undefined> {
  if (from === undefined || to === undefined || from.release === to.release || givesUp) return undefined
  if (failed) return from
  const [left, goal] = await Promise.all(
    [from, to].map(async ({release}) => (await records.release(release))?.verified),
  )
  if (goal === undefined) return undefined
  return left === undefined || (left.order ?? 0) > (goal.order ?? 0) ? from : undefined
}

/** Says in the live pointer which release is live, and what it was put back in place of; `since` changes with the release only. */
export async function pointTo(
  records: Records,
  release: string,
  left: Instance | undefined,
  run: string,
): Promise<void> {
  const live = await records.live()
  const rolledBackFrom = left?.release
  const isSame = live?.release === release
  if (isSame && (rolledBackFrom === undefined || live.rolledBackFrom === rolledBackFrom)) return
  await records.setLive({
    ...(isSame ? live : {release, since: new Date().toISOString(), run}),
    ...(rolledBackFrom !== undefined && {rolledBackFrom}),
  })
}

/** Twice at three in the morning must not bring the bad release back. `reason` is secret-free. */
export async function recordRolledBack(
  records: Records,
  left: Instance,
  {run, failed, reason}: {run: string; failed: boolean; reason: string | undefined},
): Promise<void> {
  const why = reason === undefined ? undefined : clipped(oneLine(reason), reasonAtMost)
  await records.setRelease({
    ...((await records.release(left.release)) ?? firstRecord(left)),
    rolledBack: {
      run,
      at: new Date().toISOString(),
      ...(failed && {failed}),
      ...(why !== undefined && {reason: why}),
    },
  })
}

// A release whose first deploy failed before it was live has no record yet.
function firstRecord({release, fleet, releaseFolder}: Instance): ReleaseRecord {
  return {release, fleet, servers: versionsIn(releaseFolder), placedAt: new Date().toISOString(), rehearsals: []}
}

function versionsIn(releaseFolder: string): Record<string, string> {
  const {release} = releaseIn(releaseFolder)
  return Object.fromEntries(Object.entries(release?.servers ?? {}).map(([name, {version}]) => [name, version]))
}
