// The command line of a program as a workflow's `run` block.

import {runVariable} from '../../scripts/lib/step/endOrphans.ts'
import {pipelineFlags} from '../chosenPipeline.ts'
import type {PipelineStep} from '../pipelines.ts'
import {stepWords} from '../stepCommand.ts'

export interface Where {
  environment: string
  /** Relative to the checkout. */
  fleetPath: string
}

/**
 * `exec`, since a cancelled workflow signals the process that it started and no child of it: SIGINT, SIGTERM 7.5 s later,
 * SIGKILL 2.5 s after that. So the program itself is signalled, and has time to stop what it started.
 */
export function commandLine(file: string, words: readonly string[] = []): string {
  return ['exec node --import ./scripts/lib/startup/warmStart.mjs', file, ...words].join(' ')
}

/** What `stepCommand` starts, with the run's name and what a person gave taken from variables, which no shell reads as code. */
export function stepLine(one: PipelineStep, where: Where, given: readonly string[] = []): string {
  const taken = (one.takes ?? []).filter(name => given.includes(name)).map(flagFromVariable)
  return commandLine(`scripts/${one.step}.ts`, [...stepWords(one, {...where, run: `"$${runVariable}"`}), ...taken])
}

/** The variable in which a flag's value reaches a step. */
export function variableOf(flag: string): string {
  return `SEAWORTHY_${flag.toUpperCase().replaceAll('-', '_')}`
}

// Left out whole where nothing was given. A flag without a value is given by any text.
function flagFromVariable(flag: string): string {
  const variable = variableOf(flag)
  if (pipelineFlags[flag as keyof typeof pipelineFlags]?.type === 'boolean') return `\${${variable}:+--${flag}}`
  return `\${${variable}:+--${flag} "$${variable}"}`
}
