/**
 * How much of a run is our own: its wall time less the longest chain of what it waited for.
 *
 * **Wall** is the time of `node pipelines/run.ts staging` from before the process is made until it has ended.
 *
 * **Waited for**, each taken from the run's journal:
 * - the start of a server: the value of `deploy/ready`, from its start command until all health levels passed; in the drill
 *   the time of `drill.changed`, which holds the same;
 * - a command for a server (`stop memory`): its `ms`. Commands for the ingress do not count, since the ingress is ours;
 * - an observation of a server by a phase: only the requests that it made (those one after another added, of those at the
 *   same time the longest) and the declared steady time, at most the time that the observation took;
 * - an observation of a phase that does nothing but ask, such as `protocol`: all of it, our client's part included;
 * - the drain of an old instance until its clients end or its declared time is over, and the declared second for which the
 *   held clients are watched after the drill's last change;
 * - the opening and the ending of those held clients, less the processor time that our process took for it.
 *
 * **The longest chain** is the set of these spans, no two at the same time, that adds up to the most. What runs in parallel
 * is thus counted once, with its longest member, even where waiting for a slower start in between took longer.
 *
 * **Our own** is therefore all else: the start of the runner and of every step's process, reading and checking the fleet
 * file, looking at what is built, planning, placing, looking at processes, the ingress, journaling, evaluation, reports, pauses
 * between health checks beyond the declared steady time. Where the fleet's servers and our steps share a CPU, the time that a
 * request waits for our own event loop is in the request's time and thus not ours; this is the one kindness in it.
 *
 * A command that is not journaled counts as ours: npm in a build that is not warm would, so a run that built anything is
 * refused.
 */
import type {Entry} from '../../scripts/lib/journal/entry.ts'
import {entriesOf} from '../../scripts/lib/journal/facts.ts'
import {childSpans} from './childSpans.ts'
import {type Chain, longestChain} from './longestChain.ts'

export interface Overhead {
  ownMs: number
  chain: Chain
}

/** Throws if the run was not warm, or if the journal has more waiting than wall time. */
export function overhead(wallMs: number, entries: readonly Entry[]): Overhead {
  const built = entriesOf(entries, 'release').find(({event}) => event === 'built')
  if (!built?.detail?.startsWith('nothing built'))
    throw new Error(`the run should have built nothing, got: ${built?.detail ?? 'no release'}`)
  const chain = longestChain(childSpans(entries))
  const ownMs = wallMs - chain.waitMs
  if (ownMs < 0) throw new Error(`the journal tells of ${chain.waitMs} ms of waiting in a run of ${wallMs} ms`)
  return {ownMs, chain}
}
