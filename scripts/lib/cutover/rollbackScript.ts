// Leaves beside a release that went live the script that puts it back in an emergency.
import {mkdirSync, readdirSync, rmSync} from 'node:fs'
import {dirname, join} from 'node:path'
import type {Changes} from '../changes.ts'
import type {Instance} from '../instance/instance.ts'
import type {Release} from '../release/release.ts'
import type {RenderedFile} from '../target.ts'

export interface WriteRollbackScript {
  instance: Instance
  release: Release
  /** A target that can be changed without Node renders the script, last, and what lies beside it; others have none. */
  target: {rollbackScript?: (instance: Instance, release: Release) => RenderedFile[]}
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
  return script.path
}

function removeEarlier(folder: string, files: readonly RenderedFile[]): void {
  mkdirSync(folder, {recursive: true})
  for (const name of readdirSync(folder)) {
    const path = join(folder, name)
    if (!files.some(file => file.path.startsWith(`${path}/`))) rmSync(path, {recursive: true, force: true})
  }
}
