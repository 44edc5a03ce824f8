// The batches in which servers change: after what they depend on, and live ones a canary first, then growing numbers.
import type {Rollout} from '../fleet/schema.ts'
import type {ServerChange, Transition} from './transition.ts'

/** Without a rollout every server that may change at the same time does. What was changed before a kill is left out. */
export function changeBatches({to, changes, stages}: Transition, rollout: Rollout | undefined): ServerChange[][] {
  const isDue = ({server, kind}: ServerChange) =>
    kind === 'keep' || stages[server] === 'waiting' || stages[server] === 'held'
  const known = to?.batches ?? []
  const inOrder = known.map(names => names.flatMap(name => changes.find(change => change.server === name) ?? []))
  const rest = changes.filter(change => !known.flat().includes(change.server))
  const batches = [...inOrder, rest].map(batch => batch.filter(isDue)).filter(batch => batch.length > 0)
  return rollout === undefined ? batches : growing(batches, rollout)
}

// The size grows over the whole change, not again with each group of servers that depend on others.
function growing(batches: readonly ServerChange[][], {canary, growth}: Rollout): ServerChange[][] {
  const pieces: ServerChange[][] = []
  let size = canary
  for (const batch of batches) {
    // A server that is kept is no risk and takes no place.
    const kept = batch.filter(change => change.kind === 'keep')
    if (kept.length > 0) pieces.push(kept)
    const due = batch.filter(change => change.kind !== 'keep')
    for (let begin = 0; begin < due.length; ) {
      pieces.push(due.slice(begin, begin + Math.floor(size)))
      begin += Math.floor(size)
      size *= growth
    }
  }
  return pieces
}
