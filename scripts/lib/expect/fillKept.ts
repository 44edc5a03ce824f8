// Fills `{kept.NAME}` in the arguments of a declared call with what earlier calls kept.

/** A text that is nothing but one reference becomes the kept value itself, whatever its type. */
export function fillKept(value: unknown, kept: Readonly<Record<string, unknown>>): {value: unknown; missing: string[]} {
  if (typeof value === 'string') return fillText(value, kept)
  if (Array.isArray(value)) {
    const items = value.map(item => fillKept(item, kept))
    return {value: items.map(item => item.value), missing: items.flatMap(item => item.missing)}
  }
  if (value === null || typeof value !== 'object') return {value, missing: []}
  const items = Object.entries(value).map(([key, item]) => ({key, ...fillKept(item, kept)}))
  return {
    value: Object.fromEntries(items.map(item => [item.key, item.value])),
    missing: items.flatMap(item => item.missing),
  }
}

function fillText(text: string, kept: Readonly<Record<string, unknown>>): {value: unknown; missing: string[]} {
  const missing: string[] = []
  const whole = /^\{kept\.(\w+)\}$/.exec(text)?.[1]
  if (whole !== undefined && Object.hasOwn(kept, whole)) return {value: kept[whole], missing}
  const value = text.replace(/\{kept\.(\w+)\}/g, (reference, name: string) => {
    if (!Object.hasOwn(kept, name)) missing.push(name)
    return Object.hasOwn(kept, name) ? asText(kept[name]) : reference
  })
  return {value, missing}
}

function asText(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value)
}
