// What a median is held against: a constant, a multiple of the peer's median, or both.

export type Limit = {
  /** Added to the constant, times the median of the first peer. */
  timesPeer?: number
} & ({atMost: number} | {atLeast: number})

export interface Bound {
  bound: 'at most' | 'at least'
  value: number
  /** How the value came about, where a peer had a part in it. */
  formula?: string
}

/** The limit as a number. Throws when it needs a peer and none was measured. */
export function boundOf(limit: Limit, peerMedian: number | undefined): Bound {
  const bound = 'atMost' in limit ? 'at most' : 'at least'
  const constant = 'atMost' in limit ? limit.atMost : limit.atLeast
  if (limit.timesPeer === undefined) return {bound, value: constant}
  if (peerMedian === undefined) throw new Error('the limit refers to a peer, but no peer was measured')
  const product = `${limit.timesPeer} × peer`
  return {
    bound,
    value: constant + limit.timesPeer * peerMedian,
    formula: constant === 0 ? product : `${product} + ${constant}`,
  }
}

export function holds({bound, value}: Bound, median: number): boolean {
  return bound === 'at most' ? median <= value : median >= value
}
