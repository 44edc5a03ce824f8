// Lays one plain value over another: maps are merged key by key, everything else is replaced.

/** A new value; neither argument is changed. A key that is `undefined` in `over` leaves `base` as it is. */
export function merge(base: unknown, over: unknown): unknown {
  if (over === undefined) return base
  if (!isMap(base) || !isMap(over)) return over
  const merged: Record<string, unknown> = {...base}
  for (const [key, value] of Object.entries(over)) merged[key] = merge(merged[key], value)
  return merged
}

function isMap(value: unknown): value is Record<string, unknown> {
  return value !== null && typeof value === 'object' && !Array.isArray(value)
}
