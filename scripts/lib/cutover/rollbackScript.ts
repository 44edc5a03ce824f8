// Leaves beside a release that went live the script that puts it back in an emergency, and the one that chooses at a fixed place.
import {mkdirSync, readdirSync, rmSync} from 'node:fs'
import {dirname, join} from 'node:path'
import type {Changes} from '../files/changes.ts'
import {entriesIfThere, readIfThere} from '../files/ifThere.ts'
import type {Release} from '../release/release.ts'
import type {Instance} from '../target/instance.ts'
import type {RenderedFile, Target} from '../target/target.ts'

type Scripts = Pick<Target, 'rollbackScript' | 'environmentScript' | 'renewedRollbackScript'>

export interface WriteRollbackScript {
  instance: Instance
  release: Release
  /** A target that can be changed without Node renders the script, last, and what lies beside it; others have none. */
  target: Scripts
  changes: Changes
}

/**
 * Gives the path of the script, undefined when the target has none. The script names the folder of its data, which is
 * another one for other data: a kill in between leaves the earlier script with its own.
 */
export function writeRollbackScript({instance, release, target, changes}: WriteRollbackScript): string | undefined {
  const files = target.rollbackScript?.(instance, release) ?? []
  const script = files.at(-1)
  if (script === undefined) return undefined
  for (const {path, text, mode} of files) changes.write(path, text, mode)
  removeEarlier(join(dirname(script.path), 'rollback'), files)
  renewRollbackScripts(dirname(dirname(instance.folder)), target, changes)
  return script.path
}

/**
 * Writes the script of the environment, and what an earlier version of Seaworthy left beside other releases as this version
 * writes it, so that all of them keep the same records. Files that are as they should be are left alone.
 */
export function renewRollbackScripts(root: string, target: Scripts, changes: Changes): void {
  const own = target.environmentScript?.(root)
  if (own !== undefined) writeIfOther(own, changes)
  const releases = join(root, 'releases')
  for (const {name} of entriesIfThere(releases).filter(entry => entry.isDirectory())) {
    const path = join(releases, name, 'rollback.sh')
    const text = target.renewedRollbackScript?.(readIfThere(path) ?? '')
    if (text !== undefined) writeIfOther({path, text, mode: 0o700}, changes)
  }
}

function writeIfOther({path, text, mode}: RenderedFile, changes: Changes): void {
  if (readIfThere(path) !== text) changes.write(path, text, mode)
}

function removeEarlier(folder: string, files: readonly RenderedFile[]): void {
  mkdirSync(folder, {recursive: true})
  for (const name of readdirSync(folder)) {
    const path = join(folder, name)
    if (!files.some(file => file.path.startsWith(`${path}/`))) rmSync(path, {recursive: true, force: true})
  }
}
