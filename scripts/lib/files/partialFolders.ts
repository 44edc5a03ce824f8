// Names the temporary folders of this process, and removes those of processes that were killed.
import {readdirSync} from 'node:fs'
import {join} from 'node:path'
import {processStart} from '../process/processIdentity.ts'
import {removeTree} from './removeTree.ts'

/** The beginning of the names of this process's temporary folders; the start time tells it from a later one of its pid. */
export function partialPrefix(): string {
  return `.partial-${owner(process.pid)}-`
}

/** A run that was killed cannot remove its folders, so the next one does, once no such process is there. */
export function removeAbandoned(parent: string): void {
  for (const name of readdirSync(parent)) {
    const pid = /^\.partial-(\d+)\./.exec(name)?.[1]
    if (pid === undefined || name.startsWith(`.partial-${owner(Number(pid))}-`)) continue
    removeTree(join(parent, name))
  }
}

function owner(pid: number): string {
  return `${pid}.${processStart(pid)?.replaceAll(/\W/g, '') ?? 'gone'}`
}
