// Compares the state of a server as a backup has it with what is there now.
import {join} from 'node:path'
import {digestFile} from '../state/digestFile.ts'
import {listState} from '../state/listState.ts'
import type {Manifest} from './manifest.ts'
import type {StateChange} from './restorePlan.ts'

export interface CompareState {
  manifest: Manifest
  server: string
  /** Folder of the server's state as it is now. */
  folder: string
  signal: AbortSignal
}

export async function stateChange({manifest, server, folder, signal}: CompareState): Promise<StateChange> {
  const paths = manifest.state[server]?.paths ?? []
  const before = `environment/instances/live/state/${server}/`
  const files = new Map(manifest.entries.flatMap(one => (one.kind === 'file' ? [[one.path, one] as const] : [])))
  // Another name of a file has what the file has.
  const whole = manifest.entries.map(one => (one.kind === 'same' ? {...files.get(one.target), path: one.path} : one))
  const kept = whole.filter(({path, kind}) => path.startsWith(before) && kind !== 'folder')
  const now = new Map(listState(folder, paths).flatMap(one => (one.kind === 'folder' ? [] : [[one.path, one]])))
  let [added, changed] = [0, 0]
  for (const entry of kept) {
    const path = entry.path.slice(before.length)
    const there = now.get(path)
    now.delete(path)
    if (there === undefined) added++
    else if (entry.kind === 'link') changed += there.kind === 'link' && there.target === entry.target ? 0 : 1
    else if (entry.kind === 'file') {
      const at = join(folder, path)
      // The server may run, and take it away between two looks.
      const same = there.kind === 'file' && there.bytes === entry.bytes
      if (!same || (await digestFile(at, signal).catch(undefinedIfGone)) !== entry.sha256) changed++
    }
  }
  return {server, added, removed: now.size, changed}
}

function undefinedIfGone(thrown: unknown): undefined {
  if ((thrown as NodeJS.ErrnoException).code !== 'ENOENT') throw thrown
}
