// What a folder looks like without reading its files: kind, size, time of change and inode of each, as one digest.
import {createHash} from 'node:crypto'
import {lstatSync, readdirSync} from 'node:fs'
import {join} from 'node:path'

/** A changed, replaced, added or missing file gives another stamp, unless somebody set its time back. `skip` are names at the top. */
export function treeStamp(root: string, skip: readonly string[] = []): string {
  const digest = createHash('sha256')
  const enter = (below: string) => {
    for (const name of readdirSync(join(root, below)).sort()) {
      if (below === '' && skip.includes(name)) continue
      const path = below === '' ? name : `${below}/${name}`
      const {mode, size, mtimeMs, ino} = lstatSync(join(root, path))
      const isFolder = (mode & 0o170000) === 0o040000
      // Of a folder only what is in it counts.
      digest.update(`${JSON.stringify(path)} ${mode} ${isFolder ? '' : `${size} ${mtimeMs} ${ino}`}\n`)
      if (isFolder) enter(path)
    }
  }
  enter('')
  return digest.digest('hex')
}
