// Tells one state of this program from another: what was seen by other code, or with other libraries, is not what this would see.
import {createHash} from 'node:crypto'
import {readdirSync, readFileSync} from 'node:fs'
import {join, relative} from 'node:path'

const checkout = join(import.meta.dirname, '..', '..', '..')
/** All that decides what a phase sees: its code, the scripts of targets, and every version that is installed. */
const parts = ['scripts', 'templates', 'pnpm-lock.yaml']

/** SHA-256 of names and contents. `folder` is a checkout of this program. Throws when one of the parts is not there. */
export function programDigest(folder: string = checkout): string {
  const hash = createHash('sha256')
  for (const path of parts.flatMap(part => filesOf(join(folder, part))).sort())
    hash.update(`${relative(folder, path)}\n`).update(createHash('sha256').update(readFileSync(path)).digest())
  return hash.digest('hex')
}

function filesOf(path: string): string[] {
  if (path.endsWith('.yaml')) return [path]
  const found = readdirSync(path, {recursive: true, withFileTypes: true})
  return found.filter(entry => entry.isFile()).map(entry => join(entry.parentPath, entry.name))
}
