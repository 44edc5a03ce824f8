// Writes into the record of a release that every phase passed on live: from now on a rollback may go back to it.
import type {ReleaseRecord, Store} from './store/store.ts'

/** `contracts` are digests by server, as the run saw them on live; those that it did not see stay as they are on record. */
export function recordVerified(
  store: Store,
  release: string,
  verified: NonNullable<ReleaseRecord['verified']>,
  contracts: Record<string, string> = {},
): void {
  const known = store.record(release)
  if (known === undefined) throw new Error(`release ${release} went live without a record`)
  const orders = store.records().map(record => record.verified?.order ?? 0)
  store.setRecord({
    ...known,
    contracts: {...known.contracts, ...contracts},
    verified: {...verified, order: Math.max(0, ...orders) + 1},
    rolledBack: undefined,
  })
}
