// Refuses to go on when the release of a run is not the one that a person asked for.
import {dirname, resolve} from 'node:path'
import {readFlags} from '../scripts/lib/cli/flags.ts'
import {program} from '../scripts/lib/cli/program.ts'
import {exitCode} from '../scripts/lib/errors/exitCode.ts'
import {UserError} from '../scripts/lib/errors/userError.ts'
import {fact} from '../scripts/lib/journal/facts.ts'
import {readJournal} from '../scripts/lib/journal/readJournal.ts'
import {journalPath} from '../scripts/lib/journal/runFolder.ts'

const own = {release: {type: 'string'}} as const
/** As many letters of a digest as everything that names a release shows. */
const shortest = 12

await program(async () => {
  const {run, fleetPath, own: given} = readFlags(process.argv.slice(2), process.env, own)
  if (run === undefined) throw new UserError('--run: should name the run', 'pipelines/begin.ts hands its name on')
  const asked = String(given.release ?? '').trim()
  if (asked.length < shortest)
    throw new UserError(`--release: should be ${shortest} letters of a digest or more, got ${asked}`, 'pnpm releases')
  const built = fact<{digest: string}>(readJournal(journalPath(dirname(resolve(fleetPath)), run)), 'release')?.digest
  if (built?.startsWith(asked)) return undefined
  console.error(`release ${asked} was asked for, and ${built ?? 'none'} was built from this commit`)
  console.error('→ name the commit that it was built from')
  return exitCode.unjudged
})
