// The transition from what is live to an earlier verified release, for a rollback by hand.
import {join} from 'node:path'
import {UserError} from '../errors/userError.ts'
import type {Fleet} from '../fleet/resolveFleet.ts'
import {readInstance} from '../instance/savedInstance.ts'
import type {Records, ReleaseRecord} from '../records/records.ts'
import {readRelease, releaseIn} from '../release/readRelease.ts'
import {type Release, shortDigest} from '../release/release.ts'
import {wholeRelease} from '../release/wholeRelease.ts'
import type {StepContext} from '../step/step.ts'
import type {Target} from '../target/target.ts'
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

/**
 * `serves` tells whether what is live runs at all. What is live may be damaged or gone: it is not read but to keep copies of it.
 * Throws a `UserError`.
 */
export async function earlierRelease(
  context: StepContext,
  {target, attempt, to}: EarlierRelease,
): Promise<{transition: Transition; serves: boolean}> {
  const {fleet, run, say, documents, shell: shellOf} = context
  const live = await readInstance(documents, fleet.root, 'live')
  const {record, release, releaseFolder} = await goal(context, live?.release, to)
  const {serves, running, copies} =
    live === undefined
      ? {serves: false, running: new Set<string>(), copies: []}
      : await standing(live, record.release, {
          ...{root: fleet.root, documents, target, attempt},
          shell: shellOf('live'),
        })
  // The configuration as it was, not as the checkout has it now: a rollback restores both together.
  const instance = await layOut({
    fleet: record.deployed.fleet,
    copy: copyName(run),
    release,
    releaseFolder,
    name: 'live',
    live,
  })
  const from = live && {instance: live, ...releaseIn(live.releaseFolder), running}
  if (from?.fault !== undefined) say(`  what is live cannot be read, so no copy of it is kept: ${from.fault}`)
  const transition = planTransition('rollback', run, from, {
    instance: {...instance, servers: instance.servers.map(server => takenBack(server, copies))},
    release,
  })
  return {transition, serves}
}

type Deployed = ReleaseRecord & Required<Pick<ReleaseRecord, 'deployed'>>

// The newest that is whole where none was named: a damaged one is passed over, since somebody waits for any that is good.
async function goal(
  {fleet, records, say, signal}: StepContext,
  live: string | undefined,
  to: string | undefined,
): Promise<{record: Deployed; release: Release; releaseFolder: string}> {
  const script = `sh ${fleet.root}/rollback.sh --list shows what there is`
  const passedOver: string[] = []
  for (const record of chosen(await records.releases(), live, to, script)) {
    const short = shortDigest(record.release)
    const releaseFolder = placedFolder(fleet.root, record.release)
    const faults =
      record.deployed === undefined
        ? ['it was never live here, so its configuration is not known']
        : await wholeRelease(releaseFolder, signal)
    if (isDeployed(record) && faults.length === 0) return {record, release: readRelease(releaseFolder), releaseFolder}
    const what = `release ${short} cannot be put back: ${faults.slice(0, 5).join('; ')}`
    if (to !== undefined) throw new UserError(what, `choose another with --to: ${script}`)
    say(`  passed over: ${what}`)
    passedOver.push(what)
  }
  throw new UserError(
    `there is no earlier verified release that is whole: ${passedOver.join('; ')}`,
    `deploy one, or ${script}`,
  )
}

function isDeployed(record: ReleaseRecord): record is Deployed {
  return record.deployed !== undefined
}

/** Those to try, the best first; without `to` every one that a rollback may choose by itself. */
function chosen(
  records: readonly ReleaseRecord[],
  live: string | undefined,
  to: string | undefined,
  script: string,
): ReleaseRecord[] {
  const verified = newestVerified(records)
  const known = `verified here: ${verified.map(record => knownText(record, live)).join(', ') || 'none'}; ${script}`
  if (to === undefined) {
    const found = verified.filter(record => record.release !== live && record.rolledBack === undefined)
    const why =
      live === undefined ? 'nothing is live, and there is no verified release' : 'there is no earlier verified release'
    const again = live === undefined ? '' : 'pnpm resume starts what is live where it does not run; '
    if (found.length === 0) throw new UserError(`${why} to go back to`, `${again}${known}`)
    return found
  }
  const found = records.filter(record => record.release.startsWith(to))
  if (found.length > 1) throw new UserError(`--to: ${to} is the beginning of ${found.length} releases`, known)
  const [one] = found
  if (one === undefined) throw new UserError(`--to: there is no release ${to}`, known)
  if (one.release === live) throw new UserError(`--to: ${shortDigest(one.release)} is live already`, known)
  if (one.verified === undefined)
    throw new UserError(`--to: ${shortDigest(one.release)} was never verified on live`, known)
  return [one]
}

function knownText({release, verified, rolledBack}: ReleaseRecord, live: string | undefined): string {
  const state = [`verified ${verified?.at}`, release === live ? 'live' : [], rolledBack ? 'rolled back since' : []]
  return `${shortDigest(release)} (${state.flat().join(', ')})`
}

/**
 * The release that stays when a rollback is asked for without a goal: it is good, and is live because another one was rolled
 * back already, by hand or by itself. To go further back by mistake would leave a good release. One that is damaged or gone does
 * not stay.
 */
export async function putBackAlready(
  root: string,
  records: Pick<Records, 'live' | 'release'>,
): Promise<PutBackAlready | undefined> {
  const pointer = await records.live()
  if (pointer?.rolledBackFrom === undefined) return undefined
  const {verified, rolledBack} = (await records.release(pointer.release)) ?? {}
  if (verified === undefined || rolledBack !== undefined) return undefined
  if (releaseIn(placedFolder(root, pointer.release)).release === undefined) return undefined
  const left = pointer.rolledBackFrom
  return {release: pointer.release, left, at: (await records.release(left))?.rolledBack?.at ?? pointer.since}
}

export interface PutBackAlready {
  release: string
  /** The release in place of which it was put back, and when. */
  left: string
  at: string
}

/** Where a rollback would go: the newest verified release other than `current`, if its folder and configuration are there. */
export async function lastVerified(
  fleet: Fleet,
  records: Records,
  current: string,
): Promise<{fleet: Fleet; release: Release; releaseFolder: string} | undefined> {
  for (const {release: digest, deployed, rolledBack} of newestVerified(await records.releases())) {
    if (digest === current || deployed === undefined || rolledBack !== undefined) continue
    const releaseFolder = placedFolder(fleet.root, digest)
    const {release} = releaseIn(releaseFolder)
    if (release !== undefined) return {fleet: deployed.fleet, release, releaseFolder}
  }
  return undefined
}

/** The one that was found good last comes first. */
export function newestVerified(records: readonly ReleaseRecord[]): ReleaseRecord[] {
  return records
    .filter(record => record.verified !== undefined)
    .sort((a, b) => orderOf(b) - orderOf(a) || (atOf(a) < atOf(b) ? 1 : -1))
}

const orderOf = ({verified}: ReleaseRecord) => verified?.order ?? 0
// Records of earlier versions have no order.
const atOf = ({verified}: ReleaseRecord) => verified?.at ?? ''

function placedFolder(root: string, release: string): string {
  return join(root, 'releases', shortDigest(release))
}
