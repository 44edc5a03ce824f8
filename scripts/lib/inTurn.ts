// Lets costly work be done by a few at a time, whoever asks for it; the others wait for their turn.

/** After `giveBackAfterMs` the next begins as well: what takes so long waits for somebody else, and needs no core. */
export type InTurn = <Result>(work: () => Promise<Result>, giveBackAfterMs?: number) => Promise<Result>

/** At most `atOnce` pieces of work at the same time, in the order in which they were asked for. */
export function inTurn(atOnce: number): InTurn {
  const waiting: (() => void)[] = []
  let running = 0
  const handOn = () => {
    // The turn is handed on, so that nobody who comes in between can take it.
    const next = waiting.shift()
    if (next === undefined) running -= 1
    else next()
  }
  return async (work, giveBackAfterMs) => {
    if (running >= atOnce) await new Promise<void>(resolve => waiting.push(resolve))
    else running += 1
    let hasTurn = true
    const giveBack = () => {
      if (hasTurn) handOn()
      hasTurn = false
    }
    const timer = giveBackAfterMs === undefined ? undefined : setTimeout(giveBack, giveBackAfterMs)
    try {
      return await work()
    } finally {
      clearTimeout(timer)
      giveBack()
    }
  }
}
