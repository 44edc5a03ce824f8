// The command line of a step, the same at a shell, in the runner and in a workflow.
import {fileURLToPath} from 'node:url'
import type {Flags} from '../scripts/lib/flags.ts'
import type {PipelineStep} from './pipelines.ts'

const warmStart = new URL('../scripts/lib/warmStart.ts', import.meta.url).href

/** Program and words. The program is the Node that runs us, so that a step never meets another version. */
export function stepCommand(
  {step, flags: own = [], takes = []}: PipelineStep,
  run: string,
  flags: Flags,
): [string, string[]] {
  const file = fileURLToPath(new URL(`../scripts/${step}.ts`, import.meta.url))
  const words = [
    '--import',
    warmStart,
    file,
    '--env',
    flags.environment,
    '--fleet',
    flags.fleetPath,
    '--run',
    run,
    ...own,
  ]
  for (const name of takes) {
    const value = flags.own[name]
    if (typeof value === 'string') words.push(`--${name}`, value)
    if (value === true) words.push(`--${name}`)
  }
  if (flags.json) words.push('--json')
  return [process.execPath, words]
}
