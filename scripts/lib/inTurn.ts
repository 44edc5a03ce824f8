// Lets costly work be done by a few at a time, whoever asks for it; the others wait for their turn.

export type InTurn = <Result>(work: () => Promise<Result>) => Promise<Result>

/** At most `atOnce` pieces of work at the same time, in the order in which they were asked for. */
export function inTurn(atOnce: number): InTurn {
  const waiting: (() => void)[] = []
  let running = 0
  return async work => {
    if (running >= atOnce) await new Promise<void>(resolve => waiting.push(resolve))
    else running += 1
    try {
      return await work()
    } finally {
      // The turn is handed on, so that nobody who comes in between can take it.
      const next = waiting.shift()
      if (next === undefined) running -= 1
      else next()
    }
  }
}
