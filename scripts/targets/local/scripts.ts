// The POSIX scripts of the local target, read from templates.
import {readFileSync} from 'node:fs'

/** Text of `templates/<name>`, with what several scripts hold put where they name it: each must do alone on a machine. */
export function script(name: string): string {
  return template(name).replace('# @started@\n', () => template('started.sh'))
}

function template(name: string): string {
  return readFileSync(new URL(`../../../templates/${name}`, import.meta.url), 'utf8')
}
