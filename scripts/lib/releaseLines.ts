// The lines of `pnpm releases`, newest first, a pure function of the records.
import {shortDigest} from './release/release.ts'
import type {LivePointer, ReleaseRecord} from './store/store.ts'

export function releaseLines(
  environment: string,
  records: readonly ReleaseRecord[],
  live: LivePointer | undefined,
): string[] {
  if (records.length === 0) return [`${environment} knows no release yet`, '→ pnpm deploy:staging rehearses one']
  return [...records].sort((a, b) => (newest(a) < newest(b) ? 1 : -1)).flatMap(record => lines(record, live))
}

function newest(record: ReleaseRecord): string {
  return (
    [record.placedAt, record.deployed?.at ?? '', record.verified?.at ?? '', ...record.rehearsals.map(one => one.at)]
      .sort()
      .at(-1) ?? ''
  )
}

function lines(record: ReleaseRecord, live: LivePointer | undefined): string[] {
  const {release, servers, rehearsals, deployed, verified} = record
  const last = rehearsals.at(-1)
  const told = [
    last === undefined ? 'never rehearsed' : `rehearsed ${last.at}: ${last.verdict}`,
    deployed === undefined ? 'never live' : `live ${deployed.at}`,
    verified === undefined ? 'not verified' : `verified ${verified.at}`,
  ]
  const versions = Object.entries(servers).map(([name, version]) => `${name} ${version}`)
  return [
    `${live?.release === release ? '→' : ' '} ${shortDigest(release)}  ${told.join(' · ')}`,
    `    ${versions.join(', ')}`,
  ]
}
