// Writes into the record of a release how its rehearsal went: only what was rehearsed ships.

import type {Entry} from '../journal/entry.ts'
import {entriesOf, fact, verdictOf} from '../journal/facts.ts'
import {recordContracts} from './recordContracts.ts'
import type {Records} from './records.ts'

export interface RecordRehearsal {
  entries: readonly Entry[]
  run: string
  records: Records
  now: Date
  /** The step that asks; it has not ended, which is no fault of the run. */
  during: string
}

/** Nothing is written for a run that never named a release. The contracts are kept of a passing rehearsal only. */
export async function recordRehearsal({entries, run, records, now, during}: RecordRehearsal): Promise<void> {
  const built = fact<{digest: string; servers: {name: string; version: string}[]}>(entries, 'release')
  const began = entriesOf(entries, 'run')[0]
  if (built === undefined || began === undefined) return
  // It only looks at what servers tell of themselves, and judges nothing.
  if (began.pipeline === 'contracts') return
  const verdict = verdictOf(entries, during)
  const known = await records.release(built.digest)
  await records.setRelease({
    release: built.digest,
    fleet: began.fleet ?? '',
    servers: Object.fromEntries(built.servers.map(server => [server.name, server.version])),
    placedAt: known?.placedAt ?? now.toISOString(),
    ...known,
    ...(verdict === 'pass'
      ? {
          contracts: {
            ...known?.contracts,
            ...(await recordContracts(
              entries,
              built.digest,
              built.servers.map(server => server.name),
              records,
            )),
          },
        }
      : {}),
    rehearsals: [
      ...(known?.rehearsals ?? []),
      {run, at: now.toISOString(), verdict, ms: now.getTime() - Date.parse(began.at)},
    ],
  })
}
