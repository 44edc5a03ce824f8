// Writes into the record of a release that every phase passed on live: from now on a rollback may go back to it.
import type {ReleaseRecord, Store} from './store/store.ts'

export function recordVerified(store: Store, release: string, verified: NonNullable<ReleaseRecord['verified']>): void {
  const known = store.record(release)
  if (known === undefined) throw new Error(`release ${release} went live without a record`)
  const orders = store.records().map(record => record.verified?.order ?? 0)
  store.setRecord({...known, verified: {...verified, order: Math.max(0, ...orders) + 1}, rolledBack: undefined})
}
