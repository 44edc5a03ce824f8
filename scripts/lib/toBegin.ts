// Lets a step be loaded before its turn: its runner starts the process early and tells it on standard input when to begin.

/** Set by a runner that tells; at a shell and in a workflow it is not, and a step begins at once. */
export const waitsVariable = 'SEAWORTHY_WAITS'

/** True when the step is to begin; false when the runner went away, or needs it no more, and nothing is to be done. */
export async function toBegin(
  variables: Record<string, string | undefined> = process.env,
  input: AsyncIterable<unknown> = process.stdin,
): Promise<boolean> {
  if (variables[waitsVariable] === undefined) return true
  // What this step starts in its turn waits for nobody.
  delete variables[waitsVariable]
  for await (const _ of input) return true
  return false
}
