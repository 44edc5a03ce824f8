// Tells a program that ends by itself over and over from one that is slow, so that nobody waits for it.
import type {Instance} from '../target/instance.ts'
import {lastEnd} from '../target/lastEnd.ts'
import type {Shell} from '../target/shell.ts'
import type {ProgramStatus, Target} from '../target/target.ts'

// One end can be a hiccup of the machine; a second one is how this program starts.
const endsThatShowALoop = 2

/** A sentence when it ended by itself more often than `before` by so much that it will not come up; else undefined. */
export function crashLoop(status: ProgramStatus | undefined, before: number): string | undefined {
  if (status === undefined || status.restarts - before < endsThatShowALoop) return undefined
  const last = lastEnd(status.lastExit ?? 'unknown')
  return `ends by itself: ${status.restarts} times so far, ${last}`
}

/** What the target sees of one program now; `program` is a server of the instance, or `ingress`. */
export async function statusOf(
  program: string,
  {instance, target, shell}: {instance: Instance; target: Target; shell: Shell},
): Promise<ProgramStatus | undefined> {
  const programs = target.inspect.read(await shell.run(target.inspect.command(instance)))
  return programs.find(({name}) => name === program)
}
