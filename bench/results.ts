// The results of a whole bench as they are kept: what was measured, when, on which machine and at which commit.
import {execFileSync} from 'node:child_process'
import {availableParallelism, cpus, totalmem} from 'node:os'
import {version} from '../scripts/lib/text/version.ts'
import type {FigureResult} from './figureResult.ts'

/** Raised when the meaning of a key changes. */
const resultsSchema = 1

export interface Machine {
  cpus: number
  cpuModel: string
  memoryMegabytes: number
  platform: string
  node: string
}

export interface Results {
  schema: typeof resultsSchema
  /** ISO 8601, UTC: when the bench began. */
  date: string
  version: string
  /** Short hash; a + says that files were changed since. Absent outside a checkout. */
  commit?: string
  machine: Machine
  measures: FigureResult[]
}

export function resultsOf(began: Date, folder: string, measures: FigureResult[]): Results {
  return {
    schema: resultsSchema,
    date: began.toISOString(),
    version: version(),
    commit: commitOf(folder),
    machine: machine(),
    measures,
  }
}

export function machine(): Machine {
  return {
    cpus: availableParallelism(),
    cpuModel: cpus()[0]?.model ?? 'unknown',
    memoryMegabytes: Math.round(totalmem() / 1_048_576),
    platform: `${process.platform}-${process.arch}`,
    node: process.version,
  }
}

function commitOf(folder: string): string | undefined {
  try {
    const git = (...words: string[]) =>
      execFileSync('git', words, {cwd: folder, encoding: 'utf8', stdio: 'pipe'}).trim()
    return `${git('rev-parse', '--short', 'HEAD')}${git('status', '--porcelain') === '' ? '' : '+'}`
  } catch {
    return undefined
  }
}
