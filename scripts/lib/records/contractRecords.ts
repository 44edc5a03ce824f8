// What is on record of contracts when an instance is judged: that of its own release, and of the one it must be compatible with.
import {existsSync} from 'node:fs'
import {join} from 'node:path'
import type {FleetServer} from '../fleet/resolveFleet.ts'
import {shortDigest} from '../release/release.ts'
import type {Instance} from '../target/instance.ts'
import {type Recorded, recordedContract} from './recordedContract.ts'
import type {Records, ReleaseRecord} from './records.ts'

/** The release whose clients must go on working, or why there is none to compare with. */
export type EarlierRelease =
  | {release: string; which: 'live' | 'the last verified one'; servers: string[]}
  | {release: undefined; why: string}

export interface ContractRecords {
  own: (server: string) => Promise<Recorded>
  earlier: () => Promise<EarlierRelease>
  /** Its contract of a server; `none` also where it had no such server. */
  ofEarlier: (server: string) => Promise<Recorded>
  /** What its fleet file says of a server; known once it was live. */
  settingsOfEarlier: (server: string) => Promise<FleetServer | undefined>
}

export interface MakeContractRecords {
  instance: Pick<Instance, 'name' | 'release' | 'releaseFolder'>
  /** The root folder of the environment. */
  root: string
  records: Records
}

export function contractRecords({instance, root, records}: MakeContractRecords): ContractRecords {
  let known: Promise<EarlierRelease> | undefined
  const earlier = () => {
    known ??= earlierRelease(instance, records)
    return known
  }
  return {
    own: server =>
      recordedContract({server, release: instance.release, releaseFolder: instance.releaseFolder, records}),
    earlier,
    ofEarlier: async server => {
      const {release} = await earlier()
      if (release === undefined) return {from: 'none'}
      const folder = join(root, 'releases', shortDigest(release))
      return recordedContract({server, release, releaseFolder: existsSync(folder) ? folder : undefined, records})
    },
    settingsOfEarlier: async server => {
      const {release} = await earlier()
      const record = release === undefined ? undefined : await records.release(release)
      return record?.deployed?.fleet.servers.find(({name}) => name === server)
    },
  }
}

async function earlierRelease(instance: MakeContractRecords['instance'], records: Records): Promise<EarlierRelease> {
  const live = await records.live()
  if (live !== undefined && live.release !== instance.release)
    return described(live.release, 'live', await records.release(live.release))
  // It was compared when it went live; what it must equal from then on is its own record.
  if ((await records.release(instance.release))?.verified !== undefined)
    return {release: undefined, why: 'this release is verified already, so nothing changes for its clients'}
  const [last] = (await records.releases())
    .filter(({release, verified}) => verified !== undefined && release !== instance.release)
    .sort((one, other) => (other.verified?.order ?? 0) - (one.verified?.order ?? 0))
  if (last === undefined)
    return {release: undefined, why: 'no release is live or verified here, so there is nothing to compare with'}
  return described(last.release, 'the last verified one', last)
}

function described(
  release: string,
  which: 'live' | 'the last verified one',
  record: ReleaseRecord | undefined,
): EarlierRelease {
  return {release, which, servers: Object.keys(record?.servers ?? {})}
}
