// Looks before a deploy whether there will be a way back from it: what is live now is what a rollback would go to.

import {readInstance} from '../instance/savedInstance.ts'
import type {PreflightCheck} from '../preflight/preflight.ts'
import type {Documents} from '../records/documents.ts'
import type {Records} from '../records/records.ts'
import {shortDigest} from '../release/release.ts'
import {wholeRelease} from '../release/wholeRelease.ts'
import {newestVerified} from './earlierRelease.ts'

const name = 'way-back'

/**
 * A live release that is damaged is no reason to stay with it: the deploy is the way away from it, and goes on with what is
 * said here. One that was never verified stops it; `override` is a person's reason to go on, recorded with what was found.
 */
export async function checkWayBack(
  {root, records, documents}: {root: string; records: Pick<Records, 'release' | 'releases'>; documents: Documents},
  override: string | undefined,
  signal: AbortSignal,
): Promise<PreflightCheck> {
  const live = await readInstance(documents, root, 'live')
  if (live === undefined) return {name, verdict: 'skip', detail: 'nothing is live, so the way back is to nothing'}
  const short = shortDigest(live.release)
  const faults = await wholeRelease(live.releaseFolder, signal)
  if ((await records.release(live.release))?.verified !== undefined) {
    if (faults.length === 0)
      return {name, verdict: 'pass', detail: `release ${short} is whole and verified: a rollback would go to it`}
    return {name, verdict: 'skip', detail: `${damaged(short, faults)}; ${await otherWay(records, live.release)}`}
  }
  const what = `a rollback would go to release ${short}, which was never verified on live`
  if (override !== undefined && override.trim() !== '')
    return {name, verdict: 'skip', detail: `${what}; overridden: ${override}`}
  const remedy = `go to a verified release first: sh ${root}/rollback.sh; --override REASON goes on without a way back`
  return {name, verdict: 'error', detail: what, remedy}
}

function damaged(short: string, faults: readonly string[]): string {
  return `release ${short} is live and not whole, so a server of it that ends may not start again: ${faults.slice(0, 5).join('; ')}`
}

async function otherWay(records: Pick<Records, 'releases'>, live: string): Promise<string> {
  const other = newestVerified(await records.releases()).find(
    ({release, rolledBack}) => release !== live && rolledBack === undefined,
  )
  return other === undefined
    ? 'no other release is verified, so there is no sure way back from this deploy'
    : `what cannot go back to it can go back to ${shortDigest(other.release)}`
}
