// The store of an environment on a host: JSON files in its root folder, each replaced in one move.
import {join} from 'node:path'
import {type Changes, unguarded} from '../changes.ts'
import {contractPath, contractText, parseContract} from '../contract/contractFile.ts'
import {namesIfThere, readIfThere} from '../files/ifThere.ts'
import {readJson} from '../readJson.ts'
import type {LivePointer, ReleaseRecord, Store} from './store.ts'
import {pointerShape, recordShape} from './storeShape.ts'

/** Every method that sets or clears something does it by `changes`. */
export function folderStore(root: string, {write, remove}: Changes = unguarded): Store {
  const pointerPath = join(root, 'live.json')
  const recordsFolder = join(root, 'records')
  const recordPath = (release: string) => join(recordsFolder, `${release}.json`)
  const record = (release: string) =>
    readJson<ReleaseRecord>({
      path: recordPath(release),
      what: 'the record of a release',
      shape: recordShape,
      faultOf: (found: ReleaseRecord) => (found.release === release ? undefined : `but it is of ${found.release}`),
      remedy: `rm -r ${recordPath(release)}: the release is then one that was never rehearsed; sh ${root}/rollback.sh works without it`,
    })
  return {
    live: () =>
      readJson<LivePointer>({
        path: pointerPath,
        what: 'the live pointer',
        shape: pointerShape,
        remedy: `sh ${root}/rollback.sh needs none of it: it puts a release back, and writes it again`,
      }),
    setLive: pointer => write(pointerPath, json(pointer)),
    clearLive: () => remove(pointerPath),
    record,
    setRecord: value => write(recordPath(value.release), json(value)),
    contract: (release, server) => {
      const path = contractPath(join(recordsFolder, release), server)
      const text = readIfThere(path)
      return text === undefined ? undefined : parseContract(text, path, server)
    },
    setContract: (release, contract) =>
      write(contractPath(join(recordsFolder, release), contract.server), contractText(contract)),
    records: () => recordNames(recordsFolder).flatMap(name => record(name.replace(/\.json$/, '')) ?? []),
  }
}

function recordNames(folder: string): string[] {
  return namesIfThere(folder).filter(name => name.endsWith('.json'))
}

function json(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`
}
