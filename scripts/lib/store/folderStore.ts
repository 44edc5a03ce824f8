// The store of an environment on a host: JSON files in its root folder, each replaced in one move.
import {existsSync, readdirSync, readFileSync} from 'node:fs'
import {join} from 'node:path'
import {type Changes, unguarded} from '../changes.ts'
import {contractPath, contractText, parseContract} from '../contract/contractFile.ts'
import {readJson} from '../readJson.ts'
import type {LivePointer, ReleaseRecord, Store} from './store.ts'

const restore = 'it was changed by hand; restore it from a backup'

/** Every method that sets or clears something does it by `changes`. */
export function folderStore(root: string, {write, remove}: Changes = unguarded): Store {
  const pointerPath = join(root, 'live.json')
  const recordsFolder = join(root, 'records')
  const recordPath = (release: string) => join(recordsFolder, `${release}.json`)
  const record = (release: string) => readJson<ReleaseRecord>(recordPath(release), 'the record of a release', restore)
  return {
    live: () => readJson<LivePointer>(pointerPath, 'the live pointer', restore),
    setLive: pointer => write(pointerPath, json(pointer)),
    clearLive: () => remove(pointerPath),
    record,
    setRecord: value => write(recordPath(value.release), json(value)),
    contract: (release, server) => {
      const path = contractPath(join(recordsFolder, release), server)
      return existsSync(path) ? parseContract(readFileSync(path, 'utf8'), path, server) : undefined
    },
    setContract: (release, contract) =>
      write(contractPath(join(recordsFolder, release), contract.server), contractText(contract)),
    records: () => names(recordsFolder).flatMap(name => record(name.replace(/\.json$/, '')) ?? []),
  }
}

function names(folder: string): string[] {
  try {
    return readdirSync(folder).filter(name => name.endsWith('.json'))
  } catch {
    return []
  }
}

function json(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`
}
