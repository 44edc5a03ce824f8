// The POSIX scripts of the local target, read from templates.
import {readFileSync} from 'node:fs'
import {fileURLToPath} from 'node:url'

/** Text of `templates/<name>`, with what several scripts hold put where they name it: each must do alone on a machine. */
export function script(name: string): string {
  return template(name).replace('# @started@\n', () => template('started.sh'))
}

/** Where `templates/<name>` is in the checkout, for a script that runs here and is complete as it stands. */
export function templatePath(name: string): string {
  return fileURLToPath(new URL(`../../../templates/${name}`, import.meta.url))
}

function template(name: string): string {
  return readFileSync(templatePath(name), 'utf8')
}
