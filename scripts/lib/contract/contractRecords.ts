// What is on record of contracts when an instance is judged: that of its own release, and of the one it must be compatible with.
import {existsSync} from 'node:fs'
import {join} from 'node:path'
import type {FleetServer} from '../fleet/resolveFleet.ts'
import type {Instance} from '../instance/instance.ts'
import {shortDigest} from '../release/release.ts'
import type {ReleaseRecord, Store} from '../store/store.ts'
import {type Recorded, recordedContract} from './recordedContract.ts'

/** The release whose clients must go on working, or why there is none to compare with. */
export type EarlierRelease =
  | {release: string; which: 'live' | 'the last verified one'; servers: string[]}
  | {release: undefined; why: string}

export interface ContractRecords {
  own: (server: string) => Recorded
  earlier: () => EarlierRelease
  /** Its contract of a server; `none` also where it had no such server. */
  ofEarlier: (server: string) => Recorded
  /** What its fleet file says of a server; known once it was live. */
  settingsOfEarlier: (server: string) => FleetServer | undefined
}

export interface MakeContractRecords {
  instance: Pick<Instance, 'name' | 'release' | 'releaseFolder'>
  /** The root folder of the environment. */
  root: string
  store: Store
}

export function contractRecords({instance, root, store}: MakeContractRecords): ContractRecords {
  let known: EarlierRelease | undefined
  const earlier = () => {
    known ??= earlierRelease(instance, store)
    return known
  }
  const recordOf = (release: string | undefined) => (release === undefined ? undefined : store.record(release))
  return {
    own: server => recordedContract({server, release: instance.release, releaseFolder: instance.releaseFolder, store}),
    earlier,
    ofEarlier: server => {
      const {release} = earlier()
      if (release === undefined) return {from: 'none'}
      const folder = join(root, 'releases', shortDigest(release))
      return recordedContract({server, release, releaseFolder: existsSync(folder) ? folder : undefined, store})
    },
    settingsOfEarlier: server => recordOf(earlier().release)?.deployed?.fleet.servers.find(({name}) => name === server),
  }
}

function earlierRelease(instance: MakeContractRecords['instance'], store: Store): EarlierRelease {
  const live = store.live()
  if (live !== undefined && live.release !== instance.release)
    return described(live.release, 'live', store.record(live.release))
  // It was compared when it went live; what it must equal from then on is its own record.
  if (store.record(instance.release)?.verified !== undefined)
    return {release: undefined, why: 'this release is verified already, so nothing changes for its clients'}
  const [last] = store
    .records()
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
