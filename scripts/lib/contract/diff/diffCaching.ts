// Judges how long, and for whom, clients may keep what they were told.
import {equalJson} from '../schema/equalJson.ts'
import type {Caching, Difference, Json} from '../surface.ts'
import {pointerTo} from './pointer.ts'
import {shownChange} from './shown.ts'

/** `list` as in `tools`. Rules: MCP 2026-07-28, "Caching". */
export function diffCaching(list: string, before: Caching, after: Caching): Difference[] {
  return (['ttlMs', 'cacheScope'] as const).flatMap((member): Difference[] => {
    const [was, is] = [before[member], after[member]]
    if (equalJson(was, is)) return []
    const what = `${member} of ${list} ${shownChange(was, is)}.`
    const judged = member === 'ttlMs' ? lifetime(was, is) : scope(was, is)
    return [{...judged, pointer: pointerTo('caching', list, member), what, before: was, after: is}]
  })
}

type Judged = Pick<Difference, 'kind' | 'reason'>

function lifetime(was: Json | undefined, is: Json | undefined): Judged {
  if (is === undefined) return {kind: 'unknown', reason: 'How long clients keep it is now for each of them to choose.'}
  if (typeof is !== 'number' || !(is >= 0) || !Number.isFinite(is))
    return {kind: 'breaking', reason: 'It must be a number of at least 0; clients that check results refuse this one.'}
  if (typeof was === 'number' && was < is)
    return {kind: 'compatible', reason: `After the next change clients may go on with the old list for ${is} ms.`}
  return {kind: 'compatible', reason: 'Clients may keep it no longer than before, once they have asked again.'}
}

function scope(was: Json | undefined, is: Json | undefined): Judged {
  if (is === 'private') return {kind: 'compatible', reason: 'It is kept for one client, which no client suffers from.'}
  if (is === 'public' && was === 'private')
    return {kind: 'breaking', reason: 'Shared caches may now give to one client what was told to another.'}
  return {kind: 'unknown', reason: 'Who may keep it is not said in words that clients must know.'}
}
