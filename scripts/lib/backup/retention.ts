// Which backups may go, and their removal; the only one that can be restored never does.
import {rmSync} from 'node:fs'
import {hostname} from 'node:os'
import {type IndexedBackup, isThere, readIndex, writeIndex} from './backupIndex.ts'

import {digestFile} from './digestFile.ts'

/** How long backups are kept: the newest `count` at the most, and none older than `days`. */
export interface Retention {
  count: number
  days: number
}

const dayMs = 86_400_000

/** `backups` in the order in which they were made, which a clock that was set back does not change. */
export function splitByAge(
  backups: readonly IndexedBackup[],
  {count, days}: Retention,
  now: Date,
): {kept: IndexedBackup[]; due: IndexedBackup[]} {
  const isKept = (backup: IndexedBackup, index: number) =>
    index >= backups.length - count && now.getTime() - Date.parse(backup.at) <= days * dayMs
  return {kept: backups.filter(isKept), due: backups.filter((backup, index) => !isKept(backup, index))}
}

/**
 * Removes what is due and gives it. Before anything goes, one backup that stays is read again; when none of them is
 * whole, the newest whole one of those that are due stays as well. Those of other hosts are left alone.
 */
export async function applyRetention(
  root: string,
  retention: Retention,
  now: Date,
  signal: AbortSignal,
): Promise<IndexedBackup[]> {
  const all = readIndex(root)
  const here = all.filter(backup => backup.host === hostname())
  const {kept, due} = splitByAge(here.filter(isThere), retention, now)
  const good = await newestWhole(due, kept, signal)
  // Where none is whole, none is less worth keeping than another.
  const going = good === undefined ? [] : due.filter(backup => backup !== good)
  for (const {path} of going) rmSync(path, {force: true})
  writeIndex(
    root,
    all.filter(backup => backup.host !== hostname() || (isThere(backup) && !going.includes(backup))),
  )
  return going
}

async function newestWhole(
  due: readonly IndexedBackup[],
  kept: readonly IndexedBackup[],
  signal: AbortSignal,
): Promise<IndexedBackup | undefined> {
  for (const backup of [...kept.toReversed(), ...due.toReversed()])
    if ((await digestFile(backup.path, signal).catch(() => undefined)) === backup.sha256) return backup
  return undefined
}
