// An example value as one short line.
import type {Json} from '../surface.ts'

const longest = 160

/** Values without a form are shown as `…`. */
export function exampleText(value: Json, isStandIn: (value: Json) => boolean): string {
  const text = JSON.stringify(value, (_key, member: Json) => (isStandIn(member) ? '…' : member))
  return text.length > longest ? `${text.slice(0, longest)}…` : text
}
