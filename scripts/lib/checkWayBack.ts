// Looks before a deploy whether there will be a way back from it: what is live now is what a rollback would go to.
import {readInstance} from './instance/savedInstance.ts'
import type {PreflightCheck} from './preflight.ts'
import {shortDigest} from './release/release.ts'
import {wholeRelease} from './release/wholeRelease.ts'
import type {Store} from './store/store.ts'

/** `override` is a person's reason to go on without a way back; it is recorded with what was found. */
export async function checkWayBack(
  {root, store}: {root: string; store: Pick<Store, 'record'>},
  override: string | undefined,
  signal: AbortSignal,
): Promise<PreflightCheck> {
  const name = 'way-back'
  const live = readInstance(root, 'live')
  if (live === undefined) return {name, verdict: 'skip', detail: 'nothing is live, so the way back is to nothing'}
  const short = shortDigest(live.release)
  const faults = await wholeRelease(live.releaseFolder, signal)
  if (store.record(live.release)?.verified === undefined) faults.push('it was never found good on live')
  if (faults.length === 0)
    return {name, verdict: 'pass', detail: `release ${short} is whole and verified: a rollback would go to it`}
  const what = `a rollback would go to release ${short}, and could not: ${faults.slice(0, 5).join('; ')}`
  if (override !== undefined && override.trim() !== '')
    return {name, verdict: 'skip', detail: `${what}; overridden: ${override}`}
  return {
    name,
    verdict: 'error',
    detail: what,
    remedy: `copy what is named from .build/releases/${short} of a checkout that built it; --override REASON goes on without a way back`,
  }
}
