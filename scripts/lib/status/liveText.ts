// One line on what is live after a rollback: the last that a person reads.
import {shortDigest} from '../release/release.ts'

export interface LiveNow {
  release: string
  /** Undefined when nothing was live before. */
  rolledBackFrom?: string | undefined
  url: string
  /** How long the rollback took. */
  ms: number
}

/** Such as `0a52fd1292e9 is live and healthy at http://localhost:8800, rolled back from 1e5adb31de75 in 2.1 s`. */
export function liveText({release, rolledBackFrom, url, ms}: LiveNow): string {
  const from =
    rolledBackFrom === undefined || rolledBackFrom === release
      ? 'started'
      : `rolled back from ${shortDigest(rolledBackFrom)}`
  return `${shortDigest(release)} is live and healthy at ${url}, ${from} in ${(ms / 1000).toFixed(1)} s`
}
