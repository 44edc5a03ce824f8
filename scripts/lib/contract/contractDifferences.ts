// Compares two contracts view by view; a difference that several views share is told once, with their names.
import {type Contract, refused, surfaceOf} from './contract.ts'
import {diffSurfaces} from './diffSurfaces.ts'
import type {Difference} from './surface.ts'

export interface ContractDifference extends Difference {
  /** The views that have it, in order. */
  views: string[]
}

/** `before` is what clients know, `after` what they find. Breaking ones first, then unknown, then compatible. */
export function contractDifferences(before: Contract, after: Contract): ContractDifference[] {
  const found = new Map<string, ContractDifference>()
  const pairs = new Map<string, Difference[]>()
  const views = [...new Set([...Object.keys(before.views), ...Object.keys(after.views)])].sort()
  for (const view of views) {
    // Views with the same two surfaces differ in the same way.
    const pair = JSON.stringify([before.views[view], after.views[view]])
    const differences = pairs.get(pair) ?? differencesOf(surfaceOf(before, view), surfaceOf(after, view))
    pairs.set(pair, differences)
    for (const difference of differences) {
      const key = JSON.stringify(difference)
      const known = found.get(key)
      if (known === undefined) found.set(key, {...difference, views: [view]})
      else known.views.push(view)
    }
  }
  const rank = {breaking: 0, unknown: 1, compatible: 2} as const
  return [...found.values()].sort((one, other) => rank[one.kind] - rank[other.kind])
}

type Side = ReturnType<typeof surfaceOf>

function differencesOf(before: Side, after: Side): Difference[] {
  const whole = (kind: Difference['kind'], what: string, reason: string): Difference[] => [
    {kind, pointer: '', what, reason, before: told(before), after: told(after)},
  ]
  if (before === undefined && after === undefined) return []
  if (before === undefined)
    return whole('compatible', 'This view is offered now.', 'Its clients find a contract where there was none.')
  if (after === undefined)
    return whole('breaking', 'This view is not offered any more.', 'Its clients have no contract.')
  if (before === refused && after === refused) return []
  if (after === refused) return whole('breaking', 'Such clients are refused now.', 'They were served before.')
  if (before === refused)
    return whole(
      'unknown',
      'Such clients are not refused any more.',
      'No client breaks, but a door that was closed is open.',
    )
  return diffSurfaces(before, after)
}

function told(side: Side): string {
  return side === undefined ? 'not offered' : side === refused ? refused : 'a contract'
}
