// Which press of Ctrl-C a signal belongs to: package managers between the terminal and us pass one press on more than once.

/** A second press cannot be meant before the first has shown anything. */
const apartMs = 300
/** The third ends a rollback half-way, so nobody should get there by hammering on the keys. */
const thirdAfterMs = 600

/** Gives a function that says which press a signal is, with its time in ms, or undefined for one that only repeats. */
export function countPresses(): (signal: NodeJS.Signals, atMs: number) => number | undefined {
  let presses = 0
  let countedAtMs = Number.NEGATIVE_INFINITY
  return (signal, atMs) => {
    const neededMs = presses < 2 ? apartMs : thirdAfterMs
    // A terminal that is closed while a run is being ended asks for nothing new.
    if (presses > 0 && (signal === 'SIGHUP' || atMs - countedAtMs < neededMs)) return undefined
    presses += 1
    countedAtMs = atMs
    return presses
  }
}
