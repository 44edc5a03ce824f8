// Ends a run whose steps a workflow played: says how it went, with the exit code that the runner would give.
import {dirname, resolve} from 'node:path'
import {readFlags} from '../scripts/lib/cli/flags.ts'
import {program} from '../scripts/lib/cli/program.ts'
import {UserError} from '../scripts/lib/errors/userError.ts'
import {entriesOf} from '../scripts/lib/journal/facts.ts'
import {readJournal} from '../scripts/lib/journal/readJournal.ts'
import {journalPath} from '../scripts/lib/journal/runFolder.ts'
import {tellers} from '../scripts/lib/journal/tellers.ts'
import {runExitCode} from './runExitCode.ts'

await program(async () => {
  const {run, fleetPath} = readFlags(process.argv.slice(2), process.env)
  if (run === undefined) throw new UserError('--run: should name the run', 'pipelines/begin.ts hands its name on')
  const entries = readJournal(journalPath(dirname(resolve(fleetPath)), run))
  const steps = entriesOf(entries, 'step').filter(({state, step}) => state === 'finished' && !tellers.includes(step))
  const code = runExitCode({
    entries: () => entries,
    codes: steps.map(({exitCode}) => exitCode ?? 0),
    cancelled: steps.some(({cancelled}) => cancelled === true),
  })
  console.log(`run ${run} ended with exit code ${code}: see docs/exit-codes.md`)
  return code
})
