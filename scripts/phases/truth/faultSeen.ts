// What was seen of one fault: whether it took effect, who noticed, and whether the server came back.
import type {RungName} from '../../lib/mcp/ladder.ts'

export interface FaultSeen {
  name: string
  told: string
  /** The secret or the dependency that it is about. */
  subject?: string
  /** `endure`: it is to go on working without, so noticing is not the point. */
  wanted: 'notice' | 'endure'
  /** Why it was not done at all. */
  skipped?: string
  /** Why nothing can be learned from it: the copy was not healthy before, or nothing shows that the fault took effect. */
  void?: string
  /** Nothing but a deadline says that it was not healthy before. */
  late?: boolean
  /** It was not healthy at first, for this reason, and was when it was looked at again. */
  retried?: string
  /** The ladder after the fault, from the shallowest rung. */
  rungs: {name: RungName; ok: boolean; ms: number; summary: string}[]
  /** From the fault until a rung of the ladder failed; undefined when none did. */
  noticedAfterMs?: number
  /** The first declared call that failed, where the whole ladder stayed green. */
  call?: string
  /** It answered also those who did not present the secret. */
  open?: boolean
  /** From the fault, or from its end, until the ladder held again. */
  recovery?: {since: 'fault' | 'its end'; afterMs: number | undefined; waitedMs: number}
}
