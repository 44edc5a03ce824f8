// What would refuse a deploy whatever is built, so that it can be said in a second, before the build and the backup.
import type {PreflightCheck} from '../preflight/preflight.ts'
import type {ReleaseRecord} from '../records/records.ts'

export interface EarlyRefusals {
  fleet: string
  /** The releases' records in every environment of the fleet that can be read. */
  records: readonly ReleaseRecord[]
  /** Environments whose records are in a place that is not known here: it may be there that it was rehearsed. */
  unknown: readonly string[]
  /** A person's reason to go on without a rehearsal. */
  override: string | undefined
}

/** Promotion is by digest, which only the build gives; but where nothing passed, nothing that is built can have. */
export function checkRehearsed({fleet, records, unknown, override}: EarlyRefusals): PreflightCheck {
  const name = 'rehearsed'
  const rehearsals = records.flatMap(record => record.rehearsals)
  const passed = rehearsals.filter(({verdict}) => verdict === 'pass').length
  if (passed > 0 || unknown.length > 0)
    return {name, verdict: 'pass', detail: 'the release that is built must be one that passed a rehearsal'}
  const what =
    rehearsals.length === 0
      ? `no release of ${fleet} was ever rehearsed`
      : `no release of ${fleet} has passed a rehearsal, of ${rehearsals.length} that ended`
  if (override !== undefined && override.trim() !== '')
    return {name, verdict: 'skip', detail: `${what}; overridden: ${override}`}
  return {name, verdict: 'error', detail: what, remedy: rehearseFirst}
}

export const rehearseFirst =
  'rehearse it: pnpm deploy:staging, or add --dry-run here; --override REASON deploys without a rehearsal'

/** `begun` is who left a change of live unfinished, in words. */
export function checkUnfinished(begun: string | undefined): PreflightCheck {
  const name = 'unfinished-change'
  if (begun === undefined) return {name, verdict: 'pass', detail: 'no change of live is unfinished'}
  return {name, verdict: 'error', detail: begun, remedy: 'finish or undo it: pnpm resume'}
}
