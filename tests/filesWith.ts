// Looks for a text that should be nowhere, such as a secret, in every file below a folder.
import {readdirSync, readFileSync, statSync} from 'node:fs'
import {join} from 'node:path'

/** Paths of the files that hold that text; programs as large as Node itself are left out. */
export function filesWith(folder: string, text: string): string[] {
  return readdirSync(folder, {recursive: true, withFileTypes: true}).flatMap(entry => {
    const path = join(entry.parentPath, entry.name)
    if (!entry.isFile() || statSync(path).size > 20_000_000) return []
    return readFileSync(path).includes(text) ? [path] : []
  })
}
