// Tells people how a program ended last: by its exit code, or in words where its supervisor ended it.

/** What a supervisor writes in place of an exit code when it ended a program that was over its memory limit. */
export const overMemory = 'memory'

/** `otherwise` is told of every other end. */
export function lastEnd(lastExit: string, otherwise = `last exit ${lastExit}`): string {
  return lastExit === overMemory ? 'the last over its memory limit' : otherwise
}
