// Reads and changes a JSON value at a pointer (RFC 6901).

type Holder = {[key: string]: unknown}

/** `*` stands for every item. A copy with `change` applied to what is there; undefined takes it away. */
export function changedAt(value: unknown, pointer: string, change: (found: unknown) => unknown): unknown {
  const [, ...keys] = pointer.split('/').map(key => key.replaceAll('~1', '/').replaceAll('~0', '~'))
  const copy = structuredClone(value)
  if (keys.length === 0) return change(copy)
  walk(copy, keys, change)
  return copy
}

function walk(holder: unknown, [key = '', ...rest]: string[], change: (found: unknown) => unknown): void {
  if (typeof holder !== 'object' || holder === null) return
  for (const one of key === '*' ? Object.keys(holder) : [key]) {
    const place = holder as Holder
    if (rest.length > 0) {
      // What is set deep below something that is not there is meant to be there.
      if (place[one] === undefined && !Array.isArray(holder)) place[one] = {}
      walk(place[one], rest, change)
      continue
    }
    const found = change(place[one])
    if (found !== undefined) {
      if (Array.isArray(holder) && one === '-') holder.push(found)
      else place[one] = found
    } else if (Array.isArray(holder)) holder.splice(Number(one), 1)
    else delete place[one]
  }
}
