// Chooses at which effects of a step it is killed: all of them, or one of every kind.

const servers = new Set(['kept', 'beside', 'keeper', 'old', 'new'])

/** Kind of an effect: what is the same for all servers, releases and processes. */
function kindOf(effect: string): string {
  const plain = effect
    .replace(/[0-9a-f]{64}\.json/, 'RECORD.json')
    .replace(/lock\.json\.\S+/, 'lock.json.TEMPORARY')
    .replace(/(check|fact observed\.|fact tools\.|fact drained\.)\s?(\w+)\S*.*/, (_, what, name) =>
      what === 'check' ? `check ${name}` : what,
    )
  const words = plain.split(' ')
  return words.filter(word => !servers.has(word)).join(' ')
}

/** Numbers of effects from 1; `full` gives all. What is written often and matters most, the transition, is hit each time. */
export function points(effects: readonly string[], full: boolean): number[] {
  const seen = new Set<string>()
  return effects.flatMap((effect, index) => {
    const kind = kindOf(effect)
    const isNew = !seen.has(kind)
    seen.add(kind)
    return full || isNew ? [index + 1] : []
  })
}
