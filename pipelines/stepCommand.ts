// The command line of a step, the same at a shell, in the runner and in a workflow.
import {fileURLToPath} from 'node:url'
import type {Flags} from '../scripts/lib/cli/flags.ts'
import type {PipelineStep} from './pipelines.ts'

// What a step loads is no garbage: looking for some, again and again in little room, is a tenth of its start.
const roomy = '--min-semi-space-size=16'
const warmStart = new URL('../scripts/lib/startup/warmStart.mjs', import.meta.url).href

/** Program and words. The program is the Node that runs us, so that a step never meets another version. */
export function stepCommand(one: PipelineStep, run: string, flags: Flags): [string, string[]] {
  const file = fileURLToPath(new URL(`../scripts/${one.step}.ts`, import.meta.url))
  const taken = (one.takes ?? []).flatMap(name => {
    const value = flags.own[name]
    if (typeof value === 'string') return [`--${name}`, value]
    return value === true ? [`--${name}`] : []
  })
  const words = stepWords(one, {environment: flags.environment, fleetPath: flags.fleetPath, run})
  return [process.execPath, [roomy, '--import', warmStart, file, ...words, ...taken, ...(flags.json ? ['--json'] : [])]]
}

/** What follows the program's name, before the flags that were given to the pipeline. */
export function stepWords(
  {flags = []}: PipelineStep,
  {environment, fleetPath, run}: {environment: string; fleetPath: string; run: string},
): string[] {
  return ['--env', environment, '--fleet', fleetPath, '--run', run, ...flags]
}
