// Removes what live deploys leave behind: ended copies, earlier releases, built parts, old runs, files of killed writers.
import {statSync} from 'node:fs'
import {join, relative} from 'node:path'
import {explain} from '../errors/explain.ts'
import {namesIfThere} from '../files/ifThere.ts'
import {removeAbandoned} from '../files/partialFolders.ts'
import {listRuns} from '../journal/runFolder.ts'
import type {StepContext} from '../step/step.ts'
import {dueOf, type Kept} from './dueOf.ts'
import {isPinned, pinsOf} from './pins.ts'
import {removeFolder} from './removeFolder.ts'
import {removeLeftFiles} from './removeLeftFiles.ts'

/** Newest ones of each kind that are kept, in addition to those in use. */
export const keptCounts = {copies: 3, releases: 5, artifacts: 3, runs: 50} as const

type Tidy = Pick<StepContext, 'fleet' | 'run' | 'record' | 'say' | 'records' | 'documents' | 'changes'>

/** Never throws: a failed removal is reported, and changes no verdict. */
export async function tidyLive(context: Tidy): Promise<void> {
  try {
    const found = await due(context)
    const bytes = found.reduce((sum, one) => sum + remove(one, context), 0)
    if (found.length > 0)
      context.say(`  removed ${found.length} old folders, ${(bytes / 1e6).toFixed(1)} MB became free`)
    removeLeftFiles(context.fleet.root)
  } catch (thrown) {
    failed('what earlier deploys left', thrown, context)
  }
}

interface Due {
  what: keyof typeof keptCounts
  path: string
}

async function due({fleet: {root, folder, environment}, run, records, documents}: Tidy): Promise<Due[]> {
  const pins = await pinsOf(root, {records, documents})
  const nowMs = Date.now()
  const [copies, releases] = [join(root, 'instances', 'live', 'copies'), join(root, 'releases')]
  const [built, artifacts] = [join(folder, '.build', 'releases'), join(folder, '.build', 'artifacts')]
  for (const parent of [copies, releases, built, artifacts])
    if (namesIfThere(parent).length > 0) removeAbandoned(parent)
  const pinned = (path: string) => isPinned(path, pins)
  const oldRuns = listRuns(folder, environment)
    .slice(keptCounts.runs)
    .filter(name => name !== run && !pins.runs.includes(name))
    .map(name => folderOf(join(folder, '.runs', name), 'runs'))
  return [
    // A copy is named for its server and its own name.
    ...of(
      'copies',
      foldersIn(copies, name => name.split('.')[0] ?? name),
      pinned,
      nowMs,
    ),
    ...of(
      'releases',
      foldersIn(releases, () => 'releases'),
      pinned,
      nowMs,
    ),
    ...of(
      'releases',
      foldersIn(built, () => 'built'),
      pinned,
      nowMs,
    ),
    ...of(
      'artifacts',
      foldersIn(artifacts, name => name.replace(/-[0-9a-f]+$/, '')),
      () => false,
      nowMs,
    ),
    ...dueOf(oldRuns, 0, () => false, nowMs).map(({path}) => ({what: 'runs' as const, path})),
  ]
}

function of(what: Due['what'], all: readonly Kept[], pinned: (path: string) => boolean, nowMs: number): Due[] {
  return dueOf(all, keptCounts[what], pinned, nowMs).map(({path}) => ({what, path}))
}

function remove({what, path}: Due, context: Tidy): number {
  const {fleet, record, changes} = context
  const shown = relative(path.startsWith(`${fleet.root}/`) ? fleet.root : fleet.folder, path)
  try {
    changes.assert()
    const {bytes} = removeFolder(path)
    record({type: 'fact', name: 'cleanup.removed', value: {what, path: shown, bytes}})
    return bytes
  } catch (thrown) {
    failed(shown, thrown, context)
    return 0
  }
}

function failed(path: string, thrown: unknown, {record, say}: Tidy): void {
  const why = explain(thrown).split('\n')[0]
  say(`  could not remove ${path}: ${why}`)
  record({type: 'fact', name: 'cleanup.failed', value: {path, why}})
}

function foldersIn(parent: string, groupOf: (name: string) => string): Kept[] {
  const names = namesIfThere(parent).filter(name => !name.startsWith('.'))
  return names.map(name => folderOf(join(parent, name), groupOf(name)))
}

function folderOf(path: string, group: string): Kept {
  return {path, group, changedMs: statSync(path).mtimeMs}
}
