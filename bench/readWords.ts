// Reads the command line of the bench: which measures, how many runs of each.
import {parseArgs} from 'node:util'
import {UserError} from '../scripts/lib/errors/userError.ts'

export interface Words {
  names: string[]
  /** Undefined: as many as each measure says. */
  runs: number | undefined
}

const usage = 'pnpm bench [NAME…] [--runs N]'

/** Throws a `UserError` for an unknown flag and for a number of runs that is none. */
export function readWords(argv: readonly string[]): Words {
  const {values, positionals} = parsed(argv)
  if (values.runs === undefined) return {names: positionals, runs: undefined}
  const runs = Number(values.runs)
  if (!Number.isInteger(runs) || runs < 1)
    throw new UserError(`--runs: should be a whole number of at least 1, got ${values.runs}`, usage)
  return {names: positionals, runs}
}

function parsed(argv: readonly string[]) {
  try {
    return parseArgs({args: [...argv], options: {runs: {type: 'string'}}, allowPositionals: true})
  } catch (cause) {
    throw new UserError((cause as Error).message, usage, {cause})
  }
}
