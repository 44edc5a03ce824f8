// Gives up waiting when a deadline passes, and calls it a deadline.
import {UserError} from '../errors/userError.ts'

// A longer timer would fire at once.
const longestTimerMs = 2 ** 31 - 1

/** Expected, since what is waited for is not ours: told without a stack. */
export class DeadlinePassed extends UserError {
  constructor(what: string, deadlineMs: number) {
    super(`the deadline of ${deadlineMs} ms passed: ${what}`)
    this.name = 'DeadlinePassed'
  }
}

/** The result of `work`, or a `DeadlinePassed` that says what was waited for. The work itself is not stopped. */
export async function withDeadline<Value>(
  work: () => Promise<Value>,
  deadlineMs: number,
  what: string,
): Promise<Value> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new DeadlinePassed(what, deadlineMs)), Math.min(deadlineMs, longestTimerMs))
  })
  try {
    return await Promise.race([work(), late])
  } finally {
    clearTimeout(timer)
  }
}
