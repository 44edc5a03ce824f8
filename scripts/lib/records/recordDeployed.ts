// Writes into the record of a release the configuration with which it went live.

import type {Release} from '../release/release.ts'
import type {Records, ReleaseRecord} from './records.ts'

export async function recordDeployed(
  records: Records,
  release: Release,
  deployed: NonNullable<ReleaseRecord['deployed']>,
): Promise<void> {
  await records.setRelease({
    release: release.digest,
    fleet: release.fleet,
    servers: Object.fromEntries(Object.entries(release.servers).map(([name, {version}]) => [name, version])),
    placedAt: deployed.at,
    rehearsals: [],
    ...(await records.release(release.digest)),
    deployed,
  })
}
