// The transition from what is live to an earlier verified release, for a rollback by hand.
import {join} from 'node:path'
import type {Fleet} from '../fleet/resolveFleet.ts'
import {readInstance} from '../instance/savedInstance.ts'
import {readRelease} from '../release/readRelease.ts'
import {type Release, shortDigest} from '../release/release.ts'
import {wholeRelease} from '../release/wholeRelease.ts'
import type {StepContext} from '../step.ts'
import type {ReleaseRecord, Store} from '../store/store.ts'
import type {Target} from '../target.ts'
import {UserError} from '../userError.ts'
import type {BecomeReady} from './becomeReady.ts'
import {copyName, layOut} from './layOut.ts'
import {planTransition} from './planTransition.ts'
import {standing, takenBack} from './standing.ts'
import type {Transition} from './transition.ts'

export interface EarlierRelease {
  target: Target
  /** One try to reach a copy. */
  attempt: BecomeReady['attempt']
  /** A digest or its beginning; the newest verified release that is not live when it is absent. */
  to: string | undefined
}

/** `serves` tells whether what is live runs at all. Throws a `UserError`. */
export async function earlierRelease(
  {fleet, run, store, signal, shell: shellOf}: StepContext,
  {target, attempt, to}: EarlierRelease,
): Promise<{transition: Transition; serves: boolean}> {
  const live = readInstance(fleet.root, 'live')
  if (live === undefined)
    throw new UserError(`nothing is live in ${fleet.environment}, so there is nothing to go back from`, 'pnpm status')
  const record = chosen(store.records(), live.release, to)
  const deployed = record.deployed
  if (deployed === undefined)
    throw new UserError(
      `release ${shortDigest(record.release)} was never live here, so its configuration is not known`,
      'deploy it',
    )
  const releaseFolder = placedFolder(fleet.root, record.release)
  const [faults, {serves, copies}] = await Promise.all([
    wholeRelease(releaseFolder, signal),
    standing(live, record.release, {root: fleet.root, target, attempt, shell: shellOf('live')}),
  ])
  if (faults.length > 0)
    throw new UserError(
      `release ${shortDigest(record.release)} is not whole: ${faults.slice(0, 5).join('; ')}`,
      'choose another with --to, or restore it from a backup',
    )
  const release = readRelease(releaseFolder)
  // The configuration as it was, not as the checkout has it now: a rollback restores both together.
  const instance = await layOut({
    fleet: deployed.fleet,
    copy: copyName(run),
    release,
    releaseFolder,
    name: 'live',
    live,
  })
  const transition = planTransition(
    'rollback',
    run,
    {instance: live, release: readRelease(live.releaseFolder)},
    {instance: {...instance, servers: instance.servers.map(server => takenBack(server, copies))}, release},
  )
  return {transition, serves}
}

function chosen(records: readonly ReleaseRecord[], live: string, to: string | undefined): ReleaseRecord {
  const verified = newestVerified(records)
  const known = verified
    .map(
      record =>
        `${shortDigest(record.release)} (verified ${record.verified?.at}${record.release === live ? ', live' : ''}${record.rolledBack ? ', rolled back since' : ''})`,
    )
    .join(', ')
  if (to === undefined) {
    const found = verified.find(record => record.release !== live && record.rolledBack === undefined)
    if (found === undefined)
      throw new UserError('there is no earlier verified release to go back to', `verified here: ${known || 'none'}`)
    return found
  }
  const found = records.filter(record => record.release.startsWith(to))
  if (found.length > 1)
    throw new UserError(`--to: ${to} is the beginning of ${found.length} releases`, `verified here: ${known}`)
  const [one] = found
  if (one === undefined) throw new UserError(`--to: there is no release ${to}`, `verified here: ${known || 'none'}`)
  if (one.release === live)
    throw new UserError(`--to: ${shortDigest(one.release)} is live already`, `verified here: ${known}`)
  if (one.verified === undefined)
    throw new UserError(
      `--to: ${shortDigest(one.release)} was never verified on live`,
      `verified here: ${known || 'none'}`,
    )
  return one
}

/** Where a rollback would go: the newest verified release other than `current`, if its folder and configuration are there. */
export function lastVerified(
  fleet: Fleet,
  store: Store,
  current: string,
): {fleet: Fleet; release: Release; releaseFolder: string} | undefined {
  const record = newestVerified(store.records()).find(
    candidate =>
      candidate.release !== current && candidate.deployed !== undefined && candidate.rolledBack === undefined,
  )
  if (record?.deployed === undefined) return undefined
  const releaseFolder = placedFolder(fleet.root, record.release)
  return {fleet: record.deployed.fleet, release: readRelease(releaseFolder), releaseFolder}
}

/** The one that was found good last comes first. */
export function newestVerified(records: readonly ReleaseRecord[]): ReleaseRecord[] {
  return records
    .filter(record => record.verified !== undefined)
    .sort((a, b) => (b.verified?.order ?? 0) - (a.verified?.order ?? 0))
}

function placedFolder(root: string, release: string): string {
  return join(root, 'releases', shortDigest(release))
}
