// Whether a release may go live: only what was rehearsed ships, and only onto what the plan was made for.

import type {LivePointer, RehearsalRecord, ReleaseRecord} from '../records/records.ts'
import {shortDigest} from '../release/release.ts'
import {rehearseFirst} from './earlyRefusals.ts'
import type {Plan} from './plan.ts'

export interface Promotion {
  release: string
  /** The release's records in every environment of the fleet that can be read. */
  records: readonly ReleaseRecord[]
  /** Why records of an environment could not be looked up, a sentence each. */
  unread?: readonly string[]
  plan: Plan | undefined
  live: LivePointer | undefined
}

export interface Refusal {
  message: string
  remedy: string
}

/** The newest rehearsal of this very digest that passed. */
function passingRehearsal(records: readonly ReleaseRecord[], release: string): RehearsalRecord | undefined {
  const passed = records
    .filter(record => record.release === release)
    .flatMap(record => record.rehearsals)
    .filter(rehearsal => rehearsal.verdict === 'pass')
  return passed.sort((a, b) => (a.at < b.at ? 1 : -1))[0]
}

/** Every reason against; none when it may go. */
export function refusals({release, records, unread = [], plan, live}: Promotion): Refusal[] {
  const found: Refusal[] = []
  if (passingRehearsal(records, release) === undefined) {
    const tried = records.filter(record => record.release === release).flatMap(record => record.rehearsals)
    const told =
      tried.length === 0
        ? 'it was never rehearsed'
        : `its ${tried.length} rehearsals ended ${tried.map(one => one.verdict).join(', ')}`
    found.push({
      message: [`release ${shortDigest(release)} has no passing rehearsal: ${told}`, ...unread].join('; '),
      remedy: rehearseFirst,
    })
  }
  if (plan !== undefined && plan.release !== release) {
    found.push({
      message: `the plan is for release ${shortDigest(plan.release)}, not for ${shortDigest(release)}`,
      remedy: 'plan again: pnpm plan',
    })
  }
  if (plan !== undefined && plan.live !== live?.release) {
    const was = plan.live === undefined ? 'nothing' : shortDigest(plan.live)
    const is = live === undefined ? 'nothing' : shortDigest(live.release)
    found.push({
      message: `live has drifted since the plan was made: ${was} was live, now ${is} is`,
      remedy: 'run the pipeline again, so that the plan fits',
    })
  }
  return found
}
