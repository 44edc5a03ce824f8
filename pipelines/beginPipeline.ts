// Names a run of a pipeline and writes its first entry, which says what is planned.
import {dirname, resolve} from 'node:path'
import type {Flags} from '../scripts/lib/cli/flags.ts'
import {UserError} from '../scripts/lib/errors/userError.ts'
import {fleetName} from '../scripts/lib/fleet/readFleetText.ts'
import type {Variables} from '../scripts/lib/fleet/variables.ts'
import {beginRun} from '../scripts/lib/journal/beginRun.ts'
import {journalPath, newRunName} from '../scripts/lib/journal/runFolder.ts'
import {nearest} from '../scripts/lib/text/nearest.ts'
import {chosenPipeline} from './chosenPipeline.ts'
import {type Pipeline, pipelines} from './pipelines.ts'

export interface BegunPipeline {
  name: string
  pipeline: Pipeline
  run: string
  /** Path of the journal. */
  journal: string
}

/** Throws a `UserError` for an unknown pipeline, and for flags that a pipeline cannot heed. */
export function beginPipeline(flags: Flags, variables: Variables): BegunPipeline {
  const [asked = '', ...more] = flags.words
  const name = chosenPipeline(asked, flags.own, variables)
  const known = Object.keys(pipelines)
  if (!known.includes(name))
    throw new UserError(
      name === '' ? 'name a pipeline' : `there is no pipeline ${name}`,
      `${nearest(name, known)}known: ${known.join(', ')}`,
    )
  refuse(more, flags)
  const pipeline: Pipeline = pipelines[name as keyof typeof pipelines]
  if (flags.own['keep-going'] === true && pipeline.mayKeepGoing !== true)
    throw new UserError(
      `--keep-going: the pipeline ${name} changes something, and what failed must be put back at once`,
      'leave it out, or give it to a rehearsal: pnpm deploy:staging --keep-going',
    )
  const run = newRunName(flags.environment, new Date())
  const journal = journalPath(dirname(resolve(flags.fleetPath)), run)
  // No secret is known here, and none is written: the names of steps and of the machine are all that this entry holds.
  beginRun(journal, value => value, {
    run,
    pipeline: name,
    fleet: fleetName(flags.fleetPath),
    environment: flags.environment,
    steps: [...pipeline.steps, ...pipeline.always].filter(({tells}) => tells === undefined).map(({step}) => step),
  })
  return {name, pipeline, run, journal}
}

// What would be ignored is refused: whoever wrote it meant something by it.
function refuse(more: readonly string[], {servers, phases, run}: Flags): void {
  if (more.length > 0) throw new UserError(`one pipeline at a time, got ${more.join(' ')} as well`, 'leave it out')
  const given = [servers.length > 0 && '--server', phases.length > 0 && '--phase', run !== undefined && '--run']
  const named = given.filter(flag => flag !== false)
  if (named.length > 0)
    throw new UserError(
      `${named.join(' and ')}: a pipeline runs every step on the whole fleet, in a run of its own`,
      'name servers, phases and runs to single steps: pnpm health, pnpm verify',
    )
}
