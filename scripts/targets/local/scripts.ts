// The POSIX scripts of the local target, read from templates.
import {readFileSync} from 'node:fs'

/** Text of `templates/<name>`. */
export function script(name: string): string {
  return readFileSync(new URL(`../../../templates/${name}`, import.meta.url), 'utf8')
}
