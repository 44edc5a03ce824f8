// Sends one alert, best effort: a status of success is all that is read of the answer.

import type {AlertRequest} from './alertRequest.ts'
import {NotHeard} from './told.ts'

/**
 * Throws a `NotHeard` whose message holds nothing of the address, which may be a secret itself. An answer is not read: it may
 * be of any length, and hold what was sent.
 */
export async function postAlert({url, body}: AlertRequest, deadlineMs: number, signal: AbortSignal): Promise<void> {
  const late = AbortSignal.timeout(deadlineMs)
  const response = await fetch(url, {
    method: 'POST',
    headers: {'content-type': 'application/json', connection: 'close'},
    body: JSON.stringify(body),
    // The address was given to us, not one that it leads to.
    redirect: 'manual',
    signal: AbortSignal.any([late, signal]),
  }).catch((thrown: unknown) => {
    if (late.aborted) throw new NotHeard(`no answer within ${deadlineMs} ms`, true)
    if (signal.aborted) throw new NotHeard('cancelled', true)
    const code = codeOf(thrown)
    throw new NotHeard(`no connection (${code})`, !neverSent.includes(code))
  })
  await response.body?.cancel().catch(() => undefined)
  if (!response.ok) throw new NotHeard(`HTTP status ${response.status}`, false)
}

const neverSent = ['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH']

// The code alone: messages quote the address.
function codeOf(thrown: unknown): string {
  const cause = (thrown as {cause?: {code?: unknown}}).cause
  return typeof cause?.code === 'string' && /^[A-Z0-9_]+$/.test(cause.code) ? cause.code : 'unknown reason'
}
