// Lets a step be loaded before its turn: its runner starts the process early and tells it on standard input when to begin.

/** Set by a runner that tells; at a shell and in a workflow it is not, and a step begins at once. */
export const waitsVariable = 'SEAWORTHY_WAITS'

/**
 * True when the step is to begin; false when the runner went away, or needs it no more, and nothing is to be done. A step that
 * waits spends the time on `warmUp`: what it will do first and what changes nothing, whose code is then compiled. What comes
 * of it is thrown away, faults too, since only the step's turn counts.
 */
export async function toBegin(
  warmUp: () => unknown,
  variables: Record<string, string | undefined> = process.env,
  input: AsyncIterable<unknown> = process.stdin,
): Promise<boolean> {
  if (variables[waitsVariable] === undefined) return true
  // What this step starts in its turn waits for nobody.
  delete variables[waitsVariable]
  // A fault will be met again, and told, when the step begins.
  const warm = Promise.try(warmUp).catch(() => undefined)
  for await (const _ of input) {
    await warm
    return true
  }
  return false
}
