// How long the processes of a copy were ready to run and had to wait for a processor, since they began.
import {textIfReadable} from '../../lib/files/textIfReadable.ts'
import {hasProc, processesOf} from '../security/procFiles.ts'

/**
 * In ms, of the copy whose program has this identity (`pid@start`). Undefined where the machine does not tell: it is another
 * one, or no Linux. They may have waited one after the other, so the whole is the most by which this made a start longer.
 */
export function waitedForProcessor(identity: string | undefined): number | undefined {
  if (identity === undefined || !hasProc()) return undefined
  const waits = processesOf(identity)?.map(({pid}) => waitedMs(pid)) ?? []
  const known = waits.filter(wait => wait !== undefined)
  return waits.length > 0 && known.length === waits.length ? known.reduce((sum, wait) => sum + wait, 0) : undefined
}

// Of its first thread, on which a start runs: time on a processor, time in which it waited for one (both in ns), turns.
function waitedMs(pid: number): number | undefined {
  const [, waited] = textIfReadable(`/proc/${pid}/schedstat`)?.split(' ') ?? []
  return waited === undefined ? undefined : Math.round(Number(waited) / 1e6)
}
