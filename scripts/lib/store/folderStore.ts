// The store of an environment on a host: JSON files in its root folder, each replaced in one move.
import {readdirSync, readFileSync, rmSync} from 'node:fs'
import {join} from 'node:path'
import {UserError} from '../userError.ts'
import {writeAtomically} from '../writeAtomically.ts'
import type {LivePointer, ReleaseRecord, Store} from './store.ts'

export function folderStore(root: string): Store {
  const pointerPath = join(root, 'live.json')
  const recordsFolder = join(root, 'records')
  const recordPath = (release: string) => join(recordsFolder, `${release}.json`)
  const record = (release: string) => readJson<ReleaseRecord>(recordPath(release))
  return {
    live: () => readJson<LivePointer>(pointerPath),
    setLive: pointer => writeAtomically(pointerPath, json(pointer)),
    clearLive: () => rmSync(pointerPath, {force: true}),
    record,
    setRecord: value => writeAtomically(recordPath(value.release), json(value)),
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

function readJson<Value>(path: string): Value | undefined {
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch (error) {
    // What cannot be read is still there: taking it for nothing would let a change begin on top of it.
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
    return undefined
  }
  try {
    return JSON.parse(text) as Value
  } catch (cause) {
    throw new UserError(
      `${path}: should be JSON, got ${text.slice(0, 40)}`,
      'it was changed by hand; restore it from a backup',
      {cause},
    )
  }
}

function json(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`
}
