// What an environment remembers for itself: which release is live, and what is known of each release.

import type {Contract} from '../contract/contract.ts'
import type {Fleet} from '../fleet/resolveFleet.ts'

/** Which release is live, since when, and the run that put it there. */
export interface LivePointer {
  release: string
  since: string
  run: string
  /** Set when a rollback put it there, or left it there: the release that the rollback left. */
  rolledBackFrom?: string
}

/** One rehearsal of a release and how it was judged. */
export interface RehearsalRecord {
  run: string
  at: string
  verdict: string
  ms: number
}

export interface ReleaseRecord {
  release: string
  fleet: string
  servers: Record<string, string>
  placedAt: string
  rehearsals: RehearsalRecord[]
  /** Digest of the contract of each server, as it was seen last when the release was judged good. */
  contracts?: Record<string, string>
  /** The configuration with which it was live last: a rollback restores it together with the code. */
  /** `override` is the reason given for a deploy without a passing rehearsal. */
  deployed?: {fleet: Fleet; run: string; at: string; override?: string}
  /**
   * Set when live was rolled back from it: a rollback does not choose it by itself until it is verified again. `failed`: its
   * deploy did not succeed. `reason` is one line.
   */
  rolledBack?: {run: string; at: string; failed?: boolean; reason?: string}
  /** Set once every phase passed on the live instance. */
  /** `order` grows with each release that is found good: a clock that was set back must not tell which one was the last. */
  verified?: {run: string; at: string; order?: number}
}

/** Every method that reads rejects with a `UserError` for what is there and cannot be read, or is not of its shape. */
export interface Records {
  /** Undefined when nothing is live. */
  live: () => Promise<LivePointer | undefined>
  setLive: (pointer: LivePointer) => Promise<void>
  /** Nothing is live any more. */
  clearLive: () => Promise<void>
  /** What is known of a release; undefined when nothing is. */
  release: (digest: string) => Promise<ReleaseRecord | undefined>
  setRelease: (record: ReleaseRecord) => Promise<void>
  /** Of every release, sorted by digest. */
  releases: () => Promise<ReleaseRecord[]>
  /** What a server of a release told of itself when the release was judged good. */
  contract: (release: string, server: string) => Promise<Contract | undefined>
  setContract: (release: string, contract: Contract) => Promise<void>
}
