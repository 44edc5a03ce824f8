// Which backups may go, and their removal; the only one that can be restored never does.

import {rmSync} from 'node:fs'
import {hostname} from 'node:os'
import type {Documents} from '../records/documents.ts'
import {digestFile} from '../state/digestFile.ts'
import {type IndexedBackup, isBeforeRestore, isThere, readIndex, writeIndex} from './backupIndex.ts'

/**
 * How long backups are kept: the newest `count` at the most, and none older than `days`. Those that restores made are
 * counted apart, so that a row of restores does not push out what they went back to.
 */
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
  const newest = [true, false].flatMap(which => backups.filter(one => isBeforeRestore(one) === which).slice(-count))
  const isKept = (backup: IndexedBackup) =>
    newest.includes(backup) && now.getTime() - Date.parse(backup.at) <= days * dayMs
  return {kept: backups.filter(isKept), due: backups.filter(backup => !isKept(backup))}
}

/**
 * Removes what is due and gives it. Before anything goes, one backup that stays is read again; when none of them is
 * whole, the newest whole one of those that are due stays as well. Those of other hosts are left alone.
 */
export async function applyRetention(
  documents: Documents,
  retention: Retention,
  now: Date,
  signal: AbortSignal,
): Promise<IndexedBackup[]> {
  const all = await readIndex(documents)
  const here = all.filter(backup => backup.host === hostname())
  const {kept, due} = splitByAge(here.filter(isThere), retention, now)
  const good = await newestWhole(due, kept, signal)
  // Where none is whole, none is less worth keeping than another.
  const going = good === undefined ? [] : due.filter(backup => backup !== good)
  for (const {path} of going) rmSync(path, {force: true})
  await writeIndex(
    documents,
    all.filter(backup => backup.host !== hostname() || (isThere(backup) && !going.includes(backup))),
  )
  return going
}

async function newestWhole(
  due: readonly IndexedBackup[],
  kept: readonly IndexedBackup[],
  signal: AbortSignal,
): Promise<IndexedBackup | undefined> {
  // What a restore replaced may be broken, though its backup is whole.
  const wanted = [...kept.toReversed(), ...due.toReversed()]
  const replaced = wanted.filter(isBeforeRestore)
  for (const backup of [...wanted.filter(one => !replaced.includes(one)), ...replaced])
    if ((await digestFile(backup.path, signal).catch(() => undefined)) === backup.sha256) return backup
  return undefined
}
