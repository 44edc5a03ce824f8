// Lets many who ask for the same costly look share one, without giving anybody a look from before they asked.

/** A function that starts `work` when it is idle; whoever asks while it works gets the next one, together with the others. */
export function shared<Result>(work: () => Promise<Result>): () => Promise<Result> {
  let running: Promise<Result> | undefined
  let next: Promise<Result> | undefined
  const start = (): Promise<Result> => {
    const started = work().finally(() => {
      if (running === started) running = undefined
    })
    running = started
    return started
  }
  return () => {
    if (running === undefined) return start()
    const before = running
    const begin = () => {
      next = undefined
      return start()
    }
    next ??= before.then(begin, begin)
    return next
  }
}
