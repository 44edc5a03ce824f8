// What a program's log says, for messages about one that does not do what it should: its first error, and its end.
import type {Instance} from './instance.ts'
import type {Shell} from './shell.ts'
import type {Target} from './target.ts'

export interface LastLines {
  instance: Instance
  target: Target
  shell: Shell
}

const endLines = 15
// What a bridge or a supervisor says of the end comes last; why it came to that stands further up.
const readLines = 400
const errorLines = 3

/** Both empty where there is no log. `program` is a server, or `ingress`. */
export async function lastLines(program: string, {instance, target, shell}: LastLines): Promise<LogExcerpt> {
  try {
    return excerptOf(await shell.run(target.logs(instance, program, readLines)))
  } catch {
    // A program that never ran has no log.
    return excerptOf('')
  }
}

export interface LogExcerpt {
  /** The first lines that speak of an error, where they stand before the end. */
  firstError: string
  end: string
}

const speaksOfError =
  /\b(?:[A-Z]\w*Error|error|exception|fatal|panic|traceback|cannot find|could not|no such file|not found|denied)\b/i

/** The parts of a log that a message about it shows. */
export function excerptOf(log: string): LogExcerpt {
  const lines = log.trimEnd().split('\n')
  const end = lines.slice(-endLines)
  const before = lines.slice(0, -endLines)
  const at = before.findIndex(line => speaksOfError.test(line))
  return {firstError: at === -1 ? '' : before.slice(at, at + errorLines).join('\n'), end: end.join('\n')}
}

/** Ends a message about the program whose log this is. */
export function logEnd({firstError, end}: LogExcerpt): string {
  if (end === '') return '; it wrote nothing to its log'
  return firstError === ''
    ? `; its log ends:\n${end}`
    : `; the first error in its log:\n${firstError}\nit ends:\n${end}`
}
