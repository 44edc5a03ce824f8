// Where a run keeps its journal and reports, and how runs are named and found.
import {randomInt} from 'node:crypto'
import {join} from 'node:path'
import {namesIfThere} from '../files/ifThere.ts'

/** Folder of all runs, beside the fleet file. */
export const runsName = '.runs'

/** A name that sorts by time: `20261120-094512-staging-3f9a`. */
export function newRunName(environment: string, now: Date): string {
  const time = now.toISOString().replace(/[-:]/g, '').replace('T', '-').slice(0, 15)
  // The millisecond comes first, so that runs of the same second sort by time as well.
  const unique = now.getUTCMilliseconds() * 65 + randomInt(65)
  return `${time}-${environment}-${unique.toString(16).padStart(4, '0')}`
}

export function runFolder(fleetFolder: string, run: string): string {
  return join(fleetFolder, runsName, run)
}

export function journalPath(fleetFolder: string, run: string): string {
  return join(runFolder(fleetFolder, run), 'journal.jsonl')
}

/** Names of the runs of a checkout, newest first; of one environment when it is given. */
export function listRuns(fleetFolder: string, environment?: string): string[] {
  return namesIfThere(join(fleetFolder, runsName))
    .filter(name => /^\d{8}-\d{6}-/.test(name))
    .filter(name => environment === undefined || name.slice(16, -5) === environment)
    .sort()
    .reverse()
}
