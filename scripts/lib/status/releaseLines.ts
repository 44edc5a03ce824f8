// The lines of `pnpm releases`, what happened last first, a pure function of the records.

import type {LivePointer, RehearsalRecord, ReleaseRecord} from '../records/records.ts'
import {shortDigest} from '../release/release.ts'
import {oneLine} from '../text/foreignText.ts'

export interface Releases {
  environment: string
  records: readonly ReleaseRecord[]
  live: LivePointer | undefined
  /** The records of every environment of the fleet that can be read, by its name: a release is rehearsed in one and live in another. */
  elsewhere: Readonly<Record<string, readonly ReleaseRecord[]>>
  /** Why those of an environment cannot be read, a sentence each. */
  unread: readonly string[]
}

export function releaseLines(releases: Releases): string[] {
  const {environment, records, unread} = releases
  if (records.length === 0) return [`${environment} knows no release yet`, '→ pnpm deploy:staging rehearses one']
  return [
    ...[...records].sort((a, b) => (newest(a) < newest(b) ? 1 : -1)).flatMap(record => lines(record, releases)),
    ...unread.map(why => `rehearsals of another environment are not known: ${why}`),
  ]
}

function newest({placedAt, deployed, verified, rolledBack, rehearsals}: ReleaseRecord): string {
  const times = [
    placedAt,
    deployed?.at ?? '',
    verified?.at ?? '',
    rolledBack?.at ?? '',
    ...rehearsals.map(one => one.at),
  ]
  return times.sort().at(-1) ?? ''
}

function lines(record: ReleaseRecord, releases: Releases): string[] {
  const {release, servers} = record
  const isLive = releases.live?.release === release
  const parts = [isLive ? [liveText(releases.live)] : [], became(record), rehearsed(release, releases)].flat()
  const versions = Object.entries(servers).map(([name, version]) => `${name} ${version}`)
  return [`${isLive ? '→' : ' '} ${shortDigest(release)}  ${parts.join(' · ')}`, `    ${versions.join(', ')}`]
}

function liveText(live: LivePointer | undefined): string {
  const from = live?.rolledBackFrom === undefined ? '' : ` (rolled back from ${shortDigest(live.rolledBackFrom)})`
  return `live since ${live?.since}${from}`
}

function became({deployed, verified, rolledBack}: ReleaseRecord): string[] {
  const override = deployed?.override === undefined ? '' : ` with --override: ${oneLine(deployed.override)}`
  const reason = rolledBack?.reason === undefined ? '' : `: ${oneLine(rolledBack.reason)}`
  return [
    ...(deployed === undefined ? [] : [`deployed ${deployed.at}${override}`]),
    verified === undefined ? 'never verified' : `verified ${verified.at}`,
    ...(rolledBack === undefined ? [] : [`${rolledBack.failed ? 'failed' : 'rolled back'} ${rolledBack.at}${reason}`]),
  ]
}

// The last one of each environment.
function rehearsed(release: string, {elsewhere, unread}: Releases): string[] {
  const found = Object.entries(elsewhere).flatMap(([environment, records]) => {
    const all = records.filter(record => record.release === release).flatMap(record => record.rehearsals)
    const last = all.at(-1)
    return last === undefined ? [] : [rehearsalText(environment, last, all.length)]
  })
  if (found.length > 0) return found
  return [unread.length === 0 ? 'never rehearsed' : 'no rehearsal is known']
}

function rehearsalText(environment: string, {at, verdict}: RehearsalRecord, count: number): string {
  return `rehearsed on ${environment} ${at}: ${verdict}${count > 1 ? `, the last of ${count}` : ''}`
}
