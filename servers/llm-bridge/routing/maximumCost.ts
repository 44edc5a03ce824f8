// The maximum that holds for a request: the lower of the caller's and the configuration's.

/** US dollars; undefined is no limit. */
export function maximumCost(configured: number | undefined, asked: number | undefined): number | undefined {
  if (configured === undefined) return asked
  return asked === undefined ? configured : Math.min(configured, asked)
}
