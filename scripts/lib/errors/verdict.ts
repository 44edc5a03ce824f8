// The five words a judgement can end in, and how many of them fold into one.

export const verdicts = ['pass', 'fail', 'inconclusive', 'error', 'skip'] as const

/** `inconclusive`: too little evidence. `error`: the checker failed. `skip`: not done, with a reason. */
export type Verdict = (typeof verdicts)[number]

// A failed check was seen to be bad; that outweighs a checker that could not tell, which outweighs thin evidence.
const severity: Record<Verdict, number> = {skip: 0, pass: 1, inconclusive: 2, error: 3, fail: 4}

/** The worst of many. Nothing at all, or only skips, is `inconclusive`: no evidence is never a pass. */
export function worst(list: readonly Verdict[]): Verdict {
  const judged = list.filter(verdict => verdict !== 'skip')
  return judged.reduce<Verdict>((a, b) => (severity[b] > severity[a] ? b : a), judged[0] ?? 'inconclusive')
}
