// Writes into the record of a release the configuration with which it went live.
import type {Release} from './release/release.ts'
import type {ReleaseRecord, Store} from './store/store.ts'

export function recordDeployed(store: Store, release: Release, deployed: NonNullable<ReleaseRecord['deployed']>): void {
  store.setRecord({
    release: release.digest,
    fleet: release.fleet,
    servers: Object.fromEntries(Object.entries(release.servers).map(([name, {version}]) => [name, version])),
    placedAt: deployed.at,
    rehearsals: [],
    ...store.record(release.digest),
    deployed,
  })
}
