// Ends a program that has said its last word and does not end by itself, since something of it is still open.

const graceMs = 3000

/** Keeps no process alive: it only ends one that would otherwise stay. */
export function endInTime(afterMs = graceMs): void {
  setTimeout(() => process.exit(), afterMs).unref()
}
