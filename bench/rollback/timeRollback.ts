// Times one rollback from the moment its command is given until the previous release answers for every server.
import {entriesOf} from '../../scripts/lib/journal/facts.ts'
import {readJournal} from '../../scripts/lib/journal/readJournal.ts'
import {journalPath, listRuns} from '../../scripts/lib/journal/runFolder.ts'
import {repository} from '../child/repository.ts'
import {runChild} from '../child/runChild.ts'
import type {SampleLive} from '../sample/sampleLive.ts'
import {untilEdition} from './untilEdition.ts'

export interface TimedRollback {
  /** From before the command's process until the last server answered with the previous release. */
  totalMs: number
  /** The part after the journal entry with the rollback target; undefined for a rollback without a journal. */
  decidedMs: number | undefined
}

const deadlineMs = 120_000

/** Edition A is to answer. Rejects when the command does not end well, or no server changes. */
export async function timeRollback(
  fleet: SampleLive,
  argv: readonly [string, ...string[]],
  signal: AbortSignal,
): Promise<TimedRollback> {
  const known = new Set(listRuns(fleet.folder))
  const given = new AbortController()
  const {ingress, servers} = fleet.live()
  const urls = Object.fromEntries(servers.map(({name}) => [name, `${ingress.url}/${name}`]))
  const reached = untilEdition({urls, wanted: 'A', signal: AbortSignal.any([signal, given.signal])})
  reached.catch(() => undefined)
  try {
    const {startedAtMs, exitCode, output} = await runChild({
      argv,
      folder: repository,
      environment: fleet.environment,
      what: argv.join(' '),
      deadlineMs,
      signal,
    })
    if (exitCode !== 0) throw new Error(`${argv.join(' ')}: exit code ${exitCode}\n${output.slice(-3000)}`)
    const reachedAtMs = await reached
    const run = listRuns(fleet.folder).find(name => !known.has(name))
    const facts = run === undefined ? [] : entriesOf(readJournal(journalPath(fleet.folder, run)), 'fact')
    const decided = facts.find(({name}) => name === 'rollback')
    return {
      totalMs: reachedAtMs - startedAtMs,
      decidedMs: decided === undefined ? undefined : reachedAtMs - Date.parse(decided.at),
    }
  } finally {
    given.abort()
  }
}
