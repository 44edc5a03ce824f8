// Gives again what was given for the same inputs: a step reads the fleet file while it waits for its turn, and again in it.

/** A function that remembers its last result, which nobody may change. `inputsOf` lists all that the result depends on. */
export function remembered<Given extends readonly unknown[], Result>(
  inputsOf: (...given: Given) => readonly unknown[],
  work: (...given: Given) => Result,
): (...given: Given) => Result {
  let last: {inputs: readonly unknown[]; result: Result} | undefined
  return (...given) => {
    const inputs = inputsOf(...given)
    const isSame = last?.inputs.every((input, index) => Object.is(input, inputs[index])) === true
    if (last === undefined || !isSame) last = {inputs, result: work(...given)}
    return last.result
  }
}
