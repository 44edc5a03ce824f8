// Which pipeline is meant: --apply turns a rehearsal into a deploy, --dry-run and DRY_RUN a deploy into a rehearsal.

import {UserError} from '../scripts/lib/errors/userError.ts'
import type {Variables} from '../scripts/lib/fleet/variables.ts'

export const pipelineFlags = {
  apply: {type: 'boolean'},
  'dry-run': {type: 'boolean'},
  fresh: {type: 'boolean'},
  'keep-going': {type: 'boolean'},
  override: {type: 'string'},
  quick: {type: 'boolean'},
  reason: {type: 'string'},
  to: {type: 'string'},
  wait: {type: 'string'},
} as const

/** `asked` is the name at the command line; unknown names are given back as they are. Throws a `UserError` on a contradiction. */
export function chosenPipeline(asked: string, own: Readonly<Record<string, unknown>>, variables: Variables): string {
  const dry = own['dry-run'] === true || isOn(variables.DRY_RUN)
  const applies = own.apply === true
  if (dry && applies)
    throw new UserError(
      '--apply changes live, and a dry run does not',
      'leave one of them out (DRY_RUN counts as well)',
    )
  if (asked === 'staging' && applies) return 'production'
  return asked === 'production' && dry ? 'staging' : asked
}

// `DRY_RUN=false` in a workflow file means no dry run; anything unclear is refused rather than guessed.
function isOn(value: string | undefined): boolean {
  if (value === undefined || value === '' || value === '0' || value === 'false') return false
  if (value === '1' || value === 'true') return true
  throw new UserError(`DRY_RUN: should be true or false, got ${value}`, 'unset it, or set it to true')
}
