// Finds the requests that arrived at servers more than once, in what the servers' own processes noted.

/** `text` has the number of one request a line. A last line that is only half written counts for nothing. */
export function arrivedTwice(text: string): string[] {
  const times = Map.groupBy(text.split('\n').slice(0, -1), id => id)
  return [...times].flatMap(([id, lines]) => (lines.length > 1 ? [id] : []))
}
