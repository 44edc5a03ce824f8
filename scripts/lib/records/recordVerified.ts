// Writes into the record of a release that every phase passed on live: from now on a rollback may go back to it.
import type {Records, ReleaseRecord} from './records.ts'

/** `contracts` are digests by server, as the run saw them on live; those that it did not see stay as they are on record. */
export async function recordVerified(
  records: Records,
  release: string,
  verified: NonNullable<ReleaseRecord['verified']>,
  contracts: Record<string, string> = {},
): Promise<void> {
  const known = await records.release(release)
  if (known === undefined) throw new Error(`release ${release} went live without a record`)
  const orders = (await records.releases()).map(record => record.verified?.order ?? 0)
  await records.setRelease({
    ...known,
    contracts: {...known.contracts, ...contracts},
    verified: {...verified, order: Math.max(0, ...orders) + 1},
    rolledBack: undefined,
  })
}
