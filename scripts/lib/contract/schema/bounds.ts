// The limits that all parts of a case set together: of numbers, of lengths, of counts.
import {numberAt} from './ownMember.ts'
import type {SchemaCase} from './schemaCase.ts'

export interface Bounds {
  low: number
  high: number
  /** The limit itself is not allowed. */
  lowOpen: boolean
  highOpen: boolean
}

/** `whole` numbers have no open limits: above 0 is 1. */
export function numberBounds({parts}: SchemaCase, whole: boolean): Bounds {
  const bounds: Bounds = {low: -Infinity, high: Infinity, lowOpen: false, highOpen: false}
  for (const {keywords} of parts) {
    for (const [name, open] of [
      ['minimum', false],
      ['exclusiveMinimum', true],
    ] as const) {
      const limit = numberAt(keywords, name)
      if (limit === undefined || limit < bounds.low) continue
      bounds.lowOpen = limit > bounds.low ? open : bounds.lowOpen || open
      bounds.low = limit
    }
    for (const [name, open] of [
      ['maximum', false],
      ['exclusiveMaximum', true],
    ] as const) {
      const limit = numberAt(keywords, name)
      if (limit === undefined || limit > bounds.high) continue
      bounds.highOpen = limit < bounds.high ? open : bounds.highOpen || open
      bounds.high = limit
    }
  }
  if (!whole) return bounds
  const low = bounds.lowOpen && Number.isInteger(bounds.low) ? bounds.low + 1 : Math.ceil(bounds.low)
  const high = bounds.highOpen && Number.isInteger(bounds.high) ? bounds.high - 1 : Math.floor(bounds.high)
  return {low, high, lowOpen: false, highOpen: false}
}

/** Counts of characters, items, members: from `min<of>` to `max<of>`. */
export function countBounds({parts}: SchemaCase, of: 'Length' | 'Items' | 'Properties'): {low: number; high: number} {
  const low = Math.max(0, ...parts.map(({keywords}) => numberAt(keywords, `min${of}`) ?? 0))
  const high = Math.min(Infinity, ...parts.map(({keywords}) => numberAt(keywords, `max${of}`) ?? Infinity))
  return {low, high}
}

/** Whether `number` is a multiple of `unit`; undefined where only the rounding of computers would decide. */
export function isMultiple(number: number, unit: number): boolean | undefined {
  if (Number.isSafeInteger(number) && Number.isSafeInteger(unit)) return number % unit === 0
  const [one, other] = [fraction(number), fraction(unit)]
  if (one === undefined || other === undefined) return undefined
  const exact = (one.top * other.bottom) % (one.bottom * other.top) === 0n
  return exact === Number.isInteger(number / unit) ? exact : undefined
}

function fraction(number: number): {top: bigint; bottom: bigint} | undefined {
  const [, sign = '', whole = '', decimals = ''] = /^(-?)(\d+)(?:\.(\d+))?$/.exec(String(number)) ?? []
  return whole === '' ? undefined : {top: BigInt(`${sign}${whole}${decimals}`), bottom: 10n ** BigInt(decimals.length)}
}
