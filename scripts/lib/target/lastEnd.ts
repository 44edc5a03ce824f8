// How a program ended last, in plain English: from its exit code, or from what its supervisor wrote in place of one.
import {constants} from 'node:os'

/** What a supervisor writes in place of an exit code when it ended a program that was over its memory limit. */
export const overMemory = 'memory'

/** Such as `last exit 3`, `last killed (SIGKILL)` or `last exit 127 (program not found)`. */
export function lastEnd(lastExit: string): string {
  const known = words[lastExit]
  if (known !== undefined) return known
  const signal = signalOf(Number(lastExit))
  if (signal === undefined) return `last exit ${lastExit}`
  return signal === 'SIGKILL' ? `last killed (${signal})` : `last ended by ${signal}`
}

const words: Readonly<Record<string, string>> = {
  [overMemory]: 'the last over its memory limit',
  unseen: 'the last not observed',
  'gave-up': 'its supervisor gave up',
  '126': 'last exit 126 (program not executable)',
  '127': 'last exit 127 (program not found)',
}

// A shell writes 128 and the number of the signal.
function signalOf(code: number): string | undefined {
  return Object.entries(constants.signals).find(([, number]) => number === code - 128)?.[0]
}
