// Ends what a step of a workflow left undone when it was killed or never begun: its last word, and what it left running.
import {dirname, resolve} from 'node:path'
import {readFlags} from '../scripts/lib/cli/flags.ts'
import {harmless} from '../scripts/lib/cli/printed.ts'
import {program} from '../scripts/lib/cli/program.ts'
import {exitCode} from '../scripts/lib/errors/exitCode.ts'
import {UserError} from '../scripts/lib/errors/userError.ts'
import {handOn} from '../scripts/lib/github/handOn.ts'
import {entriesOf, fact, stepEnds} from '../scripts/lib/journal/facts.ts'
import {followJournal} from '../scripts/lib/journal/followJournal.ts'
import {journalPath} from '../scripts/lib/journal/runFolder.ts'
import {tellers} from '../scripts/lib/journal/tellers.ts'
import {endOrphans} from '../scripts/lib/step/endOrphans.ts'
import {endOfStep} from './endOfStep.ts'

const own = {status: {type: 'string'}} as const

await program(async () => {
  const flags = readFlags(process.argv.slice(2), process.env, own)
  const {run} = flags
  if (run === undefined) throw new UserError('--run: should name the run', 'pipelines/begin.ts hands its name on')
  endOrphans(run, [process.ppid])
  const journal = journalPath(dirname(resolve(flags.fleetPath)), run)
  const read = followJournal(journal)
  const entries = read()
  const ends = stepEnds(entries)
  const cancelled = flags.own.status === 'cancelled'
  const code = cancelled ? exitCode.cancelled : exitCode.unjudged
  const end = (step: string, detail: string) =>
    console.log(harmless(`${step} ${endOfStep(journal, step, {code, cancelled, detail, ms: 0}, read)}`))
  const open = [...ends.values()].filter(({state}) => state === 'started').map(({step}) => step)
  for (const step of open)
    end(step, cancelled ? 'cancelled by the workflow, without a last word' : 'was killed, without a last word')
  // Whoever was not told of it, the run goes on.
  const all = [...ends.values()].filter(({step}) => !tellers.includes(step))
  // A run that was cancelled between two steps says so at the one that would have been next, as under the runner.
  const next = entriesOf(entries, 'run')[0]?.steps.find(step => !ends.has(step))
  const stopped = all.some(({exitCode: ended}) => ended !== exitCode.good)
  if (stopped || next === undefined) {
    // What stopped the run is in the journal, or nothing did.
  } else if (cancelled) end(next, 'cancelled by the workflow before it began')
  else if (flags.own.status === 'failure') end(next, 'was not begun, since the workflow failed before it')
  const release = fact<{digest: string; path: string}>(entries, 'release')
  if (release !== undefined) handOn('GITHUB_OUTPUT', {release: release.digest, folder: release.path}, process.env)
  return undefined
})
