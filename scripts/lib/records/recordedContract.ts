// The contract that is on record for a release: the committed one that it carries, or else what was observed of it.

import {type Contract, contractFormat} from '../contract/contract.ts'
import {contractPath, readContract} from '../contract/contractFile.ts'
import {explain} from '../errors/explain.ts'
import type {Records} from './records.ts'

/** Where a contract is from: `committed` belongs to the release's digest, `observed` was seen of it when it was judged. */
export type Recorded =
  | {from: 'committed' | 'observed'; contract: Contract}
  | {from: 'none'}
  /** It is there and cannot be used. */
  | {from: 'fault'; fault: string}

export interface RecordedContract {
  server: string
  release: string
  /** Undefined where the folder of the release is gone. */
  releaseFolder: string | undefined
  records: Pick<Records, 'contract'>
}

/** Never throws for what the files are like. */
export async function recordedContract({server, release, releaseFolder, records}: RecordedContract): Promise<Recorded> {
  try {
    const committed =
      releaseFolder === undefined ? undefined : readContract(contractPath(releaseFolder, server), server)
    if (committed !== undefined) return {from: 'committed', contract: committed}
    const observed = await records.contract(release, server)
    // A contract of another format was written by another version of this program, and nothing can be said of it.
    if (observed === undefined || observed.format !== contractFormat) return {from: 'none'}
    return {from: 'observed', contract: observed}
  } catch (thrown) {
    return {from: 'fault', fault: explain(thrown)}
  }
}
