// The last lines of a program's log, for messages about one that does not do what it should.
import type {Instance} from './instance/instance.ts'
import type {Shell} from './shell.ts'
import type {Target} from './target.ts'

export interface LastLines {
  instance: Instance
  target: Target
  shell: Shell
}

const logLines = 15

/** Empty where there are none. `program` is a server, or `ingress`. */
export async function lastLines(program: string, {instance, target, shell}: LastLines): Promise<string> {
  try {
    return (await shell.run(target.logs(instance, program, logLines))).trimEnd()
  } catch {
    // A program that never ran has no log.
    return ''
  }
}

/** Ends a message about the program whose last lines these are. */
export function logEnd(lines: string): string {
  return lines === '' ? '; it wrote nothing to its log' : `; its log ends:\n${lines}`
}
