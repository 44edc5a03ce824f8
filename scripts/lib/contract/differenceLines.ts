// Differences of contracts in words: a line each for a terminal or as evidence, both sides clipped.
import type {ContractDifference} from './contractDifferences.ts'

/** Enough to see what it is; the whole text is in the contract itself. */
const sideAtMost = 200
const linesAtMost = 60

/** Such as `breaking /tools/add/inputSchema/required: The argument "b" is required. Clients do not send it. ["a"] → ["a","b"] (legacy, bare, anonymous)`. */
export function differenceLine({kind, pointer, what, before, after, reason, views}: ContractDifference): string {
  const where = pointer === '' ? 'the whole' : pointer
  return `${kind} ${where}: ${what} ${reason} ${sideText(before)} → ${sideText(after)} (${views.join('; ')})`
}

export function differenceText(differences: readonly ContractDifference[]): string {
  const lines = differences.slice(0, linesAtMost).map(differenceLine)
  const more = differences.length - lines.length
  return [...lines, ...(more > 0 ? [`and ${more} more`] : [])].join('\n')
}

export function sideText(side: unknown): string {
  if (side === undefined) return 'absent'
  const text = JSON.stringify(side) ?? 'absent'
  return text.length > sideAtMost ? `${text.slice(0, sideAtMost)}…` : text
}

/** Such as `2 breaking, 1 unknown, 3 compatible`. */
export function countText(differences: readonly Pick<ContractDifference, 'kind'>[]): string {
  const kinds = ['breaking', 'unknown', 'compatible'] as const
  const counts = kinds.map(kind => [kind, differences.filter(one => one.kind === kind).length] as const)
  return counts.flatMap(([kind, count]) => (count > 0 ? [`${count} ${kind}`] : [])).join(', ') || 'no difference'
}
