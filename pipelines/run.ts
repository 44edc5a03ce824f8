// Runs a pipeline: every step as a process of its own, shown by listr2, judged by its journal.
import {dirname, resolve} from 'node:path'
import {styleText} from 'node:util'
import {exitCode} from '../scripts/lib/exitCode.ts'
import {type Flags, readFlags} from '../scripts/lib/flags.ts'
import {fleetName} from '../scripts/lib/fleet/readFleet.ts'
import {beginRun} from '../scripts/lib/journal/beginRun.ts'
import {nearest} from '../scripts/lib/nearest.ts'
import {program} from '../scripts/lib/program.ts'
import {journalPath, newRunName} from '../scripts/lib/runFolder.ts'
import {UserError} from '../scripts/lib/userError.ts'
import {chosenPipeline, pipelineFlags as own} from './chosenPipeline.ts'
import {type Pipeline, pipelines} from './pipelines.ts'
import {runSteps} from './runSteps.ts'

await program(async () => {
  const flags = readFlags(process.argv.slice(2), process.env, own, 9)
  const [asked = '', ...more] = flags.words
  const name = chosenPipeline(asked, flags.own, process.env)
  const known = Object.keys(pipelines)
  if (!known.includes(name))
    throw new UserError(
      name === '' ? 'name a pipeline' : `there is no pipeline ${name}`,
      `${nearest(name, known)}known: ${known.join(', ')}`,
    )
  refuse(more, flags)
  const pipeline: Pipeline = pipelines[name as keyof typeof pipelines]
  const folder = dirname(resolve(flags.fleetPath))
  const run = newRunName(flags.environment, new Date())
  const journal = journalPath(folder, run)
  const steps = [...pipeline.steps, ...pipeline.always].map(({step}) => step)
  // No secret is known here, and none is written: the names of steps and of the machine are all that this entry holds.
  beginRun(journal, value => value, {
    run,
    pipeline: name,
    fleet: fleetName(flags.fleetPath),
    environment: flags.environment,
    steps,
  })
  if (!flags.json) console.log(`${styleText('bold', pipeline.title)}  ${flags.environment} · run ${run}`)
  const code = await runSteps({pipeline, run, journal, flags})
  return code === undefined ? exitCode.unjudged : code
})

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
