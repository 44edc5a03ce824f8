// Yes, no, and it cannot be told, and how several such answers become one.

/** Undefined where it cannot be told. */
export type Answer = boolean | undefined

/** No as soon as one is no. */
export function every(answers: Iterable<Answer>): Answer {
  let all: Answer = true
  for (const answer of answers) {
    if (answer === false) return false
    if (answer === undefined) all = undefined
  }
  return all
}

/** Yes as soon as one is yes. */
export function some(answers: Iterable<Answer>): Answer {
  let any: Answer = false
  for (const answer of answers) {
    if (answer === true) return true
    if (answer === undefined) any = undefined
  }
  return any
}

export function not(answer: Answer): Answer {
  return answer === undefined ? undefined : !answer
}

/** Between `low` and `high` of the answers are yes. */
export function countBetween(answers: readonly Answer[], low: number, high: number): Answer {
  const sure = answers.filter(answer => answer === true).length
  const possible = answers.filter(answer => answer !== false).length
  if (possible < low || sure > high) return false
  return sure >= low && possible <= high ? true : undefined
}
